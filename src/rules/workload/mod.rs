//! Rules on applications.

mod liveness_probe_missing;
mod probe_target_invalid;
mod readiness_probe_missing;
mod workload_too_few_replicas;

rules! {
    liveness_probe_missing::LivenessProbeMissing,
    probe_target_invalid::ProbeTargetInvalid,
    readiness_probe_missing::ReadinessProbeMissing,
    workload_too_few_replicas::WorkloadTooFewReplicas,
}
