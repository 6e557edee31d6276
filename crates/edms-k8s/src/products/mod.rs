//! The vocabulary of the products around Kubernetes: API groups, charts and images, each written once.
//!
//! A group is named after its product, and has its constant here; `tidy::groups_of_products_are_written_once` holds it.

mod delivery;
mod kafka;
mod monitoring;
mod platform;
mod postgres;
mod scaling;
mod storage;

pub use delivery::*;
pub use kafka::*;
pub use monitoring::*;
pub use platform::*;
pub use postgres::*;
pub use scaling::*;
pub use storage::*;

/// All groups that have a constant.
pub const GROUPS: &[&str] = &[
    ARGO,
    FLUX_HELM,
    FLUX_KUSTOMIZE,
    FLUX_SOURCE,
    K3S_HELM,
    OLM,
    STRIMZI,
    STRIMZI_CORE,
    REDPANDA,
    REDPANDA_V1,
    PROMETHEUS,
    VICTORIA,
    GOOGLE_MONITORING,
    OPENSHIFT_APPS,
    OPENSHIFT_ROUTES,
    GATEWAY,
    KIND,
    CLUSTER_API,
    CLUSTER_API_CONTROL_PLANES,
    KOPS,
    EKSCTL,
    K3D,
    CNPG,
    EDB,
    BARMAN,
    ZALANDO,
    CRUNCHY,
    PERCONA,
    STACKGRES,
    KUBEDB,
    KUBEGRES,
    KEDA,
    VPA,
    VELERO,
    KASTEN,
    STORK,
    LONGHORN,
    ROOK,
    RABBITMQ,
    MONGODB,
];
