//! Deployments and their kin.

use super::checker::{Checker, is_object};
use super::pods::{self, Restart};
use super::{claims, metadata};
use crate::model::{Amount, may_be_filled_in};
use crate::yaml::scalar::Scalar;
use crate::yaml::{Entry, NodeRef};

/// The default of `progressDeadlineSeconds`.
const PROGRESS_DEADLINE: i64 = 600;

pub(super) fn pod(checker: &mut Checker<'_>) {
    pods::spec(checker, checker.root(), Restart::Any, &[]);
}

pub(super) fn deployment(checker: &mut Checker<'_>) {
    let Some(spec) = spec(checker) else { return };
    replicated(checker, spec);
    for key in spec.entries().map(Entry::name) {
        match key {
            "revisionHistoryLimit" => checker.at_least(spec, &[key], 0),
            "strategy" => check_strategy(checker, spec),
            _ => {}
        }
    }
    check_deadline(checker, spec);
    template(checker, spec, &[]);
}

/// Pods have to be available for longer than an update may take.
pub(super) fn check_deadline<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let ready = spec.int_at(&["minReadySeconds"]).unwrap_or(0);
    let written = spec.int_at(&["progressDeadlineSeconds"]);
    if ready < 0 || (written.is_none() && Checker::has(spec, &["progressDeadlineSeconds"])) {
        return;
    }
    let deadline = written.unwrap_or(PROGRESS_DEADLINE);
    if deadline < 0 {
        checker.at_least(spec, &["progressDeadlineSeconds"], 0);
    } else if deadline <= ready {
        let key = if written.is_some() { "progressDeadlineSeconds" } else { "minReadySeconds" };
        let message = format!("progressDeadlineSeconds {deadline} is not above minReadySeconds {ready}");
        checker.refuse(spec, &[key], message);
    }
}

fn check_strategy<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.one_of(spec, &["strategy", "type"], &["RollingUpdate", "Recreate"]);
    let update = ["strategy", "rollingUpdate"];
    let kind = Checker::text(spec, &["strategy", "type"]);
    if kind == Some("Recreate") && Checker::has(spec, &update) {
        checker.refuse(spec, &update, "strategy Recreate takes no rollingUpdate");
        return;
    }
    for key in ["maxUnavailable", "maxSurge"] {
        amount(checker, spec, &["strategy", "rollingUpdate", key], key == "maxUnavailable");
    }
    let is_zero = |key: &str| is_none(spec, &["strategy", "rollingUpdate", key]);
    if is_zero("maxUnavailable") && is_zero("maxSurge") {
        let message = "maxUnavailable and maxSurge are both 0: no update could begin";
        checker.refuse(spec, &["strategy", "rollingUpdate", "maxUnavailable"], message);
    }
}

pub(super) fn replica_set(checker: &mut Checker<'_>) {
    let Some(spec) = spec(checker) else { return };
    replicated(checker, spec);
    template(checker, spec, &[]);
}

pub(super) fn stateful_set(checker: &mut Checker<'_>) {
    let Some(spec) = spec(checker) else { return };
    replicated(checker, spec);
    for key in spec.entries().map(Entry::name) {
        match key {
            "podManagementPolicy" => checker.one_of(spec, &[key], &["OrderedReady", "Parallel"]),
            "updateStrategy" => update_of_stateful_set(checker, spec),
            "persistentVolumeClaimRetentionPolicy" => {
                for when in ["whenDeleted", "whenScaled"] {
                    checker.one_of(spec, &[key, when], &["Retain", "Delete"]);
                }
            }
            "ordinals" => checker.at_least(spec, &[key, "start"], 0),
            "serviceName" => checker.dns_label(spec, &[key]),
            _ => {}
        }
    }
    let templates = || spec.items_at(&["volumeClaimTemplates"]).filter(|it| is_object(*it));
    for claim in templates() {
        match claim.get("spec").filter(|it| it.is_map()) {
            Some(it) => claims::spec(checker, it, claims::Of::Template),
            None => drop(checker.required(claim, &["spec", "accessModes"])),
        }
    }
    let claims: Vec<&str> = templates().filter_map(|it| Checker::text(it, &["metadata", "name"])).collect();
    template(checker, spec, &claims);
}

fn update_of_stateful_set<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.one_of(spec, &["updateStrategy", "type"], &["RollingUpdate", "OnDelete"]);
    let update = ["updateStrategy", "rollingUpdate"];
    if Checker::text(spec, &["updateStrategy", "type"]) == Some("OnDelete") {
        if Checker::has(spec, &update) {
            checker.refuse(spec, &update, "updateStrategy OnDelete takes no rollingUpdate");
        }
        return;
    }
    checker.at_least(spec, &["updateStrategy", "rollingUpdate", "partition"], 0);
    // maxUnavailable is dropped in silence where its gate is closed, which is the default.
}

pub(super) fn daemon_set(checker: &mut Checker<'_>) {
    let Some(spec) = spec(checker) else { return };
    metadata::selector(checker, spec, &["selector"]);
    for key in spec.entries().map(Entry::name) {
        match key {
            "minReadySeconds" | "revisionHistoryLimit" => checker.at_least(spec, &[key], 0),
            "updateStrategy" => update_of_daemon_set(checker, spec),
            _ => {}
        }
    }
    template(checker, spec, &[]);
}

fn update_of_daemon_set<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.one_of(spec, &["updateStrategy", "type"], &["RollingUpdate", "OnDelete"]);
    if Checker::text(spec, &["updateStrategy", "type"]) == Some("OnDelete") {
        return;
    }
    let keys = |key: &'static str| ["updateStrategy", "rollingUpdate", key];
    for key in ["maxUnavailable", "maxSurge"] {
        amount(checker, spec, &keys(key), true);
    }
    if !Checker::has(spec, &["updateStrategy", "rollingUpdate"]) {
        return;
    }
    let is_open = |key: &str| {
        let written = spec.at(&["updateStrategy", "rollingUpdate", key]).filter(|it| !it.is_null());
        written.is_some_and(|it| Amount::read(it).is_none())
    };
    if is_open("maxUnavailable") || is_open("maxSurge") {
        return;
    }
    // The defaults are one pod that may be missing, and none more.
    let gives_up = !is_none(spec, &keys("maxUnavailable"));
    let surges = Checker::has(spec, &keys("maxSurge")) && !is_none(spec, &keys("maxSurge"));
    if gives_up && surges {
        let message = "a DaemonSet that surges needs maxUnavailable: 0 (the default is 1)";
        checker.refuse(spec, &keys("maxSurge"), message);
    } else if !gives_up && !surges {
        let message = "maxUnavailable and maxSurge are both 0: no update could begin";
        checker.refuse(spec, &keys("maxUnavailable"), message);
    }
}

/// The object's `spec`, which has to have containers somewhere below.
pub(super) fn spec<'o>(checker: &mut Checker<'o>) -> Option<NodeRef<'o>> {
    let root = checker.root();
    let spec = root.get("spec").filter(|it| it.is_map());
    if spec.is_none() {
        checker.required(root, &["spec", "template", "spec", "containers"]);
    }
    spec
}

pub(super) fn replicated<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.at_least(spec, &["replicas"], 0);
    checker.at_least(spec, &["minReadySeconds"], 0);
    if checker.object.kind() == "ReplicationController" {
        metadata::labels(checker, spec, &["selector"]);
    } else {
        metadata::selector(checker, spec, &["selector"]);
    }
}

pub(super) fn template<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, claims: &[&'o str]) {
    pods::template(checker, spec, Restart::Always, claims);
}

/// Whether an amount is written and is nothing.
pub(super) fn is_none(spec: NodeRef<'_>, keys: &[&str]) -> bool {
    matches!(spec.at(keys).and_then(Amount::read), Some(Amount::Count(0) | Amount::Percent(0)))
}

/// A number of pods or a share of them.
fn amount<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, keys: &[&str], is_bounded: bool) {
    let Some(node) = Checker::known(spec, keys) else { return };
    let text = node.text();
    match (Amount::read(node), node.scalar()) {
        (Some(Amount::Percent(share)), _) if is_bounded && share > 100 => {
            checker.refuse(spec, keys, format!("{text} is above 100%"));
        }
        (Some(Amount::Count(count)), _) if count < 0 => {
            checker.refuse(spec, keys, format!("{text} is below 0"));
        }
        (None, Some(Scalar::Str(_))) if !may_be_filled_in(text) => {
            let message = format!("\"{text}\" is neither a number nor a percentage");
            checker.refuse(spec, keys, message);
        }
        _ => {}
    }
}
