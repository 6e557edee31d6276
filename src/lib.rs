//! edms-lint audits Kubernetes manifests for high availability, offline.
pub mod source;
pub mod yaml;
