//! Deployments and their kin, Jobs and CronJobs.

use crate::index::validation::pods::{self, Restart};
use crate::index::validation::{Checker, metadata};
use crate::model::cron::{self, Dialect};
use crate::model::{Amount, is_placeholder};
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
            "revisionHistoryLimit" | "progressDeadlineSeconds" => checker.at_least(spec, &[key], 0),
            "minReadySeconds" => check_deadline(checker, spec),
            "strategy" => check_strategy(checker, spec),
            _ => {}
        }
    }
    template(checker, spec, &[]);
}

/// Pods have to be available for longer than an update may take.
fn check_deadline<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let ready = spec.int_at(&["minReadySeconds"]).unwrap_or(0);
    let written = spec.int_at(&["progressDeadlineSeconds"]);
    if Checker::has(spec, &["progressDeadlineSeconds"]) && written.is_none() {
        return;
    }
    let deadline = written.unwrap_or(PROGRESS_DEADLINE);
    if deadline >= 0 && ready > 0 && deadline <= ready {
        let key = if written.is_some() { "progressDeadlineSeconds" } else { "minReadySeconds" };
        let message = format!("progressDeadlineSeconds {deadline} is not above minReadySeconds {ready}");
        checker.refuse(spec, &[key], message);
    }
}

fn check_strategy<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.one_of(spec, &["strategy", "type"], &["RollingUpdate", "Recreate"]);
    let kind = Checker::text(spec, &["strategy", "type"]);
    if kind == Some("Recreate") && Checker::has(spec, &["strategy", "rollingUpdate"]) {
        checker.refuse(spec, &["strategy", "rollingUpdate"], "strategy Recreate takes no rollingUpdate");
    }
    for key in ["maxUnavailable", "maxSurge"] {
        amount(checker, spec, &["strategy", "rollingUpdate", key], key == "maxUnavailable");
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
    checker.one_of(spec, &["podManagementPolicy"], &["OrderedReady", "Parallel"]);
    checker.one_of(spec, &["updateStrategy", "type"], &["RollingUpdate", "OnDelete"]);
    for key in ["whenDeleted", "whenScaled"] {
        checker.one_of(spec, &["persistentVolumeClaimRetentionPolicy", key], &["Retain", "Delete"]);
    }
    checker.at_least(spec, &["updateStrategy", "rollingUpdate", "partition"], 0);
    checker.at_least(spec, &["ordinals", "start"], 0);
    amount(checker, spec, &["updateStrategy", "rollingUpdate", "maxUnavailable"], true);
    let claims: Vec<&str> =
        spec.items_at(&["volumeClaimTemplates"]).filter_map(|it| Checker::text(it, &["metadata", "name"])).collect();
    template(checker, spec, &claims);
}

pub(super) fn daemon_set(checker: &mut Checker<'_>) {
    let Some(spec) = spec(checker) else { return };
    checker.at_least(spec, &["minReadySeconds"], 0);
    metadata::selector(checker, spec, &["selector"]);
    checker.one_of(spec, &["updateStrategy", "type"], &["RollingUpdate", "OnDelete"]);
    for key in ["maxUnavailable", "maxSurge"] {
        amount(checker, spec, &["updateStrategy", "rollingUpdate", key], true);
    }
    template(checker, spec, &[]);
}

pub(super) fn job(checker: &mut Checker<'_>) {
    if let Some(spec) = spec(checker) {
        job_spec(checker, spec);
    }
}

pub(super) fn cron_job(checker: &mut Checker<'_>) {
    let Some(spec) = spec(checker) else { return };
    if checker.required(spec, &["schedule"])
        && let Some(schedule) = Checker::text(spec, &["schedule"])
        && let Some(reason) = wrong_schedule(schedule)
    {
        let refusal = checker.refuse(spec, &["schedule"], format!("\"{schedule}\" {}", reason.0));
        refusal.help = Some(reason.1.to_owned());
    }
    if Checker::has(spec, &["timeZone"])
        && let Some(zone) = Checker::known(spec, &["timeZone"]).map(NodeRef::text)
        && !cron::is_time_zone(zone)
    {
        let message = format!("there is no time zone \"{zone}\"");
        checker.refuse(spec, &["timeZone"], message).help = Some("write it as in Europe/Berlin or Etc/UTC".to_owned());
    }
    checker.one_of(spec, &["concurrencyPolicy"], &["Allow", "Forbid", "Replace"]);
    for key in ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"] {
        checker.at_least(spec, &[key], 0);
    }
    if let Some(job) = spec.at(&["jobTemplate", "spec"]).filter(|it| it.is_map()) {
        job_spec(checker, job);
    }
}

/// What is wrong with the schedule of a CronJob, and what to do.
fn wrong_schedule(schedule: &str) -> Option<(String, &'static str)> {
    if schedule.contains("TZ=") {
        return Some(("holds a time zone".to_owned(), "write the zone into timeZone"));
    }
    if cron::rhythm(schedule, Dialect::Five).is_some() {
        return None;
    }
    let fields = schedule.split_whitespace().count();
    if !schedule.trim_start().starts_with('@') && fields != 5 {
        let noun = if fields == 1 { "field" } else { "fields" };
        return Some((format!("has {fields} {noun}, not 5"), "minute, hour, day of the month, month, day of the week"));
    }
    Some(("cannot be read".to_owned(), "minute, hour, day of the month, month, day of the week, each in its range"))
}

fn job_spec<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    for key in ["parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished", "activeDeadlineSeconds"] {
        checker.at_least(spec, &[key], 0);
    }
    checker.one_of(spec, &["completionMode"], &["NonIndexed", "Indexed"]);
    pods::template(checker, spec, &["template"], Restart::Ends, &[]);
}

/// The object's `spec`, if it is a map.
fn spec<'o>(checker: &mut Checker<'o>) -> Option<NodeRef<'o>> {
    checker.root().get("spec").filter(|it| it.is_map())
}

fn replicated<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    checker.at_least(spec, &["replicas"], 0);
    checker.at_least(spec, &["minReadySeconds"], 0);
    if checker.object.kind() == "ReplicationController" {
        metadata::labels(checker, spec, &["selector"]);
    } else {
        metadata::selector(checker, spec, &["selector"]);
    }
}

fn template<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, claims: &[&'o str]) {
    pods::template(checker, spec, &["template"], Restart::Always, claims);
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
        (None, Some(Scalar::Str(_))) if !is_placeholder(text) => {
            let message = format!("\"{text}\" is neither a number nor a percentage");
            checker.refuse(spec, keys, message);
        }
        _ => {}
    }
}
