//! What mends how pods are spread.

use crate::index::{Index, PodSpec, SpreadForm, SpreadTerm, Workload, ZONE};
use crate::model::{HOSTNAME, Object, Version, WorkloadKind};
use crate::rule::Repair;
use crate::rules::new_objects::copy_selector;
use crate::rules::repairs::{restarts, restarts_some};
use crate::yaml::{NodeRef, Value};

/// The first Kubernetes that reads `matchLabelKeys` without being told to.
pub(super) const KEYS_SINCE: Version = Version::new(1, 27, 0);

/// The label that tells the pods of two revisions of a Deployment apart.
pub(super) const REVISION: &str = "pod-template-hash";

/// The same, where a controller sets one.
fn revision(kind: WorkloadKind) -> Option<&'static str> {
    match kind {
        WorkloadKind::Deployment => Some(REVISION),
        WorkloadKind::Rollout => Some("rollouts-pod-template-hash"),
        _ => None,
    }
}

/// Has a soft constraint count the pods of each revision for themselves, where a controller tells them apart: those of the
/// old one that count, too, may leave all new ones on one node.
pub(super) fn by_revision(repair: Repair, object: &Object, kind: WorkloadKind, term: &SpreadTerm<'_>) -> Repair {
    let is_meant = term.form == SpreadForm::Soft && term.node.get("matchLabelKeys").is_none();
    match revision(kind).filter(|_| is_meant) {
        Some(label) => repair.push_in(object, term.node, &["matchLabelKeys"], Value::text(label)),
        None => repair,
    }
}

/// Soft constraints on nodes, unless there is one on nodes, and on zones, all of which tell revisions apart.
pub(super) fn spread(
    workload: &Workload<'_>,
    spec: &PodSpec<'_>,
    terms: &[SpreadTerm<'_>],
    index: &Index<'_>,
) -> Option<Repair> {
    let object = spec.object;
    if index.is_older_than(KEYS_SINCE) {
        return None;
    }
    let selector = copy_selector(object)?;
    let is_there = |key: &str| terms.iter().any(|it| it.form == SpreadForm::Soft && it.key == Some(key));
    let mut repair = Repair::new();
    for key in [HOSTNAME, ZONE].into_iter().filter(|it| !is_there(it)) {
        let mut constraint = vec![
            ("maxSkew", 1.into()),
            ("topologyKey", Value::text(key)),
            ("whenUnsatisfiable", Value::text("ScheduleAnyway")),
            ("labelSelector", selector.clone()),
        ];
        constraint.extend(revision(workload.kind).map(|it| ("matchLabelKeys", Value::list([Value::text(it)]))));
        repair = repair.push_in(object, spec.node, &["topologySpreadConstraints"], Value::map(constraint));
    }
    // The API server refuses the key where nothing is selected.
    let is_known =
        |it: &&SpreadTerm<'_>| matches!(it.key, Some(HOSTNAME | ZONE)) && it.node.get("labelSelector").is_some();
    let repair =
        terms.iter().filter(is_known).fold(repair, |repair, it| by_revision(repair, object, workload.kind, it));
    Some(repair.effect(restarts(workload)))
}

/// Leaves out nodes that are cordoned or tainted. Once they are back they are empty, and nothing moves pods to them.
pub(super) fn honor_taints(spec: &PodSpec<'_>, term: NodeRef<'_>) -> Repair {
    let repair = Repair::new().set_in(spec.object, term, &["nodeTaintsPolicy"], Value::text("Honor"));
    let restart = restarts_some(spec.object);
    repair.effect(format!("{restart}; after all nodes were drained once, half of the pods may share one"))
}
