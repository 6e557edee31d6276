//! What a cluster says of an object that no manifest does: that it lives, and who made it.

use super::Object;
use crate::yaml::NodeRef;
use edms_k8s::products;

/// Whether an object was read from a cluster: a server gave it an identity and a version, or keeps accounts of who
/// set its fields.
pub fn is_live(node: NodeRef<'_>) -> bool {
    let Some(metadata) = node.get("metadata") else { return false };
    let has = |key: &str| metadata.at(&[key]).is_some();
    has("managedFields") || (has("uid") && has("resourceVersion"))
}

/// The object that controls another one, as that says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner<'a> {
    /// API group, empty for the core group.
    pub group: &'a str,
    /// Kind.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
    /// What the server tells it by.
    pub uid: &'a str,
}

impl<'a> Owner<'a> {
    /// The owner that controls an object.
    pub fn of(object: &'a Object) -> Option<Owner<'a>> {
        let mut owners = object.node().items_at(&["metadata", "ownerReferences"]);
        owners.find(|it| it.bool_at(&["controller"]) == Some(true)).and_then(Owner::read)
    }

    /// All owners of an object, whether they control it or not.
    pub fn all(object: &'a Object) -> impl Iterator<Item = Owner<'a>> {
        object.node().items_at(&["metadata", "ownerReferences"]).filter_map(Owner::read)
    }

    fn read(reference: NodeRef<'a>) -> Option<Owner<'a>> {
        let text = |key: &str| reference.str_at(&[key]);
        let group = text("apiVersion")?.split_once('/').map_or("", |it| it.0);
        Some(Owner { group, kind: text("kind")?, name: text("name")?, uid: text("uid").unwrap_or_default() })
    }

    /// Whether objects of its kind are known to make objects of this kind.
    pub fn makes(self, group: &str, kind: &str) -> bool {
        self.is_operated()
            || MAKERS.iter().any(|it| (it.0, it.1) == (self.group, self.kind) && it.2.contains(&(group, kind)))
    }

    /// Whether an operator makes whatever objects of its kind need.
    pub fn is_operated(self) -> bool {
        OPERATED.iter().any(|it| it.0 == self.group && it.1.contains(&self.kind))
    }
}

impl Object {
    /// Whether an operator makes whatever it needs.
    pub fn is_operated(&self) -> bool {
        OPERATED.iter().any(|it| it.0 == self.group() && it.1.contains(&self.kind()))
    }
}

const POD: (&str, &str) = ("", "Pod");
const REVISION: (&str, &str) = ("apps", "ControllerRevision");
const CLAIM: (&str, &str) = ("", "PersistentVolumeClaim");

/// What Kubernetes' controllers, and those that stand in for them, make of their kinds.
const MAKERS: &[(&str, &str, &[(&str, &str)])] = &[
    ("", "Node", &[POD, ("coordination.k8s.io", "Lease"), ("storage.k8s.io", "CSINode")]),
    ("", "ReplicationController", &[POD]),
    ("", "Service", &[("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice")]),
    ("", "Endpoints", &[("discovery.k8s.io", "EndpointSlice")]),
    ("apps", "DaemonSet", &[POD, REVISION]),
    ("apps", "Deployment", &[("apps", "ReplicaSet")]),
    ("apps", "ReplicaSet", &[POD]),
    ("apps", "StatefulSet", &[POD, REVISION, CLAIM]),
    (products::OPENSHIFT_APPS, "DeploymentConfig", &[("", "ReplicationController")]),
    (products::ARGO, "Rollout", &[("apps", "ReplicaSet")]),
    ("batch", "CronJob", &[("batch", "Job")]),
    ("batch", "Job", &[POD]),
    (products::STRIMZI_CORE, "StrimziPodSet", &[POD]),
    (products::KEDA, "ScaledJob", &[("batch", "Job")]),
    (products::KEDA, "ScaledObject", &[("autoscaling", "HorizontalPodAutoscaler")]),
];

/// Kinds of which an operator makes whatever they need.
const OPERATED: &[(&str, &[&str])] = &[
    (
        products::STRIMZI,
        &[
            "Kafka",
            "KafkaNodePool",
            "KafkaConnect",
            "KafkaMirrorMaker",
            "KafkaMirrorMaker2",
            "KafkaBridge",
            "KafkaUser",
        ],
    ),
    (products::CNPG, &["Cluster", "Pooler", "ScheduledBackup", "Backup"]),
    (products::EDB, &["Cluster", "Pooler", "ScheduledBackup", "Backup"]),
    (products::ZALANDO, &["postgresql"]),
    (products::CRUNCHY, &["PostgresCluster"]),
    (products::PERCONA, &["PerconaPGCluster"]),
    (products::STACKGRES, &["SGCluster"]),
    (products::KUBEDB, &["Postgres"]),
    (products::KUBEGRES, &["Kubegres"]),
    (products::PROMETHEUS, &["Prometheus", "PrometheusAgent", "ThanosRuler", "Alertmanager"]),
];

/// How the last line of a dump begins that says which resources were asked for, all of them in vain or not.
pub const COMPLETE: &str = "# edms-lint: complete dump of ";
