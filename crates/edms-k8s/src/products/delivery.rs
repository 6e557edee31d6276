//! What brings manifests and charts into clusters: Argo CD, Flux, k3s, the Operator Lifecycle Manager.

/// The group of Argo CD, Argo Rollouts and their siblings.
pub const ARGO: &str = "argoproj.io";
/// The group of Flux's releases of charts.
pub const FLUX_HELM: &str = "helm.toolkit.fluxcd.io";
/// The group of Flux's Kustomizations.
pub const FLUX_KUSTOMIZE: &str = "kustomize.toolkit.fluxcd.io";
/// The group of Flux's sources.
pub const FLUX_SOURCE: &str = "source.toolkit.fluxcd.io";
/// The group of the charts that k3s and RKE2 install.
pub const K3S_HELM: &str = "helm.cattle.io";
/// The group of the Operator Lifecycle Manager.
pub const OLM: &str = "operators.coreos.com";
