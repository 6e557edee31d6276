//! Rules on applications.

pub(super) mod workload_too_few_replicas;
