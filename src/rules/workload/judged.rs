//! Which workloads the rules on rollouts, probes and containers judge, and how strictly.

use crate::index::{Role, Workload};
use crate::model::WorkloadKind;

/// Whether a workload keeps a number of pods running: no Jobs and DaemonSets, no tools, nothing that is switched off.
pub(super) fn is_judged(workload: &Workload<'_>) -> bool {
    workload.kind.is_replicated() && !matches!(workload.role, Role::Ignored | Role::Tool) && !workload.is_switched_off()
}

/// Whether nobody minds what a workload's pods ask for. Jobs and DaemonSets have no role, but pods like any other.
pub(super) fn is_waived(workload: &Workload<'_>) -> bool {
    workload.role == Role::Ignored && (workload.kind.is_replicated() || workload.kind == WorkloadKind::Pod)
}

/// Whether only notes cover a workload, because of the part that it plays.
pub(super) fn is_other(workload: &Workload<'_>) -> bool {
    matches!(workload.role, Role::Platform | Role::Controller | Role::Datastore)
}

/// Whether it stores data, so that its probes follow other rules.
pub(super) fn is_store(workload: &Workload<'_>) -> bool {
    workload.role.is_store()
}

/// Whether a pod takes a port of its node, so that two of them cannot share one.
pub(super) fn has_host_port(workload: &Workload<'_>) -> bool {
    workload.containers().any(|it| it.node().items_at(&["ports"]).any(|it| it.at(&["hostPort"]).is_some()))
}
