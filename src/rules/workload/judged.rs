//! Which workloads the rules on rollouts, probes and containers judge, and how strictly.

use crate::index::{Role, Workload};
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, Verdict};

/// Whether a workload keeps a number of pods running: no Jobs and DaemonSets, no tools, nothing that is switched off.
pub(super) fn is_judged(workload: &Workload<'_>) -> bool {
    workload.kind.is_replicated() && !matches!(workload.role, Role::Ignored | Role::Tool) && !workload.is_switched_off()
}

/// Whether nobody minds what a workload's pods ask for. Jobs and DaemonSets have no role, but pods like any other.
pub(super) fn is_waived(workload: &Workload<'_>) -> bool {
    workload.role == Role::Ignored && (workload.kind.is_replicated() || workload.kind == WorkloadKind::Pod)
}

/// Judges an object by its parts: it is right if there is something to judge and all of that is. What is open is said
/// of each.
pub(super) fn judge_parts<'a, T>(
    object: &Object,
    parts: impl IntoIterator<Item = T>,
    cx: &mut Context<'a>,
    mut judge: impl FnMut(T, &mut Context<'a>) -> Verdict,
) -> Verdict {
    let mut all = Verdict::NotApplicable;
    for part in parts {
        match judge(part, cx) {
            Verdict::NotApplicable => {}
            Verdict::Pass if all == Verdict::NotApplicable => all = Verdict::Pass,
            Verdict::Pass => {}
            wrong_or_open => {
                cx.judge(object, wrong_or_open);
                all = Verdict::Fail;
            }
        }
    }
    all
}

/// Whether only notes cover a workload, because of the part that it plays.
pub(super) fn is_other(workload: &Workload<'_>) -> bool {
    matches!(workload.role, Role::Platform | Role::Controller | Role::Datastore)
}

/// Whether it stores data, so that its probes follow other rules.
pub(super) fn is_store(workload: &Workload<'_>) -> bool {
    workload.role.is_store()
}
