//! What is read of a workload before anything is lost: how many pods, how they are rolled out, and what replaces them.

use crate::config::Durability;
use crate::drill::actual::Placed;
use crate::drill::budget::Budget;
use crate::drill::caps::{Bounds, Load};
use crate::drill::cluster::MANY;
use crate::drill::constraints::Asked;
use crate::drill::options::AtScale;
use crate::drill::roll::Way;
use crate::drill::verdict::Proof;
use crate::index::{Index, PodSpec, ScaledBy, Workload};
use crate::model::{Amount, RollingUpdate, Version, WorkloadKind, stateful_unavailable};
use crate::source::Span;
use crate::yaml::NodeRef;

/// Seconds until a lost node is marked, and its pods are no endpoints any more.
pub(super) const MARKED: i64 = 50;
/// Seconds after which pods leave a lost node unless they say otherwise.
const TOLERATED: i64 = 300;

/// What becomes of pods that were lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Replaced {
    /// Others come, so many seconds after the node is lost.
    After(i64),
    /// Others come when the node, or the pod, is deleted by somebody.
    NotBeforeDeletion,
    /// None come before the node is back.
    Never(&'static str),
}

/// What is known of a workload.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// Where its number of pods is written.
    pub(super) scale_span: Span,
    /// Its pods.
    pub(super) load: Load,
    /// Its least number of pods.
    pub(super) floor: i64,
    /// How it is rolled out, if it can be.
    pub(super) way: Option<Way>,
    /// Why the rollout is not known, where it is not.
    pub(super) open_way: Option<Proof>,
    /// What it asks of the scheduler.
    pub(super) asked: Asked,
    /// What stands between a drain and its pods.
    pub(super) budget: Budget,
    /// What becomes of lost pods.
    pub(super) replaced: Replaced,
    /// Why pods come back to their own node alone.
    pub(super) local: Option<Proof>,
    /// Why they may.
    pub(super) sticky: Option<Proof>,
    /// Why they come back in their own zone alone.
    pub(super) zonal: Option<Proof>,
    /// A volume that one node, or one pod, may mount.
    pub(super) volume: Option<Proof>,
    /// Pods that must answer.
    pub(super) need: i64,
    /// Where they are, if that is asked and known.
    pub(super) actual: Option<Placed>,
}

/// How many pods a workload has at a scale.
pub(super) fn pods_at(workload: &Workload<'_>, at: AtScale) -> Option<i64> {
    match at {
        AtScale::Least => workload.scale.floor,
        AtScale::Most => workload.scale.ceiling,
        AtScale::Written => {
            let written = workload.object.node().at(&["spec", "replicas"]);
            written.map_or(workload.scale.floor, NodeRef::as_int)
        }
    }
}

/// Whether an autoscaler moves a workload.
pub(super) fn is_scaled(workload: &Workload<'_>) -> bool {
    matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_)) && workload.scale.floor != workload.scale.ceiling
}

impl Facts {
    /// Reads a workload that runs so many pods.
    pub(super) fn read<'a>(index: &Index<'a>, workload: &Workload<'a>, pods: i64, asked: Asked, need: i64) -> Facts {
        let object = workload.object;
        let ceiling = workload.scale.ceiling.unwrap_or(MANY).max(pods);
        let (way, open_way) = way(index, workload, pods);
        let surge = self::way(index, workload, ceiling).0.map_or(0, Way::surge);
        let sets = index.pods_of(object);
        let mut asked = asked;
        let claim = index.single_writer_claim(workload).filter(|it| it.access().mode().is_some());
        let volume = claim.map(|claim| {
            let text = format!("volume {} is mounted on one node only, so that its pods answer from there", claim.name);
            Proof::at(text, claim.span())
        });
        asked.together = asked.together.or_else(|| volume.clone());
        let [local, sticky, zonal] = volumes(index, workload);
        let most = if open_way.is_some() { MANY } else { ceiling.saturating_add(surge) };
        Facts {
            scale_span: workload.scale_place().span,
            load: Load { pods, ceiling, most, moves: is_scaled(workload) },
            floor: workload.scale.floor.unwrap_or(pods),
            way,
            open_way,
            budget: Budget::read(index, sets, pods, object.name_span()),
            replaced: replaced(workload, &asked, local.is_some()),
            asked,
            local,
            sticky,
            zonal,
            volume,
            need,
            actual: None,
        }
    }
}

/// What pods ask of the scheduler, or that nothing is known of it.
pub(super) fn spec_of<'a>(index: &Index<'a>, workload: &Workload<'a>) -> Option<PodSpec<'a>> {
    index.pod_spec_of(workload.object)
}

/// How a workload of so many pods is rolled out.
fn way(index: &Index<'_>, workload: &Workload<'_>, pods: i64) -> (Option<Way>, Option<Proof>) {
    let object = workload.object;
    let open = |keys: &[&str]| {
        let text = "how it is rolled out is a template placeholder";
        (None, Some(Proof::at(text, object.place(keys).span)))
    };
    match workload.kind {
        _ if workload.is_recreated() => (Some(Way::Recreate), None),
        WorkloadKind::StatefulSet => {
            let amount = object.node().at(&["spec", "updateStrategy", "rollingUpdate", "maxUnavailable"]);
            let several = amount.map(|it| Amount::read(it).map(|it| stateful_unavailable(it, pods)));
            // Releases before 1.37 take one at a time whatever is written.
            let most = match several {
                Some(None) => return open(&["spec", "updateStrategy"]),
                Some(Some(several)) if !index.is_older_than(Version::new(1, 37, 0)) => several,
                _ => 1,
            };
            (Some(Way::InPlace { unavailable: Bounds { least: 1, most: most.max(1) } }), None)
        }
        WorkloadKind::Deployment | WorkloadKind::DeploymentConfig | WorkloadKind::Rollout => {
            if object.node().at(&["spec", "strategy", "blueGreen"]).is_some() {
                return (Some(Way::Rolling { surge: pods, unavailable: 0 }), None);
            }
            match RollingUpdate::of(object, workload.kind).and_then(|it| it.resolve(pods)) {
                Some(posts) => {
                    (Some(Way::Rolling { surge: posts.surge, unavailable: posts.unavailable.min(pods) }), None)
                }
                None => open(&["spec", "strategy"]),
            }
        }
        _ => (None, None),
    }
}

/// Why the pods of a workload come back to their own node alone, why they may, and why to their own zone alone.
fn volumes(index: &Index<'_>, workload: &Workload<'_>) -> [Option<Proof>; 3] {
    let mut found = [None, None, None];
    for claim in index.claims_of(workload) {
        let Some(class) = claim.class else { continue };
        let fact = index.storage_fact(class);
        let at = match fact.durability {
            Some(Durability::NodeLocal) => 0,
            None => 1,
            Some(Durability::Zonal | Durability::SingleCopy) => 2,
            Some(Durability::File | Durability::MultiZone) => continue,
        };
        let text = match at {
            0 => format!("{} stays on its node: {}", fact.title, fact.reason),
            1 => format!("whether {} follows a pod to another node is not known", fact.title),
            _ => format!("{} stays in its zone: {}", fact.title, fact.reason),
        };
        found[at].get_or_insert_with(|| Proof::at(text, claim.place.span));
    }
    found
}

fn replaced(workload: &Workload<'_>, asked: &Asked, is_local: bool) -> Replaced {
    if is_local {
        return Replaced::Never("its volume stays on the node");
    }
    match workload.kind {
        WorkloadKind::Pod => Replaced::Never("nothing replaces a pod without a controller"),
        WorkloadKind::StatefulSet => Replaced::NotBeforeDeletion,
        _ if asked.together.is_some() => Replaced::Never("its pods are bound to the node"),
        _ => {
            let spec = workload.template.and_then(crate::model::PodTemplate::spec);
            spec.map_or(Some(TOLERATED), tolerated)
                .map_or(Replaced::Never("its pods tolerate a lost node forever"), |it| Replaced::After(MARKED + it + 1))
        }
    }
}

/// How long pods stay on a lost node; `None` for ever.
fn tolerated(spec: NodeRef<'_>) -> Option<i64> {
    let fits = |it: &NodeRef<'_>| {
        let key = it.str_at(&["key"]);
        let is_key = key == Some("node.kubernetes.io/unreachable")
            || (key.is_none() && it.str_at(&["operator"]) == Some("Exists"));
        is_key && it.str_at(&["effect"]).is_none_or(|it| it == "NoExecute")
    };
    let mut found = spec.items_at(&["tolerations"]).filter(fits).peekable();
    if found.peek().is_none() {
        return Some(TOLERATED);
    }
    // The least of the times that are written; one without is for ever.
    found.filter_map(|it| it.int_at(&["tolerationSeconds"])).min().map(|it| it.clamp(0, i64::from(i32::MAX)))
}
