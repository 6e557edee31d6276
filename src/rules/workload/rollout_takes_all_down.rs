//! `rollout-takes-all-down`

use super::judged::{has_host_port, is_judged, is_other};
use crate::index::{Access, Role, Workload};
use crate::model::{Amount, RollingUpdate, Version, WorkloadKind, stateful_unavailable};
use crate::rule::{CaseName, Context, Repair, Verdict, cases, rule};
use crate::rules::single_copy;
use crate::rules::words::{count, is_open};
use crate::yaml::{NodeRef, Value};

const HELP: &str = "leave maxUnavailable out (25%, rounded down), or set rollingUpdate.maxUnavailable: 0 and maxSurge: 1 so that a \
                    new pod is ready before an old one goes";

const STATEFUL_HELP: &str = "leave maxUnavailable out: then one pod goes at a time";

const NOT_READ_HELP: &str =
    "this Kubernetes ignores the field, so that one pod goes at a time; from 1.37 all do: leave maxUnavailable out";

/// The first Kubernetes that reads `maxUnavailable` of a StatefulSet without being told to.
const STATEFUL_SINCE: Version = Version::new(1, 37, 0);

const NUMBER: &str = "maxUnavailable";

cases!(RolloutTakesAllDown: OTHER_ROLE = "other-role", NOT_READ = "not-read", ON_DELETE = "on-delete", PARTITION = "partition");

rule!(RolloutTakesAllDown, "workload/rollout-takes-all-down.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    if !is_judged(workload) {
        return Verdict::NotApplicable;
    }
    if workload.kind == WorkloadKind::StatefulSet {
        return judge_stateful(workload, cx);
    }
    match RollingUpdate::of(workload.object, workload.kind) {
        Some(update) => judge_rolling(workload, update, cx),
        None => Verdict::NotApplicable,
    }
}

/// A written number, once it is known what it is.
enum Written {
    Amount(Amount),
    Open,
    /// Absent, or refused by the API server.
    No,
}

fn read(node: Option<NodeRef<'_>>) -> Written {
    match node {
        Some(it) if is_open(it.text()) => Written::Open,
        Some(it) => Amount::read(it).map_or(Written::No, Written::Amount),
        None => Written::No,
    }
}

fn is_everything(written: &Written) -> bool {
    matches!(written, Written::Amount(Amount::Percent(100..)))
}

fn judge_rolling(workload: &Workload<'_>, update: RollingUpdate<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let written = read(update.written(NUMBER));
    let Some(floor) = workload.scale.floor else {
        return match written {
            _ if is_everything(&written) => report(workload, &update.keys(NUMBER), None, None, cx),
            Written::No => Verdict::NotApplicable,
            _ => Verdict::open("the number of pods is a template placeholder"),
        };
    };
    if floor < 1 {
        return Verdict::NotApplicable;
    }
    let Some(posts) = update.resolve(floor) else {
        return Verdict::open("numbers of its rolling update are template placeholders");
    };
    if posts.unavailable < floor || (floor == 1 && must_stop_first(workload, cx)) {
        return Verdict::Pass;
    }
    let is_meant = is_everything(&written) || matches!(written, Written::Amount(Amount::Count(1..)));
    if floor > 1 || is_meant {
        return report(workload, &update.keys(NUMBER), Some(floor), None, cx);
    }
    let (by, carrier) = single_copy::reported_by(workload);
    let span = object.place(&update.keys("maxSurge")).span;
    cx.blocked(object, by, carrier, span, "a rollout stops the one pod before the next is ready, too")
}

/// Whether a second pod beside the one could not start, or must not.
fn must_stop_first(workload: &Workload<'_>, cx: &Context<'_>) -> bool {
    let claims = cx.index().shared_claims(workload);
    workload.role == Role::Singleton || has_host_port(workload) || claims.iter().any(|it| it.access() != Access::Many)
}

/// Says that a rollout takes all pods; `floor` is how many there are at least, if that is known.
fn report(
    workload: &Workload<'_>,
    keys: &[&str],
    floor: Option<i64>,
    case: Option<CaseName>,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = workload.object;
    let amount = object.node().at(keys).map(NodeRef::text).unwrap_or_default();
    let title = object.title();
    let message = match floor {
        Some(1) => {
            format!("maxUnavailable {amount} lets a rollout stop the one pod of {title} before the next is ready")
        }
        Some(floor) if workload.scale.ceiling == Some(floor) => {
            format!("maxUnavailable {amount} lets a rollout take all {floor} pods of {title} down at once")
        }
        Some(floor) => {
            format!(
                "maxUnavailable {amount} lets a rollout take all pods of {title} down at once while it runs {floor}"
            )
        }
        None => format!("maxUnavailable {amount} lets a rollout take all pods of {title} down at once"),
    };
    let help = match (workload.kind, case) {
        (_, Some(_)) => NOT_READ_HELP,
        (WorkloadKind::StatefulSet, None) => STATEFUL_HELP,
        _ => HELP,
    };
    let draft = cx
        .fail(object, object.place(keys), message)
        .help(help)
        .fix(a_quarter(workload, keys, floor))
        .maybe_case(case.or(is_other(workload).then_some(OTHER_ROLE)));
    let Some(floor) = floor else { return draft.verdict() };
    let least = format!("{} at least", count(floor, "pod"));
    draft.evidence("floor", floor).label(workload.scale_place().span, least).verdict()
}

/// A quarter of the pods at a time, as by default; of a StatefulSet one pod.
fn a_quarter(workload: &Workload<'_>, keys: &[&str], floor: Option<i64>) -> Option<Repair> {
    let written = workload.object.node().at(keys).filter(|_| floor != Some(1))?;
    Some(if workload.kind == WorkloadKind::StatefulSet {
        Repair::new().titled("replace one pod at a time").replace(workload.object, written, 1.into())
    } else {
        Repair::new().replace(workload.object, written, Value::text("25%"))
    })
}

fn judge_stateful(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let strategy = object.node().at(&["spec", "updateStrategy"]);
    if strategy.and_then(|it| it.str_at(&["type"])) == Some("OnDelete") {
        let message = format!("{} updates a pod only after somebody has deleted it", object.title());
        let help =
            "a new image or setting reaches no pod by itself: use RollingUpdate, unless an operator deletes the pods";
        let place = object.place(&["spec", "updateStrategy", "type"]);
        return cx.fail(object, place, message).help(help).case(ON_DELETE).verdict();
    }
    let rolling = strategy.and_then(|it| it.at(&["rollingUpdate"]));
    let partition = rolling.and_then(|it| it.int_at(&["partition"])).filter(|it| *it > 0);
    if let Some(partition) = partition {
        return report_partition(workload, partition, cx);
    }
    let keys = ["spec", "updateStrategy", "rollingUpdate", NUMBER];
    let written = read(object.node().at(&keys));
    let index = cx.index();
    let case = || index.is_older_than(STATEFUL_SINCE).then_some(NOT_READ);
    match (&written, workload.scale.floor) {
        (Written::No, _) => Verdict::Pass,
        (_, None) if is_everything(&written) => report(workload, &keys, None, case(), cx),
        (Written::Open, _) | (_, None) => {
            Verdict::open("maxUnavailable or the number of pods is a template placeholder")
        }
        // One pod has to go before its successor can come.
        (Written::Amount(amount), Some(floor)) if floor > 1 && stateful_unavailable(*amount, floor) >= floor => {
            report(workload, &keys, Some(floor), case(), cx)
        }
        _ => Verdict::Pass,
    }
}

/// A partition keeps pods at the old version.
fn report_partition(workload: &Workload<'_>, partition: i64, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let title = object.title();
    let message = match workload.scale.ceiling {
        Some(pods) if partition >= pods => {
            format!(
                "partition {partition} keeps each of the {} of {title} as it is: no update reaches one",
                count(pods, "pod")
            )
        }
        Some(pods) => {
            format!("partition {partition} keeps {partition} of {} of {title} as they are", count(pods, "pod"))
        }
        None => format!("partition {partition} keeps the first {} of {title} as they are", count(partition, "pod")),
    };
    cx.fail(object, object.place(&["spec", "updateStrategy", "rollingUpdate", "partition"]), message)
        .evidence("partition", partition)
        .label(workload.scale_place().span, "the number of pods")
        .help("a partition stages an update: set it to 0, or leave it out, once the update is to reach all pods")
        .case(PARTITION)
        .fix(
            Repair::new()
                .titled("set the partition to 0")
                .set(object, &["spec", "updateStrategy", "rollingUpdate", "partition"], 0)
                .effect(format!("updates {} of {title} that were left as they were", count(partition, "pod"))),
        )
        .verdict()
}
