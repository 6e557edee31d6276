//! `pvc-retention-delete`

use crate::index::{Claim, Role, Workload};
use crate::model::{Object, WorkloadKind, products};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::words::is_open;
use crate::yaml::{NodeRef, Value};

const POLICY: &str = "persistentVolumeClaimRetentionPolicy";

const HELP: &str = "leave it at Retain, and delete the claims by hand when their data is no longer wanted";

cases!(PvcRetentionDelete: OTHER = "other");

rule!(PvcRetentionDelete, "storage/pvc-retention-delete.md", |walk| {
    walk.workloads(judge_set);
    let operated = ["Prometheus", "Alertmanager", "ThanosRuler"].map(|it| (products::PROMETHEUS, it));
    walk.of_kinds(&operated, judge_monitoring);
});

fn judge_set(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if workload.kind != WorkloadKind::StatefulSet || workload.role == Role::Ignored {
        return Verdict::NotApplicable;
    }
    let claims = index.claims_of(workload);
    let keeps = |it: &Claim<'_>| {
        let class = it.class.and_then(|it| index.storage_class(it));
        class.is_some_and(|it| it.node().str_at(&["reclaimPolicy"]) == Some("Retain"))
    };
    let has_templates = object.node().items_at(&["spec", "volumeClaimTemplates"]).next().is_some();
    if !has_templates {
        return Verdict::NotApplicable; // No claims of its own.
    }
    if claims.iter().all(keeps) {
        return Verdict::Pass; // Volumes that outlive their claims.
    }
    judge_policy(object, workload.role.is_platform(), cx)
}

fn judge_monitoring(object: &Object, cx: &mut Context<'_>) -> Verdict {
    // Without a template the operator gives the pods empty directories.
    if object.node().at(&["spec", "storage", "volumeClaimTemplate"]).is_none() {
        return Verdict::NotApplicable;
    }
    judge_policy(object, true, cx)
}

fn judge_policy(object: &Object, is_other: bool, cx: &mut Context<'_>) -> Verdict {
    let policy = object.node().at(&["spec", POLICY]);
    let of = |key: &str| policy.and_then(|it| it.at(&[key])).map(NodeRef::text);
    let deletes = |key: &str| of(key) == Some("Delete");
    let (scaled, deleted) = (deletes("whenScaled"), deletes("whenDeleted"));
    let when = match (scaled, deleted) {
        (true, true) => "when it is scaled down or deleted",
        (true, false) => "when it is scaled down",
        (false, true) => "when it is deleted",
        (false, false) if [of("whenScaled"), of("whenDeleted")].into_iter().flatten().any(is_open) => {
            return Verdict::open("what becomes of its claims is a template placeholder");
        }
        (false, false) => return Verdict::Pass, // The default is to retain.
    };
    let first = if scaled { "whenScaled" } else { "whenDeleted" };
    let message = format!("{} deletes the claims of its pods, and the data in them, {when}", object.title());
    let second = (scaled && deleted).then(|| object.place(&["spec", POLICY, "whenDeleted"]).span);
    cx.fail(object, object.place(&["spec", POLICY, first]), message)
        .maybe_case(is_other.then_some(OTHER))
        .labels(second.map(|it| (it, "and here when it is deleted")))
        .help(HELP)
        .fix(keep(object, [("whenScaled", scaled), ("whenDeleted", deleted)]))
        .verdict()
}

/// Claims that stay in either case.
fn keep(object: &Object, cases: [(&'static str, bool); 2]) -> Repair {
    let wrong = cases.into_iter().filter(|it| it.1);
    wrong.fold(Repair::new(), |repair, (key, _)| repair.set(object, &["spec", POLICY, key], Value::text("Retain")))
}
