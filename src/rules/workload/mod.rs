//! Rules on applications.

pub(super) mod liveness_probe_missing;
pub(super) mod probe_target_invalid;
pub(super) mod readiness_probe_missing;
pub(super) mod workload_too_few_replicas;
