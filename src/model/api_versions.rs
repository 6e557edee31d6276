//! The API versions that were ever served, so that one that never was is recognised.
//!
//! Built-in groups: `k8s.io/api` of all releases. Custom resources: the definitions in the releases of Strimzi
//! (0.1 to 1.2), CloudNativePG, KEDA, Argo, the Prometheus operator, Flux, Zalando's operator and the vertical pod
//! autoscaler, as of November 2026.

use super::is_built_in;
use super::is_placeholder;
use super::typed;
use edms_k8s::products;

/// The versions of a group.
type Versions = (&'static str, &'static [&'static str]);

const BUILT_IN: &[Versions] = &[
    ("", &["v1"]),
    ("admissionregistration.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("apiextensions.k8s.io", &["v1", "v1beta1"]),
    ("apiregistration.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("apps", &["v1", "v1beta2", "v1beta1", "v1alpha1"]),
    ("authentication.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("authorization.k8s.io", &["v1", "v1beta1"]),
    ("autoscaling", &["v2", "v1", "v2beta2", "v2beta1", "v2alpha1"]),
    ("batch", &["v1", "v1beta1", "v2alpha1"]),
    ("certificates.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("coordination.k8s.io", &["v1", "v1beta1", "v1alpha2", "v1alpha1"]),
    ("discovery.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("events.k8s.io", &["v1", "v1beta1"]),
    ("extensions", &["v1beta1"]),
    ("flowcontrol.apiserver.k8s.io", &["v1", "v1beta3", "v1beta2", "v1beta1", "v1alpha1"]),
    ("networking.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("node.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("policy", &["v1", "v1beta1", "v1alpha1"]),
    ("rbac.authorization.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("resource.k8s.io", &["v1", "v1beta2", "v1beta1", "v1alpha3", "v1alpha2", "v1alpha1"]),
    ("scheduling.k8s.io", &["v1", "v1beta1", "v1alpha2", "v1alpha1"]),
    ("storage.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
];

/// Groups of custom resources whose kinds have the same versions.
const CUSTOM: &[Versions] = &[
    (products::STRIMZI, &["v1", "v1beta2", "v1beta1", "v1alpha1"]),
    (products::STRIMZI_CORE, &["v1", "v1beta2"]),
    (products::CNPG, &["v1"]),
    (products::KEDA, &["v1alpha1"]),
    (products::ZALANDO, &["v1"]),
    (products::VPA, &["v1", "v1beta2", "v1beta1", "v1alpha1"]),
    (products::FLUX_HELM, &["v2", "v2beta2", "v2beta1"]),
    (products::FLUX_KUSTOMIZE, &["v1", "v1beta2", "v1beta1", "v1alpha1"]),
];

/// Groups that several programs share, or whose other kinds are young and on the move: the kinds that only ever had
/// one version. `ArgoCD` of the operator of Argo CD, for one, has a `v1beta1` (argoproj-labs/argocd-operator).
const ONE_VERSION: &[(&str, &str, &[&str])] = &[
    (
        products::ARGO,
        "v1alpha1",
        &[
            "AnalysisTemplate",
            "AppProject",
            "Application",
            "ApplicationSet",
            "ClusterAnalysisTemplate",
            "ClusterWorkflowTemplate",
            "CronWorkflow",
            "EventBus",
            "EventSource",
            "Rollout",
            "Sensor",
            "Workflow",
            "WorkflowTemplate",
        ],
    ),
    (
        products::PROMETHEUS,
        "v1",
        &["Alertmanager", "PodMonitor", "Probe", "Prometheus", "PrometheusRule", "ServiceMonitor", "ThanosRuler"],
    ),
];

/// Why no server knows an API version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NeverServed {
    /// The group is known, but never had this version; with the newest that it has.
    Version(String),
    /// There is no such group; with the API version in which Kubernetes has the kind.
    Group(String),
}

/// Whether a group is one whose versions we know: Kubernetes' own, or that of an operator whose resources we read.
pub fn is_known_group(group: &str) -> bool {
    let mut known = BUILT_IN.iter().chain(CUSTOM).map(|it| it.0).chain(ONE_VERSION.iter().map(|it| it.0));
    known.any(|it| it == group)
}

/// Whether an API version was never served of this kind, by any release of Kubernetes or of its operator. Groups
/// that we do not know are left alone, unless their kind is one of Kubernetes' own and their name cannot be that of
/// a group of custom resources.
pub fn never_served(group: &str, version: &str, kind: &str) -> Option<NeverServed> {
    if is_placeholder(group) || is_placeholder(version) {
        return None;
    }
    let known = BUILT_IN.iter().chain(CUSTOM).find(|it| it.0 == group).map(|it| it.1);
    let of_kind = ONE_VERSION.iter().find(|it| it.0 == group && it.2.contains(&kind));
    let known = known.or_else(|| of_kind.map(|it| std::slice::from_ref(&it.1)));
    if let Some(versions) = known {
        // Without a group, an unknown kind is of some other format: a machine configuration of Talos is `v1alpha1`.
        if versions.contains(&version) || group.is_empty() && typed::newest(kind).is_none() {
            return None;
        }
        let of_kind = versions.iter().copied().find(|it| typed::is_served(group, it, kind));
        let moved = || typed::newest(kind).filter(|_| is_built_in(group));
        let named = |it: &str| if group.is_empty() { it.to_owned() } else { format!("{group}/{it}") };
        let right = of_kind.map(named).or_else(moved);
        return Some(NeverServed::Version(
            right.unwrap_or_else(|| named(versions.first().copied().unwrap_or_default())),
        ));
    }
    // Custom resources have groups with a dot, and `k8s.io` is kept for Kubernetes' own projects.
    let may_be_custom = group.contains('.') && !group.ends_with(".k8s.io");
    if may_be_custom || is_built_in(group) {
        return None;
    }
    typed::newest(kind).map(NeverServed::Group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_never_were_are_told_from_old_ones() {
        let right = |it: Option<NeverServed>| match it {
            Some(NeverServed::Version(right) | NeverServed::Group(right)) => right,
            None => String::new(),
        };
        let cases = [
            ("apps", "v2", "Deployment", "apps/v1"),
            ("apps", "V1", "Deployment", "apps/v1"),
            ("apps", "v1 ", "Deployment", "apps/v1"),
            ("policy", "v2", "PodDisruptionBudget", "policy/v1"),
            ("autoscaling", "v3", "HorizontalPodAutoscaler", "autoscaling/v2"),
            ("extensions", "v1", "Deployment", "apps/v1"),
            ("", "v1beta1", "Service", "v1"),
            ("aps", "v1", "Deployment", "apps/v1"),
            ("networking", "v1", "Ingress", "networking.k8s.io/v1"),
            ("apps.k8s.io", "v1", "Deployment", "apps/v1"),
            ("kafka.strimzi.io", "v1beta3", "KafkaTopic", "kafka.strimzi.io/v1"),
            ("monitoring.coreos.com", "v1beta1", "ServiceMonitor", "monitoring.coreos.com/v1"),
            ("extensions", "v1beta1", "Deployment", ""),
            ("batch", "v2alpha1", "CronJob", ""),
            ("monitoring.coreos.com", "v1beta1", "AlertmanagerConfig", ""),
            ("argoproj.io", "v1beta1", "Application", "argoproj.io/v1alpha1"),
            ("argoproj.io", "v1beta1", "ArgoCD", ""),
            ("gateway.networking.k8s.io", "v9", "Gateway", ""),
            ("serving.knative.dev", "v1", "Service", ""),
            ("", "v1alpha1", "HostnameConfig", ""),
            ("skaffold", "v4beta1", "Config", ""),
            ("apps", "${VERSION}", "Deployment", ""),
            ("", "v3.1.0", "DataContract", ""),
            ("", "v1.0", "Pod", "v1"),
        ];
        for (group, version, kind, expected) in cases {
            assert_eq!(right(never_served(group, version, kind)), expected, "{group}/{version} {kind}");
        }
    }
}
