//! What is read of a workload before anything is lost: how many pods, how they are rolled out, and what replaces them.

use crate::drill::actual::Placed;
use crate::drill::budget::Budget;
use crate::drill::caps::Load;
use crate::drill::constraints::Asked;
use crate::drill::ground::MANY;
use crate::drill::quotas::Quotas;
use crate::drill::roll::Way;
use crate::drill::room::Room;
use crate::drill::scale::is_scaled;
use crate::drill::strategy::{halt, way};
use crate::drill::verdict::Proof;
use crate::drill::volumes::Volumes;
use crate::index::{Index, Workload};
use crate::model::{PodTemplate, WorkloadKind};
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
    Never,
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
    /// What volumes say of where they come back.
    pub(super) volumes: Volumes,
    /// A volume that one node, or one pod, may mount.
    pub(super) volume: Option<Proof>,
    /// Whether a controller makes others in their place.
    pub(super) is_controlled: bool,
    /// Whether they must be on one node by what they ask of the scheduler.
    pub(super) is_pinned: bool,
    /// What a rollout waits for until somebody acts, or leaves as it is: pods of two revisions run until then.
    pub(super) halt: Option<Proof>,
    /// Pods that must answer.
    pub(super) need: i64,
    /// Pods that quotas let be.
    pub(super) most_allowed: i64,
    /// Why a quota may refuse surplus pods.
    pub(super) crowded: Option<Proof>,
    /// The number of nodes below which there is less than all workloads request.
    pub(super) tight_below: Option<i64>,
    /// Where they are, if that is asked and known.
    pub(super) actual: Option<Placed>,
}

impl Facts {
    /// Reads a workload that runs so many pods.
    pub(super) fn read<'a>(index: &Index<'a>, workload: &Workload<'a>, pods: i64, asked: Asked, need: i64) -> Facts {
        let object = workload.object;
        let ceiling = workload.scale.ceiling.unwrap_or(MANY).max(pods);
        let surge = way(index, workload, ceiling).0.map_or(0, |it| it.surge(ceiling));
        let (way, open_way) = way(index, workload, pods);
        let is_pinned = asked.together.is_some();
        let volumes = Volumes::read(index, index.claims_of(workload));
        let claim = index.single_writer_claim(workload).filter(|it| it.access().mode().is_some());
        let volume = claim.map(|claim| {
            let text = format!("volume {} is mounted on one node only, so that its pods answer from there", claim.name);
            Proof::at(text, claim.span())
        });
        let most = if open_way.is_some() { MANY } else { ceiling.saturating_add(surge) };
        Facts {
            scale_span: workload.scale_place().span,
            load: Load { pods, ceiling, most, moves: is_scaled(workload) },
            floor: workload.scale.floor.unwrap_or(pods),
            way,
            open_way,
            budget: Budget::read(index, index.pods_of(object), pods, object.name_span()),
            replaced: replaced(workload, is_pinned, volume.is_some(), volumes.local.is_some()),
            asked: Asked { together: asked.together.or_else(|| volume.clone()), ..asked },
            volumes,
            volume,
            is_controlled: workload.kind != WorkloadKind::Pod,
            is_pinned,
            halt: halt(object, workload.kind),
            need,
            most_allowed: MANY,
            crowded: None,
            tight_below: None,
            actual: None,
        }
    }
}

impl Facts {
    /// Adds what requests leave room for, on so many nodes at least.
    pub(super) fn fit(&mut self, room: &Room, workload: &Workload<'_>, nodes: i64) {
        let Some(template) = workload.template else { return };
        let nodes = self.asked.ground.map_or(nodes, |it| it.nodes);
        self.asked.hard.extend(room.constraint(template, self.load.most));
        self.tight_below = room.least_nodes(workload);
        if let Some(shortage) = room.shortage(nodes, workload) {
            self.asked.doubt.get_or_insert(shortage);
        }
    }
}

impl Facts {
    /// Adds what quotas let be.
    pub(super) fn allowed(&mut self, quotas: &Quotas, workload: &Workload<'_>) {
        let surge = self.way.map_or(0, |it| it.surge(self.load.pods));
        let Some(left) = quotas.left(workload, surge) else { return };
        self.most_allowed = left.most.max(0);
        self.crowded = left.crowded;
        if let Some(short) = left.short {
            self.asked.doubt.get_or_insert(short);
        }
    }
}

fn replaced(workload: &Workload<'_>, is_pinned: bool, is_held: bool, is_local: bool) -> Replaced {
    match workload.kind {
        WorkloadKind::Pod => Replaced::Never,
        _ if is_local || is_pinned => Replaced::Never,
        // A pod that is about to be deleted still holds its volume.
        WorkloadKind::StatefulSet => Replaced::NotBeforeDeletion,
        _ if is_held => Replaced::NotBeforeDeletion,
        _ => replaced_after(workload.template.and_then(PodTemplate::spec)),
    }
}

/// When pods with this spec are replaced, where something replaces them: some tolerate a lost node forever.
pub(super) fn replaced_after(spec: Option<NodeRef<'_>>) -> Replaced {
    spec.map_or(Some(TOLERATED), tolerated).map_or(Replaced::Never, |it| Replaced::After(MARKED + it + 1))
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
