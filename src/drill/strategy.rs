//! How workloads bring new pods in, as it is written.

use crate::drill::caps::Bounds;
use crate::drill::roll::Way;
use crate::drill::verdict::Proof;
use crate::index::{Index, Workload};
use crate::model::{Amount, Object, RollingUpdate, Version, WorkloadKind, stateful_unavailable};
use crate::yaml::NodeRef;

const PARTITION: &[&str] = &["spec", "updateStrategy", "rollingUpdate", "partition"];
const CANARY: &[&str] = &["spec", "strategy", "canary"];
const BLUE_GREEN: &[&str] = &["spec", "strategy", "blueGreen"];

/// How a workload of so many pods is rolled out, or why that is not known.
pub(super) fn way(index: &Index<'_>, workload: &Workload<'_>, pods: i64) -> (Option<Way>, Option<Proof>) {
    let object = workload.object;
    match workload.kind {
        _ if workload.is_recreated() => (Some(Way::Recreate), None),
        WorkloadKind::StatefulSet => in_place(index, object, pods),
        WorkloadKind::Rollout if object.node().at(BLUE_GREEN).is_some() => (Some(Way::Beside), None),
        WorkloadKind::Rollout if object.node().at(CANARY).is_some_and(|it| it.at(&["trafficRouting"]).is_some()) => {
            beside(object)
        }
        WorkloadKind::Deployment | WorkloadKind::DeploymentConfig | WorkloadKind::Rollout => {
            match RollingUpdate::of(object, workload.kind).and_then(|it| it.resolve(pods)) {
                Some(posts) => {
                    (Some(Way::Rolling { surge: posts.surge, unavailable: posts.unavailable.min(pods) }), None)
                }
                None => open(object, &["spec", "strategy"]),
            }
        }
        _ => (None, None),
    }
}

fn open(object: &Object, keys: &[&str]) -> (Option<Way>, Option<Proof>) {
    (None, Some(Proof::at("how it is rolled out is a template placeholder", object.place(keys).span)))
}

/// With routes of their own canaries come beside all stable pods, which stay until the end; where those go meanwhile, or
/// fewer canaries are enough, the manifests do not tell how many there are (argo-rollouts, `utils/replicaset/canary.go`).
fn beside(object: &Object) -> (Option<Way>, Option<Proof>) {
    let canary = object.node().at(CANARY);
    let moves = ["dynamicStableScale", "replicaProgressThreshold"];
    match moves.into_iter().find(|key| canary.is_some_and(|it| it.at(&[key]).is_some())) {
        None => (Some(Way::Beside), None),
        Some(key) => {
            let span = object.place(&[CANARY, &[key]].concat()).span;
            (None, Some(Proof::at("how many pods of both revisions run meanwhile is not known", span)))
        }
    }
}

fn in_place(index: &Index<'_>, object: &Object, pods: i64) -> (Option<Way>, Option<Proof>) {
    let node = object.node();
    let first = node.int_at(&["spec", "ordinals", "start"]).unwrap_or(0);
    match node.at(PARTITION).map(NodeRef::as_int) {
        Some(None) => return open(object, PARTITION),
        Some(Some(partition)) if partition >= first.saturating_add(pods) => {
            return (Some(Way::InPlace { unavailable: Bounds::exactly(0) }), None);
        }
        _ => {}
    }
    let amount = node.at(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]);
    let several = amount.map(|it| Amount::read(it).map(|it| stateful_unavailable(it, pods)));
    // Releases before 1.37 take one at a time whatever is written.
    let most = match several {
        Some(None) => return open(object, &["spec", "updateStrategy"]),
        Some(Some(several)) if !index.is_older_than(Version::new(1, 37, 0)) => several,
        _ => 1,
    };
    (Some(Way::InPlace { unavailable: Bounds { least: 1, most: most.max(1) } }), None)
}

/// What a rollout waits for until somebody acts, or what it leaves as it is: pods of two revisions run until then.
pub(super) fn halt(object: &Object, kind: WorkloadKind) -> Option<Proof> {
    let node = object.node();
    let at = |text: &str, keys: &[&str]| Some(Proof::at(text, object.place(keys).span));
    match kind {
        WorkloadKind::StatefulSet if node.str_at(&["spec", "updateStrategy", "type"]) == Some("OnDelete") => {
            at("OnDelete: each pod stays as it is until somebody deletes it", &["spec", "updateStrategy", "type"])
        }
        WorkloadKind::StatefulSet => {
            let partition = node.int_at(PARTITION).filter(|it| *it > 0)?;
            at(&format!("partition {partition}: pods with a lower number stay as they are"), PARTITION)
        }
        WorkloadKind::Rollout => {
            let promotion = [BLUE_GREEN, &["autoPromotionEnabled"]].concat();
            if node.bool_at(&promotion) == Some(false) {
                return at("both revisions run until somebody promotes the new one", &promotion);
            }
            let steps = [CANARY, &["steps"]].concat();
            let mut pauses = node.items_at(&steps).filter(|it| it.at(&["pause"]).is_some());
            let pause = pauses.find(|it| it.at(&["pause", "duration"]).is_none())?;
            let text = "a pause without a duration: both revisions run until somebody promotes the new one";
            Some(Proof::at(text, object.place_in(pause, &["pause"]).span))
        }
        _ => None,
    }
}
