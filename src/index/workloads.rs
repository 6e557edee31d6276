//! Workloads with their scale and role, and their pods.

use super::groups::Groups;
use super::pods::PodIndex;
use super::{Control, Index, PodSet, PodSetId, Role, Scale, ScaledBy, address, operators, roles, scale};
use crate::finding::{Classified, ScaleSource};
use crate::model::{Container, Labels, Object, Place, PodTemplate, WorkloadKind, is_placeholder, never_served};
use crate::yaml::NodeRef;
use std::collections::HashSet;
use std::sync::Arc;

/// The position of a [`Workload`] in its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkloadId(pub u32);

/// An object that makes pods, with what is known of it.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
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
    /// The part that it plays.
    pub role: Role,
    /// Why we think so.
    pub role_reason: Arc<str>,
}

impl<'a> Workload<'a> {
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
            ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler) => scale::floor_place(scaler).0,
            _ => self.object.place(&["spec", "replicas"]),
        }
    }
}

impl<'a> Index<'a> {
    /// All workloads, in order.
    pub fn workloads(&self) -> &[Workload<'a>] {
        &self.workloads
    }

    /// The workload that an object is.
    pub fn workload_of(&self, object: &Object) -> Option<&Workload<'a>> {
        self.workload_of.get(&address(object)).map(|it| &self.workloads[it.0 as usize])
    }

    /// The pod sets that an object makes.
    pub fn pods_of(&self, object: &Object) -> &[PodSetId] {
        self.pods_of.get(address(object))
    }

    /// The table of components as they were recognised.
    pub fn classification(&self) -> Vec<Classified> {
        let workloads = self.workloads.iter().map(|it| Classified {
            object: it.object.identity().clone(),
            role: it.role.name(),
            reason: Arc::clone(&it.role_reason),
            floor: it.scale.floor,
            ceiling: it.scale.ceiling,
            scaled_by: it.scale.by.source(),
        });
        let kafka = self.kafka_clusters.iter().map(|it| Classified {
            object: it.object.identity().clone(),
            role: Role::Kafka.name(),
            reason: format!("custom resource, {} mode", it.mode.name()).into(),
            floor: it.brokers(),
            ceiling: it.brokers(),
            scaled_by: ScaleSource::Word(if it.uses_pools { "node pools" } else { "replicas" }),
        });
        let managed = self.postgres_clusters.iter().filter(|it| it.flavor != super::postgres::Flavor::SelfManaged);
        let postgres = managed.map(|it| Classified {
            object: it.object.identity().clone(),
            role: Role::Postgres.name(),
            reason: "custom resource".into(),
            floor: it.instances,
            ceiling: it.instances,
            scaled_by: ScaleSource::Word("instances"),
        });
        let mut all: Vec<Classified> = workloads.chain(kafka).chain(postgres).collect();
        // Identities differ, so that nothing is lost by a sort that needs no room.
        all.sort_unstable_by(|one, other| one.object.key().cmp(&other.object.key()));
        all
    }

    /// The scale of a custom resource whose number of pods stands in one field.
    pub(super) fn scale_of_field(&self, object: &'a Object, keys: &[&str], default: i64) -> Scale<'a> {
        let node = object.node().at(keys);
        let written = node.map_or(Some(default), NodeRef::as_int);
        if self.scalers_of(object).is_empty() {
            return Scale::fixed(written, if node.is_some() { ScaledBy::Replicas } else { ScaledBy::Default });
        }
        self.scale_of(object)
    }

    pub(super) fn index_workloads(&mut self) {
        let mut workloads = Vec::new();
        for object in self.objects() {
            let Some(kind) = WorkloadKind::of(object) else { continue };
            // An owner that is written without the cluster says that somebody else makes it.
            let is_owned = || object.node().items_at(&["metadata", "ownerReferences"]).next().is_some();
            let is_refused = || never_served(object.group(), object.version(), object.kind()).is_some();
            if object.is_made() || (!object.is_live() && is_owned()) || is_refused() {
                continue;
            }
            let referenced = self.workload_ref(object, kind);
            let template = match referenced {
                Some(deployment) => PodTemplate::of(deployment, WorkloadKind::Deployment),
                None => PodTemplate::of(object, kind),
            };
            let labels = template.map(PodTemplate::labels).unwrap_or_default();
            let scale = match kind {
                WorkloadKind::DaemonSet => Scale::fixed(None, ScaledBy::Kind),
                WorkloadKind::Job | WorkloadKind::CronJob => Scale::fixed(Some(0), ScaledBy::Kind),
                WorkloadKind::Pod => Scale::fixed(Some(1), ScaledBy::Kind),
                // Argo Rollouts runs the pods in its place.
                WorkloadKind::Deployment if self.is_template_of_a_rollout(object) => {
                    Scale::fixed(Some(0), ScaledBy::Kind)
                }
                _ => self.scale_of(object),
            };
            let (role, role_reason) = (Role::App, Arc::from(""));
            workloads.push(Workload { object, kind, template, labels, scale, role, role_reason });
        }
        for (at, workload) in workloads.iter().enumerate() {
            let id = WorkloadId(u32::try_from(at).expect("fewer than 2^32 workloads"));
            self.workload_of.insert(address(workload.object), id);
        }
        workloads.shrink_to_fit();
        self.workloads = workloads;
    }

    /// The Deployment whose template an Argo Rollout runs in its place.
    fn workload_ref(&self, object: &Object, kind: WorkloadKind) -> Option<&'a Object> {
        let reference = object.node().at(&["spec", "workloadRef"]).filter(|_| kind == WorkloadKind::Rollout)?;
        let is_deployment = reference.str_at(&["kind"]) == Some("Deployment");
        self.find(object, "apps", "Deployment", reference.get("name").filter(|_| is_deployment)?.text())
    }

    /// Whether a Deployment only holds the template of a Rollout.
    pub(super) fn is_template_of_a_rollout(&self, deployment: &Object) -> bool {
        !self.look_up(&self.rollouts, deployment, ("apps", "Deployment", deployment.name())).is_empty()
    }

    pub(super) fn index_pods(&mut self) {
        let templates = self.workloads.iter().map(|workload| PodSet {
            owner: workload.object,
            labels: workload.labels.clone(),
            floor: workload.scale.floor,
            ceiling: workload.scale.ceiling,
            scale: workload.scale.floor,
            control: control(workload),
            is_virtual: false,
        });
        let mut pods: Vec<PodSet<'a>> = templates.collect();
        let made = operators::made(self);
        pods.extend(made.pods);
        self.budgets = made.budgets;
        self.pod_labels = PodIndex::new(&pods, |_| true);
        self.made_labels = PodIndex::new(&pods, |it| it.is_virtual);
        let owned = pods.iter().enumerate().map(|(at, set)| {
            let id = PodSetId(u32::try_from(at).expect("fewer than 2^32 pod sets"));
            (address(set.owner), id)
        });
        self.pods_of = Groups::new(owned.collect());
        self.pods = pods;
    }

    pub(super) fn classify_workloads(&mut self) {
        let roles: Vec<(Role, String)> = self.workloads.iter().map(|it| roles::classify(self, it)).collect();
        // Many workloads have their role for the same reason.
        let mut reasons: HashSet<Arc<str>> = HashSet::new();
        for (workload, (role, reason)) in self.workloads.iter_mut().zip(roles) {
            workload.role = role;
            workload.role_reason = match reasons.get(reason.as_str()) {
                Some(known) => Arc::clone(known),
                None => reason.into(),
            };
            reasons.insert(Arc::clone(&workload.role_reason));
        }
        let of_kafka = self.workloads.iter().zip(0..).filter(|it| it.0.role == Role::Kafka);
        self.kafka_workloads = of_kafka.map(|it| WorkloadId(it.1)).collect();
    }

    /// Whether a container has an environment variable whose name fits, its ConfigMaps and Secrets included.
    pub(super) fn has_env(&self, from: &Object, container: Container<'_>, fits: impl Fn(&str) -> bool) -> bool {
        container.env().any(|(name, _)| fits(name)) || self.env_from(from, container).into_iter().any(fits)
    }

    /// The names of variables that come from whole ConfigMaps and Secrets of the environment.
    fn env_from(&self, from: &Object, container: Container<'_>) -> Vec<&'a str> {
        let mut names = Vec::new();
        for source in container.node().items_at(&["envFrom"]) {
            for (key, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
                let Some(name) = source.str_at(&[key, "name"]) else { continue };
                if let Some(object) = self.find(from, "", kind, name) {
                    for data in ["data", "stringData"] {
                        let entries = object.node().at(&[data]).into_iter().flat_map(NodeRef::entries);
                        names.extend(entries.map(|it| it.key.text()));
                    }
                }
            }
        }
        names
    }
}

/// Whether the disruption controller can read the scale of what owns a workload's pods.
fn control(workload: &Workload<'_>) -> Control {
    let node = workload.object.node();
    match workload.kind {
        WorkloadKind::DaemonSet => Control::Unscalable("daemonsets.apps"),
        WorkloadKind::Job => {
            let is_deleted = node.at(&["spec", "ttlSecondsAfterFinished"]).is_some()
                || ["helm.sh/hook", "helm.sh/hook-delete-policy", "argocd.argoproj.io/hook"]
                    .iter()
                    .any(|it| workload.object.annotation(it).is_some());
            if is_deleted { Control::Finite } else { Control::Kept }
        }
        WorkloadKind::CronJob => {
            let limits = ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
            let keeps_none = limits.iter().all(|it| node.int_at(&["spec", it]) == Some(0));
            let is_deleted = node.at(&["spec", "jobTemplate", "spec", "ttlSecondsAfterFinished"]).is_some();
            if keeps_none || is_deleted { Control::Finite } else { Control::Kept }
        }
        WorkloadKind::Pod => Control::Bare,
        _ => Control::Scalable,
    }
}
