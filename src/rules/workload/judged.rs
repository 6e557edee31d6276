//! Which workloads the rules on rollouts, probes and containers judge, and how strictly.

use crate::index::{Role, Workload};
use crate::model::{Container, PodTemplate, WorkloadKind};
use crate::yaml::NodeRef;

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

/// Whether nothing keeps a second pod from running beside the first; `has_claim` is whether they would share storage that
/// only one may write.
pub(in crate::rules) fn may_run_twice(workload: &Workload<'_>, has_claim: bool) -> bool {
    let Some(spec) = workload.template.and_then(PodTemplate::spec) else { return false };
    let is_tied = has_claim
        || workload.is_recreated()
        || spec.at(&["nodeName"]).is_some()
        || spec.bool_at(&["hostNetwork"]) == Some(true)
        || has_host_port(workload);
    // Pods of a StatefulSet are told apart, and what they keep is their own. Two controllers that elect no leader undo
    // each other's work.
    !is_tied && workload.kind != WorkloadKind::StatefulSet && workload.role.is_app()
}

/// A volume that is gone with its pod, in which the pod keeps more than scratch, as far as its name and place tell: a
/// second pod has one of its own, and does not know what the first one keeps.
pub(in crate::rules) fn keeps_files<'a>(workload: &Workload<'a>) -> Option<&'a str> {
    let volumes = workload.template?.volumes();
    let is_lost = |it: &NodeRef<'_>| it.get("emptyDir").is_some_and(|it| it.str_at(&["medium"]) != Some("Memory"));
    let lost: Vec<&str> = volumes.filter(is_lost).filter_map(|it| it.str_at(&["name"])).collect();
    let is_scratch = |text: &str| SCRATCH.iter().any(|it| text.contains(it));
    let keeps = |name: &str, path: &str| {
        lost.contains(&name)
            && !is_scratch(name)
            && !is_scratch(path)
            && (name.ends_with("data") || path.ends_with("data") || path.starts_with("/var/lib/"))
    };
    let mut mounts = workload.containers().flat_map(Container::mounts);
    mounts.find(|(path, name)| keeps(name, path)).map(|it| it.1)
}

/// What files are called that nobody misses.
const SCRATCH: [&str; 7] = ["cache", "log", "nginx", "plugin", "run", "temp", "tmp"];
