//! `pvc-retention-delete`

use crate::index::{Role, Workload};
use crate::model::{Object, WorkloadKind, products};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::yaml::NodeRef;

pub(crate) struct PvcRetentionDelete;

const POLICY: &str = "persistentVolumeClaimRetentionPolicy";

const HELP: &str = "leave it at Retain, and delete the claims by hand when their data is no longer wanted";

cases!(PvcRetentionDelete: OTHER = "other");

impl Rule for PvcRetentionDelete {
    const PAGE: &'static str = include_str!("../../../rules/storage/pvc-retention-delete.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for workload in index.workloads() {
                if workload.kind == WorkloadKind::StatefulSet && workload.role != Role::Ignored {
                    check_set(workload, cx);
                }
            }
            for kind in ["Prometheus", "Alertmanager", "ThanosRuler"] {
                for object in index.of_kind(products::PROMETHEUS, kind) {
                    // Without a template the operator gives the pods empty directories.
                    if object.node().at(&["spec", "storage", "volumeClaimTemplate"]).is_some() {
                        check_policy(object, true, cx);
                    }
                }
            }
        });
    }
}

fn check_set(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    if workload.object.node().at(&["spec", POLICY]).is_none() {
        return; // The default is to retain.
    }
    let claims = index.claims_of(workload);
    let keeps = |it: &crate::index::Claim<'_>| {
        let class = it.class.and_then(|it| index.storage_class(it));
        class.is_some_and(|it| it.node().str_at(&["reclaimPolicy"]) == Some("Retain"))
    };
    let has_templates = workload.object.node().items_at(&["spec", "volumeClaimTemplates"]).next().is_some();
    if !has_templates || claims.iter().all(keeps) {
        return; // No claims of its own, or volumes that outlive theirs.
    }
    let is_other = workload.role.is_platform();
    check_policy(workload.object, is_other, cx);
}

fn check_policy(object: &Object, is_other: bool, cx: &mut Context<'_>) {
    let policy = object.node().at(&["spec", POLICY]);
    let deletes = |key: &str| policy.and_then(|it| it.at(&[key])).map(NodeRef::text) == Some("Delete");
    let (scaled, deleted) = (deletes("whenScaled"), deletes("whenDeleted"));
    let when = match (scaled, deleted) {
        (true, true) => "when it is scaled down or deleted",
        (true, false) => "when it is scaled down",
        (false, true) => "when it is deleted",
        (false, false) => return,
    };
    let first = if scaled { "whenScaled" } else { "whenDeleted" };
    let message = format!("{} deletes the claims of its pods, and the data in them, {when}", object.title());
    let mut draft = cx.fail(object, object.place(&["spec", POLICY, first]), message).help(HELP);
    if scaled && deleted {
        draft = draft.label(object.place(&["spec", POLICY, "whenDeleted"]).span, "and here when it is deleted");
    }
    if is_other {
        draft.case(OTHER);
    }
}
