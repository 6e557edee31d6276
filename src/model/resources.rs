//! What rules read, as a cluster's API names it: `poddisruptionbudgets.policy`.

use super::kinds::CUSTOM;
use edms_k8s::products;
use std::fmt;

/// The kinds of Kubernetes itself that rules read. The custom ones are those that are known at all.
const BUILT_IN: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "ConfigMap",
            "LimitRange",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    ("admissionregistration.k8s.io", &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("apps", &["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
    ("autoscaling", &["HorizontalPodAutoscaler"]),
    ("batch", &["CronJob", "Job"]),
    ("networking.k8s.io", &["Ingress", "IngressClass", "NetworkPolicy"]),
    ("policy", &["PodDisruptionBudget"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    ("storage.k8s.io", &["StorageClass"]),
];

/// Groups of files that describe a cluster from outside of it: no API serves them.
const NEVER_SERVED: &[&str] = &[products::KIND, products::K3D, products::EKSCTL, products::KOPS];

/// Whether a kind that rules read belongs to the whole cluster.
pub fn is_of_the_cluster(group: &str, kind: &str) -> bool {
    OF_THE_CLUSTER.contains(&(group, kind))
}

/// Kinds that belong to the whole cluster.
const OF_THE_CLUSTER: &[(&str, &str)] = &[
    ("", "Namespace"),
    ("", "Node"),
    ("", "PersistentVolume"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiregistration.k8s.io", "APIService"),
    ("karpenter.sh", "NodePool"),
    ("karpenter.sh", "Provisioner"),
    (products::KEDA, "ClusterTriggerAuthentication"),
    (products::GOOGLE_MONITORING, "ClusterPodMonitoring"),
    ("networking.k8s.io", "IngressClass"),
    (products::CNPG, "ClusterImageCatalog"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "StorageClass"),
];

/// Kinds whose plural is not the regular one.
const IRREGULAR: &[(&str, &str)] = &[("Gateway", "gateways"), ("Kubegres", "kubegres")];

/// A kind that rules read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// API group, empty for the core group.
    pub group: &'static str,
    /// Kind.
    pub kind: &'static str,
}

impl Resource {
    /// Whether its objects lie in namespaces.
    pub fn is_namespaced(self) -> bool {
        !is_of_the_cluster(self.group, self.kind)
    }

    /// Whether it is a Secret, which nobody asks for by the way.
    pub fn is_secret(self) -> bool {
        (self.group, self.kind) == ("", "Secret")
    }
}

/// As `kubectl api-resources -o name` writes it. The plural is the one that apimachinery makes of a kind
/// (`UnsafeGuessKindToResource` in `pkg/api/meta/restmapper.go`), which authors of definitions keep to.
impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind.to_ascii_lowercase();
        let irregular = IRREGULAR.iter().find(|it| it.0 == self.kind);
        match (irregular, kind.strip_suffix('y')) {
            (Some((_, plural)), _) => f.write_str(plural)?,
            (None, Some(stem)) => write!(f, "{stem}ies")?,
            (None, None) if kind.ends_with('s') => write!(f, "{kind}es")?,
            (None, None) => write!(f, "{kind}s")?,
        }
        if self.group.is_empty() { Ok(()) } else { write!(f, ".{}", self.group) }
    }
}

/// What rules read and a cluster can be asked for, in one order.
pub fn resources() -> impl Iterator<Item = Resource> {
    let of = |(group, kinds): &'static (&'static str, &'static [&'static str])| {
        kinds.iter().map(|kind| Resource { group, kind })
    };
    let custom = CUSTOM.iter().filter(|it| !NEVER_SERVED.contains(&it.0));
    BUILT_IN.iter().chain(custom).flat_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_api() {
        let names: Vec<String> = resources().map(|it| it.to_string()).collect();
        for name in [
            "pods",
            "ingresses.networking.k8s.io",
            "networkpolicies.networking.k8s.io",
            "kafkamirrormaker2s.kafka.strimzi.io",
            "postgresqls.acid.zalan.do",
            "prometheuses.monitoring.coreos.com",
            "postgreses.kubedb.com",
            "gateways.gateway.networking.k8s.io",
            "helmrepositories.source.toolkit.fluxcd.io",
        ] {
            assert!(names.iter().any(|it| it == name), "{name}");
        }
        assert!(!names.iter().any(|it| it.ends_with("kind.x-k8s.io")));
    }

    #[test]
    fn each_stands_once() {
        let mut all: Vec<Resource> = resources().collect();
        let before = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), before);
    }
}
