//! `pod-never-evicted`

use super::judged::{is_judged, is_other, is_store};
use crate::index::{Role, Workload};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::repairs::restarts;

/// An annotation of pods, its value, and what it keeps from happening.
struct Ban {
    key: &'static str,
    value: &'static str,
    what: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        key: "cluster-autoscaler.kubernetes.io/safe-to-evict",
        value: "false",
        what: "the cluster autoscaler removes no node on which one of them runs",
    },
    Ban {
        key: "karpenter.sh/do-not-disrupt",
        value: "true",
        what: "Karpenter neither consolidates nor, without a terminationGracePeriod, replaces a node on which one of \
               them runs",
    },
    Ban {
        key: "karpenter.sh/do-not-evict",
        value: "true",
        what: "Karpenter before 1.0 drains no node on which one of them runs",
    },
];

const HELP: &str = "nodes stay half empty, and old ones stay in use: remove the annotation, and let a \
                    PodDisruptionBudget with maxUnavailable: 1 say how many pods may go at a time";

cases!(PodNeverEvicted: OTHER = "other");

rule!(PodNeverEvicted, "workload/pod-never-evicted.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let Some(template) = workload.template.filter(|_| is_judged(workload)) else { return Verdict::NotApplicable };
    let annotations = template.node().at(&["metadata", "annotations"]);
    let is_set = |ban: &&Ban| annotations.and_then(|it| it.get(ban.key)).is_some_and(|it| it.text() == ban.value);
    let Some(ban) = BANS.iter().find(is_set) else { return Verdict::Pass };
    let message = format!("pods of {} are never evicted: {}", object.title(), ban.what);
    let has_many = workload.scale.floor.is_some_and(|it| it > 1);
    let is_mild = !has_many || is_store(workload) || is_other(workload) || workload.role == Role::Singleton;
    cx.fail(object, object.place_in(template.node(), &["metadata", "annotations", ban.key]), message)
        .help(HELP)
        .fix(
            Repair::new()
                .remove_in(object, template.node(), &["metadata", "annotations", ban.key])
                .effect(restarts(workload)),
        )
        .listed_with_similar(alike::workloads(object, "have pods that are never evicted", HELP))
        .maybe_case(is_mild.then_some(OTHER))
        .verdict()
}
