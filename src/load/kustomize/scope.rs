//! Which kinds have no namespace, as kustomize knows it: by exact version, and nothing else is certain.
//!
//! From `IsCertainlyClusterScoped` of `kyaml/openapi` (0.21): newer versions of a kind count as namespaced.

const V1: &[&str] = &["v1"];
const BETA: &[&str] = &["v1beta1"];
const BOTH: &[&str] = &["v1", "v1beta1"];

/// API group, its versions, the kinds.
const CLUSTER_WIDE: &[(&str, &[&str], &[&str])] = &[
    ("", V1, &["ComponentStatus", "Namespace", "Node", "PersistentVolume"]),
    ("admissionregistration.k8s.io", BOTH, &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ("admissionregistration.k8s.io", V1, &["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]),
    ("apiextensions.k8s.io", BOTH, &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", BOTH, &["APIService"]),
    ("certificates.k8s.io", BOTH, &["CertificateSigningRequest"]),
    ("flowcontrol.apiserver.k8s.io", BETA, &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io", BOTH, &["IngressClass"]),
    ("node.k8s.io", BOTH, &["RuntimeClass"]),
    ("policy", BETA, &["PodSecurityPolicy"]),
    ("rbac.authorization.k8s.io", BOTH, &["ClusterRole", "ClusterRoleBinding"]),
    ("scheduling.k8s.io", BOTH, &["PriorityClass"]),
    ("storage.k8s.io", BOTH, &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
];

/// Whether kustomize is certain that objects of this kind have no namespace.
pub(super) fn is_cluster_wide(group: &str, version: &str, kind: &str) -> bool {
    CLUSTER_WIDE.iter().any(|it| it.0 == group && it.1.contains(&version) && it.2.contains(&kind))
}

/// Kinds without a namespace that kustomize is not certain of.
const NEWER: &[(&str, &[&str])] = &[
    ("admissionregistration.k8s.io", &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
];

/// Whether objects of a kind have no namespace, whatever the version.
pub(in super::super) fn is_cluster_wide_kind(group: &str, kind: &str) -> bool {
    CLUSTER_WIDE.iter().any(|it| it.0 == group && it.2.contains(&kind))
        || NEWER.iter().any(|it| it.0 == group && it.1.contains(&kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kustomize_is_certain_of_exact_versions() {
        let group = "admissionregistration.k8s.io";
        assert!(is_cluster_wide(group, "v1", "ValidatingAdmissionPolicy"));
        assert!(!is_cluster_wide(group, "v1beta1", "ValidatingAdmissionPolicy"));
        assert!(!is_cluster_wide(group, "v1", "MutatingAdmissionPolicy"));
        assert!(is_cluster_wide_kind(group, "MutatingAdmissionPolicy"));
        assert!(!is_cluster_wide_kind("apps", "Deployment"));
    }
}
