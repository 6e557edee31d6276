//! Workloads with their scale and role, and their pods.

pub(in crate::index) mod rights;
pub(in crate::index) mod targets;

use crate::index::lookup::hashing::Map;
use crate::index::lookup::near_names::NearNames;
use crate::index::workloads::rights::Rights;
use crate::index::{Autoscalers, Objects, Scale, ScaledBy, floor_place};
use crate::model::{
    Container, Labels, Object, ObjectId, Place, PodTemplate, WorkloadKind, is_placeholder, never_served,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// The position of a [`Unclassified`] workload in its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkloadId(pub u32);

/// An object that makes pods, before its role is known: that is found when Services and storage are read.
#[derive(Clone, Debug)]
pub struct Unclassified<'a> {
    /// The object.
    pub object: &'a Object,
    /// What makes the pods.
    pub kind: WorkloadKind,
    /// The template, if one is written.
    pub template: Option<PodTemplate<'a>>,
    /// The pods' labels.
    pub labels: Labels<'a>,
    /// How many pods.
    pub scale: Scale<'a>,
}

impl<'a> Unclassified<'a> {
    /// The containers, without init containers.
    pub fn containers(&self) -> impl Iterator<Item = Container<'a>> + use<'a> {
        self.template.into_iter().flat_map(PodTemplate::containers)
    }

    /// Whether an update stops all pods before it starts new ones.
    pub fn is_recreated(&self) -> bool {
        self.object.node().str_at(&["spec", "strategy", "type"]) == Some("Recreate")
    }

    /// Whether the manifests do not tell the labels of its pods: a later step fills them in, or the template
    /// stands elsewhere.
    pub fn has_open_labels(&self) -> bool {
        self.template.is_none() || self.labels.iter().any(|(key, value)| is_placeholder(key) || is_placeholder(value))
    }

    /// Where its scale is written: in the autoscaler if there is one, else at `spec.replicas`, or where
    /// that would stand.
    pub fn scale_place(&self) -> Place {
        match self.scale.by {
            ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler) => floor_place(scaler).0,
            _ => self.object.place(&["spec", "replicas"]),
        }
    }
}

impl<'a> Objects<'a> {
    /// The Deployment whose template an Argo Rollout runs in its place.
    fn workload_ref(&self, object: &Object, kind: WorkloadKind) -> Option<&'a Object> {
        let reference = object.node().at(&["spec", "workloadRef"]).filter(|_| kind == WorkloadKind::Rollout)?;
        let is_deployment = reference.str_at(&["kind"]) == Some("Deployment");
        self.find(object, "apps", "Deployment", reference.get("name").filter(|_| is_deployment)?.text())
    }
}

/// The fourth stage: what makes pods, and how many.
pub struct Workloads<'a> {
    autoscalers: Autoscalers<'a>,
    all: Vec<Arc<Unclassified<'a>>>,
    workload_of: Map<ObjectId, WorkloadId>,
    rights: Rights<'a>,
    pub(super) near_names: OnceLock<NearNames>,
    pub(super) slips: OnceLock<HashMap<ObjectId, ObjectId>>,
    /// Hashes of the labels of pods that an object owns, as dumps of a cluster show them.
    pub(super) owned_labels: OnceLock<HashSet<u64>>,
    pub(super) operators_namespaces: OnceLock<BTreeSet<String>>,
}

crate::index::stands_on!(Workloads, autoscalers: Autoscalers);

impl<'a> Workloads<'a> {
    /// Finds the workloads and their scales.
    pub(super) fn new(autoscalers: Autoscalers<'a>) -> Workloads<'a> {
        let mut workloads: Vec<_> =
            autoscalers.objects().filter_map(|it| read(&autoscalers, it)).map(Arc::new).collect();
        workloads.shrink_to_fit();
        let ids = workloads.iter().zip(0..).map(|(it, at)| (it.object.id(), WorkloadId(at)));
        Workloads {
            workload_of: ids.collect(),
            all: workloads,
            rights: Rights::new(&autoscalers),
            near_names: OnceLock::new(),
            slips: OnceLock::new(),
            owned_labels: OnceLock::new(),
            operators_namespaces: OnceLock::new(),
            autoscalers,
        }
    }

    /// All workloads, in order.
    pub fn workloads(&self) -> &[Arc<Unclassified<'a>>] {
        &self.all
    }

    /// The workload that an object is.
    pub fn workload_of(&self, object: &Object) -> Option<&Unclassified<'a>> {
        self.workload_id(object).map(|it| &*self.all[it.0 as usize])
    }

    /// Why a workload's ServiceAccount makes it a controller.
    pub(super) fn controller_rights(&self, workload: &Unclassified<'_>) -> Option<String> {
        let spec = workload.template?.spec()?;
        let account = spec.str_at(&["serviceAccountName"]).or_else(|| spec.str_at(&["serviceAccount"]))?;
        self.rights.reason(account, workload.object.namespace()).map(str::to_owned)
    }

    /// The position of the workload that an object is.
    pub(super) fn workload_id(&self, object: &Object) -> Option<WorkloadId> {
        self.workload_of.get(&object.id()).copied()
    }
}

/// The workload that an object is, if it makes pods and nobody else makes it.
fn read<'a>(index: &Autoscalers<'a>, object: &'a Object) -> Option<Unclassified<'a>> {
    let kind = WorkloadKind::of(object)?;
    // An owner that is written without the cluster says that somebody else makes it.
    let is_owned = || object.node().items_at(&["metadata", "ownerReferences"]).next().is_some();
    let is_refused = || never_served(object.group(), object.version(), object.kind()).is_some();
    if object.is_made() || (!object.is_live() && is_owned()) || is_refused() {
        return None;
    }
    let template = match index.workload_ref(object, kind) {
        Some(deployment) => PodTemplate::of(deployment, WorkloadKind::Deployment),
        None => PodTemplate::of(object, kind),
    };
    let labels = template.map(PodTemplate::labels).unwrap_or_default();
    let scale = match kind {
        WorkloadKind::DaemonSet => Scale::fixed(None, ScaledBy::Kind),
        WorkloadKind::Job | WorkloadKind::CronJob => Scale::fixed(Some(0), ScaledBy::Kind),
        WorkloadKind::Pod => Scale::fixed(Some(1), ScaledBy::Kind),
        // Argo Rollouts runs the pods in its place.
        WorkloadKind::Deployment if index.is_template_of_a_rollout(object) => Scale::fixed(Some(0), ScaledBy::Kind),
        _ => index.scale_of(object),
    };
    Some(Unclassified { object, kind, template, labels, scale })
}
