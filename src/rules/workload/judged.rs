//! Which workloads the rules on rollouts, probes and containers judge, and how strictly.

use crate::index::{Role, Workload};
use crate::rule::Context;

/// Workloads that keep a number of pods running: no Jobs and DaemonSets, no tools, nothing that is switched off.
pub(super) fn judged<'a>(cx: &Context<'a>) -> impl Iterator<Item = &'a Workload<'a>> + use<'a> {
    cx.workloads()
        .iter()
        .filter(|it| it.kind.is_replicated() && !matches!(it.role, Role::Ignored | Role::Tool) && !it.is_switched_off())
}

/// Whether only notes cover a workload, because of the part that it plays.
pub(super) fn is_other(workload: &Workload<'_>) -> bool {
    matches!(workload.role, Role::Platform | Role::Controller | Role::Datastore)
}

/// Whether it stores data, so that its probes follow other rules.
pub(super) fn is_store(workload: &Workload<'_>) -> bool {
    workload.role.is_store()
}
