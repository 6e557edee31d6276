//! Autoscalers beside Kubernetes' own.

/// The group of KEDA.
pub const KEDA: &str = "keda.sh";
/// The group of the vertical pod autoscaler.
pub const VPA: &str = "autoscaling.k8s.io";
