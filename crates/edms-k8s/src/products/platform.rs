//! Distributions of Kubernetes and what makes clusters: OpenShift, kind, k3d, Cluster API, kOps, eksctl.

/// The group of OpenShift's `DeploymentConfig`.
pub const OPENSHIFT_APPS: &str = "apps.openshift.io";
/// The group of OpenShift's routes.
pub const OPENSHIFT_ROUTES: &str = "route.openshift.io";
/// The group of the Gateway API.
pub const GATEWAY: &str = "gateway.networking.k8s.io";
/// The group of kind's clusters.
pub const KIND: &str = "kind.x-k8s.io";
/// The group of k3d's clusters.
pub const K3D: &str = "k3d.io";
/// The group of Cluster API.
pub const CLUSTER_API: &str = "cluster.x-k8s.io";
/// The group of Cluster API's control planes.
pub const CLUSTER_API_CONTROL_PLANES: &str = "controlplane.cluster.x-k8s.io";
/// The group of kOps.
pub const KOPS: &str = "kops.k8s.io";
/// The group of eksctl's clusters.
pub const EKSCTL: &str = "eksctl.io";
