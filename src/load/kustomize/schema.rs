//! Where in a type a merge stands, as far as its lists are merged by keys: in Kubernetes' own types, and in
//! those that a file of `openapi` describes.
//!
//! From the `x-kubernetes-patch-strategy`, `x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys` of
//! the description that kyaml 0.21 brings (Kubernetes 1.21); kinds in other versions are unknown to it.

use crate::yaml::NodeRef;

/// The type of a map.
#[derive(Clone, Copy, Debug)]
pub(super) enum Schema<'s> {
    /// An object whose `spec` has a pod template.
    Workload,
    CronJob,
    Pod,
    PodTemplates,
    Service,
    ServiceAccount,
    Webhooks,
    CsiNode,
    Node,
    /// Any other object: only its metadata is known.
    Object,
    Metadata,
    WorkloadSpec,
    CronJobSpec,
    JobTemplate,
    PodTemplate,
    PodSpec,
    Container,
    ServiceSpec,
    CsiNodeSpec,
    NodeSpec,
    /// A type that a file describes: its definitions, and the one that it is.
    Described(NodeRef<'s>, NodeRef<'s>),
    /// Everything else, custom resources above all: lists are replaced.
    Unknown,
}

/// How a list is merged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ListMerge {
    /// The patch's list takes the place of the other.
    Replace,
    /// Items with these keys in common are merged.
    By(Vec<String>),
    /// Scalars are added that are not there.
    Union,
}

/// The kinds that are known, by group and version; all of them have metadata.
const KNOWN: &[(&str, &[&str])] = &[
    ("admissionregistration.k8s.io", &["v1", "v1beta1"]),
    ("apiextensions.k8s.io", &["v1", "v1beta1"]),
    ("apiregistration.k8s.io", &["v1", "v1beta1"]),
    ("apps", &["v1"]),
    ("autoscaling", &["v1", "v2beta1", "v2beta2"]),
    ("batch", &["v1", "v1beta1"]),
    ("certificates.k8s.io", &["v1", "v1beta1"]),
    ("coordination.k8s.io", &["v1", "v1beta1"]),
    ("discovery.k8s.io", &["v1", "v1beta1"]),
    ("events.k8s.io", &["v1", "v1beta1"]),
    ("extensions", &["v1beta1"]),
    ("flowcontrol.apiserver.k8s.io", &["v1beta1"]),
    ("networking.k8s.io", &["v1", "v1beta1"]),
    ("node.k8s.io", &["v1", "v1beta1"]),
    ("policy", &["v1", "v1beta1"]),
    ("rbac.authorization.k8s.io", &["v1", "v1beta1"]),
    ("scheduling.k8s.io", &["v1", "v1beta1"]),
    ("storage.k8s.io", &["v1", "v1beta1"]),
    ("", &["v1"]),
];

impl<'s> Schema<'s> {
    /// The type of an object by the definitions of a file, if it is among them.
    pub(super) fn described(definitions: NodeRef<'s>, group: &str, version: &str, kind: &str) -> Option<Schema<'s>> {
        let is_it = |it: &NodeRef<'_>| is_of_type(*it, group, version, kind);
        let found = definitions.entries().map(|it| it.value).find(is_it);
        found.map(|it| Schema::Described(definitions, it))
    }

    /// The type of an object that is built in.
    pub(super) fn of(group: &str, version: &str, kind: &str) -> Schema<'s> {
        if !KNOWN.iter().any(|it| it.0 == group && it.1.contains(&version)) {
            return Schema::Unknown;
        }
        match (group, kind) {
            ("apps", "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") => Schema::Workload,
            ("batch", "Job") if version == "v1" => Schema::Workload,
            ("", "ReplicationController") => Schema::Workload,
            ("batch", "CronJob") => Schema::CronJob,
            ("", "Pod") => Schema::Pod,
            ("", "PodTemplate") => Schema::PodTemplates,
            ("", "Service") => Schema::Service,
            ("", "ServiceAccount") => Schema::ServiceAccount,
            ("", "Node") => Schema::Node,
            ("admissionregistration.k8s.io", _) => Schema::Webhooks,
            ("storage.k8s.io", "CSINode") => Schema::CsiNode,
            _ => Schema::Object,
        }
    }

    /// Whether it is the type of a whole object.
    fn is_object(self) -> bool {
        use Schema::{
            CronJob, CsiNode, JobTemplate, Node, Object, Pod, PodTemplate, PodTemplates, Service, ServiceAccount,
            Webhooks, Workload,
        };
        matches!(
            self,
            Workload
                | CronJob
                | Pod
                | PodTemplates
                | Service
                | ServiceAccount
                | Webhooks
                | CsiNode
                | Node
                | Object
                | JobTemplate
                | PodTemplate
        )
    }

    /// The type of a field, and how it is merged if it is a list; the type is then that of its items.
    pub(super) fn field(self, key: &str) -> (Schema<'s>, ListMerge) {
        use ListMerge::{Replace, Union};
        match (self, key) {
            (Schema::Described(definitions, node), _) => described(definitions, node, key),
            (_, "metadata") if self.is_object() => (Schema::Metadata, Replace),
            (Schema::Metadata, "ownerReferences") => by(Schema::Unknown, &["uid"]),
            (Schema::Metadata, "finalizers") => (Schema::Unknown, Union),
            (Schema::Workload | Schema::JobTemplate, "spec") => (Schema::WorkloadSpec, Replace),
            (Schema::CronJob, "spec") => (Schema::CronJobSpec, Replace),
            (Schema::CronJobSpec, "jobTemplate") => (Schema::JobTemplate, Replace),
            (Schema::WorkloadSpec | Schema::PodTemplates, "template") => (Schema::PodTemplate, Replace),
            // Claims are objects in a list that is replaced.
            (Schema::Pod | Schema::PodTemplate, "spec") => (Schema::PodSpec, Replace),
            (Schema::PodSpec, "containers" | "initContainers" | "ephemeralContainers") => {
                by(Schema::Container, &["name"])
            }
            (Schema::PodSpec, "volumes" | "imagePullSecrets") => by(Schema::Unknown, &["name"]),
            (Schema::PodSpec, "hostAliases") => by(Schema::Unknown, &["ip"]),
            (Schema::PodSpec, "topologySpreadConstraints") => {
                by(Schema::Unknown, &["topologyKey", "whenUnsatisfiable"])
            }
            (Schema::Container, "env") => by(Schema::Unknown, &["name"]),
            (Schema::Container, "ports") => by(Schema::Unknown, &["containerPort", "protocol"]),
            (Schema::Container, "volumeMounts") => by(Schema::Unknown, &["mountPath"]),
            (Schema::Container, "volumeDevices") => by(Schema::Unknown, &["devicePath"]),
            (Schema::Service, "spec") => (Schema::ServiceSpec, Replace),
            (Schema::ServiceSpec, "ports") => by(Schema::Unknown, &["port", "protocol"]),
            (Schema::ServiceAccount, "secrets") | (Schema::Webhooks, "webhooks") => by(Schema::Unknown, &["name"]),
            (Schema::CsiNode, "spec") => (Schema::CsiNodeSpec, Replace),
            (Schema::CsiNodeSpec, "drivers") => by(Schema::Unknown, &["name"]),
            (Schema::Node, "spec") => (Schema::NodeSpec, Replace),
            (Schema::NodeSpec, "podCIDRs") => (Schema::Unknown, Union),
            _ => (Schema::Unknown, Replace),
        }
    }
}

fn by<'s>(items: Schema<'s>, keys: &[&str]) -> (Schema<'s>, ListMerge) {
    (items, ListMerge::By(keys.iter().map(|it| (*it).to_owned()).collect()))
}

fn is_of_type(definition: NodeRef<'_>, group: &str, version: &str, kind: &str) -> bool {
    definition.items_at(&["x-kubernetes-group-version-kind"]).any(|it| {
        let text = |key: &str| it.get(key).map(NodeRef::text).unwrap_or_default();
        text("group") == group && text("version") == version && text("kind") == kind
    })
}

/// How many references lead to one definition at most.
const MAX_REFERENCES: usize = 16;

/// The definition that a node is or refers to.
fn resolved<'s>(definitions: NodeRef<'s>, mut node: NodeRef<'s>) -> Option<NodeRef<'s>> {
    for _ in 0..MAX_REFERENCES {
        let Some(reference) = node.str_at(&["$ref"]) else { return Some(node) };
        node = definitions.get(reference.strip_prefix("#/definitions/")?)?;
    }
    None
}

fn described<'s>(definitions: NodeRef<'s>, node: NodeRef<'s>, key: &str) -> (Schema<'s>, ListMerge) {
    let unknown = (Schema::Unknown, ListMerge::Replace);
    let property = node.at(&["properties"]).and_then(|it| it.get(key));
    let other = || node.get("additionalProperties").filter(|it| it.is_map());
    let Some(field) = property.or_else(other).and_then(|it| resolved(definitions, it)) else { return unknown };
    let strategy = field.str_at(&["x-kubernetes-patch-strategy"]).unwrap_or_default();
    if strategy.split(',').any(|it| it == "merge") {
        let item = field.get("items").and_then(|it| resolved(definitions, it));
        let schema = item.map_or(Schema::Unknown, |it| Schema::Described(definitions, it));
        let mut keys: Vec<String> =
            field.items_at(&["x-kubernetes-list-map-keys"]).map(|it| it.text().to_owned()).collect();
        if keys.is_empty() {
            keys.extend(field.str_at(&["x-kubernetes-patch-merge-key"]).map(str::to_owned));
        }
        return (schema, if keys.is_empty() { ListMerge::Union } else { ListMerge::By(keys) });
    }
    (Schema::Described(definitions, field), ListMerge::Replace)
}
