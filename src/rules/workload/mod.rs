//! Rules on applications.

mod image_bitnami_removed;
mod judged;
mod liveness_probe_missing;
mod one_node;
mod probe_target_invalid;
mod readiness_probe_missing;
mod rollout_takes_all_down;
mod rwo_rolling_update;
mod shared_rwo_volume;
mod statefulset_governing_service_invalid;
mod workload_paused;
mod workload_recreate_strategy;
mod workload_too_few_replicas;

rules! {
    image_bitnami_removed::ImageBitnamiRemoved,
    liveness_probe_missing::LivenessProbeMissing,
    probe_target_invalid::ProbeTargetInvalid,
    readiness_probe_missing::ReadinessProbeMissing,
    rollout_takes_all_down::RolloutTakesAllDown,
    rwo_rolling_update::RwoRollingUpdate,
    shared_rwo_volume::SharedRwoVolume,
    statefulset_governing_service_invalid::StatefulsetGoverningServiceInvalid,
    workload_paused::WorkloadPaused,
    workload_recreate_strategy::WorkloadRecreateStrategy,
    workload_too_few_replicas::WorkloadTooFewReplicas,
}
