//! Workloads: objects that make pods from a template, and what stands in the template.

use super::image::ImageName;
use super::{Labels, Object, Place, Selector};
use crate::yaml::NodeRef;
use edms_k8s::products;

/// What makes the pods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkloadKind {
    /// `apps` Deployment.
    Deployment,
    /// `apps` StatefulSet.
    StatefulSet,
    /// `apps` ReplicaSet, written by hand.
    ReplicaSet,
    /// The older form of it.
    ReplicationController,
    /// One pod a node.
    DaemonSet,
    /// Runs to its end.
    Job,
    /// Makes Jobs.
    CronJob,
    /// A pod that nothing replaces.
    Pod,
    /// Argo Rollouts' Deployment.
    Rollout,
    /// OpenShift's Deployment.
    DeploymentConfig,
}

impl WorkloadKind {
    /// The kind of an object, if it makes pods.
    pub fn of(object: &Object) -> Option<WorkloadKind> {
        WorkloadKind::of_kind(object.group(), object.kind())
    }

    /// The kind with this group and name, if it makes pods.
    pub fn of_kind(group: &str, kind: &str) -> Option<WorkloadKind> {
        Some(match (group, kind) {
            ("apps" | "extensions", "Deployment") => WorkloadKind::Deployment,
            ("apps", "StatefulSet") => WorkloadKind::StatefulSet,
            ("apps" | "extensions", "ReplicaSet") => WorkloadKind::ReplicaSet,
            ("", "ReplicationController") => WorkloadKind::ReplicationController,
            ("apps" | "extensions", "DaemonSet") => WorkloadKind::DaemonSet,
            ("batch", "Job") => WorkloadKind::Job,
            ("batch", "CronJob") => WorkloadKind::CronJob,
            ("", "Pod") => WorkloadKind::Pod,
            (products::ARGO, "Rollout") => WorkloadKind::Rollout,
            (products::OPENSHIFT_APPS, "DeploymentConfig") => WorkloadKind::DeploymentConfig,
            _ => return None,
        })
    }

    /// Whether it keeps a number of pods running that somebody chooses.
    pub fn is_replicated(self) -> bool {
        !matches!(self, WorkloadKind::DaemonSet | WorkloadKind::Job | WorkloadKind::CronJob | WorkloadKind::Pod)
    }

    /// The keys that lead to the pod template.
    fn template_keys(self) -> &'static [&'static str] {
        match self {
            WorkloadKind::CronJob => &["spec", "jobTemplate", "spec", "template"],
            WorkloadKind::Pod => &[],
            _ => &["spec", "template"],
        }
    }
}

/// A pod template: a map with `metadata` and `spec`.
#[derive(Clone, Copy, Debug)]
pub struct PodTemplate<'a>(NodeRef<'a>);

impl<'a> PodTemplate<'a> {
    /// The template of a workload, if one is written.
    pub fn of(object: &'a Object, kind: WorkloadKind) -> Option<PodTemplate<'a>> {
        let keys = kind.template_keys();
        if keys.is_empty() { Some(PodTemplate(object.node())) } else { object.node().at(keys).map(PodTemplate) }
    }

    /// The map itself.
    pub fn node(self) -> NodeRef<'a> {
        self.0
    }

    /// The pod's `spec`.
    pub fn spec(self) -> Option<NodeRef<'a>> {
        self.0.at(&["spec"])
    }

    /// The pods' labels.
    pub fn labels(self) -> Labels<'a> {
        Labels::read(self.0.at(&["metadata", "labels"]))
    }

    /// The containers, without init containers.
    pub fn containers(self) -> impl Iterator<Item = Container<'a>> {
        self.0.items_at(&["spec", "containers"]).map(Container)
    }

    /// The init containers, sidecars among them.
    pub fn init_containers(self) -> impl Iterator<Item = Container<'a>> {
        self.0.items_at(&["spec", "initContainers"]).map(Container)
    }

    /// The init containers that keep running beside the others (`restartPolicy: Always`).
    pub fn sidecars(self) -> impl Iterator<Item = Container<'a>> {
        self.init_containers().filter(|it| it.0.str_at(&["restartPolicy"]) == Some("Always"))
    }

    /// The volumes.
    pub fn volumes(self) -> impl Iterator<Item = NodeRef<'a>> {
        self.0.items_at(&["spec", "volumes"])
    }
}

/// A container.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a>(pub NodeRef<'a>);

impl<'a> Container<'a> {
    /// The map itself.
    pub fn node(self) -> NodeRef<'a> {
        self.0
    }

    /// Its name, empty if there is none.
    pub fn name(self) -> &'a str {
        self.0.get("name").map(NodeRef::text).unwrap_or_default()
    }

    /// Its image as written, empty if there is none.
    pub fn image(self) -> &'a str {
        self.0.get("image").map(NodeRef::text).unwrap_or_default()
    }

    /// The image, taken apart.
    pub fn image_parts(self) -> ImageName<'a> {
        ImageName::read(self.image())
    }

    /// The image without registry, tag and digest: `bitnami/kafka`.
    pub fn repository(self) -> &'a str {
        self.image_parts().repository()
    }

    /// The last part of the repository: `kafka`.
    pub fn image_name(self) -> &'a str {
        self.image_parts().name()
    }

    /// Command and arguments, in order.
    pub fn words(self) -> impl Iterator<Item = &'a str> {
        self.0.items_at(&["command"]).chain(self.0.items_at(&["args"])).map(NodeRef::text)
    }

    /// The environment variables that are written here, with their values if those are literal.
    pub fn env(self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> {
        self.0.items_at(&["env"]).filter_map(|it| {
            let name = it.get("name")?.text();
            Some((name, it.at(&["value"]).map(NodeRef::text)))
        })
    }

    /// The literal value of an environment variable.
    pub fn env_value(self, name: &str) -> Option<&'a str> {
        self.env().filter(|it| it.0 == name).find_map(|it| it.1)
    }

    /// The declared ports: name and number.
    pub fn ports(self) -> impl Iterator<Item = (Option<&'a str>, Option<i64>)> {
        self.0.items_at(&["ports"]).map(|it| (it.str_at(&["name"]), it.int_at(&["containerPort"])))
    }

    /// Whether it declares this port number.
    pub fn has_port(self, number: i64) -> bool {
        self.ports().any(|it| it.1 == Some(number))
    }

    /// The place of a field of it: where it is absent, at the container's name.
    pub fn place(self, object: &Object, keys: &[&str]) -> Place {
        object.place_in_item(self.0, keys)
    }

    /// The paths at which volumes are mounted, with the volumes' names.
    pub fn mounts(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.items_at(&["volumeMounts"]).filter_map(|it| Some((it.str_at(&["mountPath"])?, it.str_at(&["name"])?)))
    }
}

/// The selector that ties a controller to its pods: a map of labels for ReplicationController and
/// DeploymentConfig, a label selector for the others.
pub fn controller_selector(object: &Object, kind: WorkloadKind) -> Option<Selector<'_>> {
    let node = object.node().at(&["spec", "selector"])?;
    Some(match kind {
        WorkloadKind::ReplicationController | WorkloadKind::DeploymentConfig => Selector::of_labels(Some(node)),
        _ => Selector::read(node),
    })
}
