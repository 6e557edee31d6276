//! Rules on applications.

mod image_bitnami_removed;
mod image_tag_latest;
mod judged;
mod liveness_outruns_readiness;
mod liveness_probe_missing;
mod one_node;
mod pod_never_evicted;
mod probe_liveness_checks_dependency;
mod probe_liveness_equals_readiness;
mod probe_liveness_tautological;
mod probe_target_invalid;
mod probe_too_slow;
mod probes;
mod readiness_probe_missing;
mod rollout_takes_all_down;
mod rwo_rolling_update;
mod shared_rwo_volume;
mod shutdown_cut_short;
mod statefulset_governing_service_invalid;
mod workload_paused;
mod workload_recreate_strategy;
mod workload_resources_missing;
mod workload_too_few_replicas;

rules! {
    image_bitnami_removed::ImageBitnamiRemoved,
    image_tag_latest::ImageTagLatest,
    liveness_outruns_readiness::LivenessOutrunsReadiness,
    liveness_probe_missing::LivenessProbeMissing,
    pod_never_evicted::PodNeverEvicted,
    probe_liveness_checks_dependency::ProbeLivenessChecksDependency,
    probe_liveness_equals_readiness::ProbeLivenessEqualsReadiness,
    probe_liveness_tautological::ProbeLivenessTautological,
    probe_target_invalid::ProbeTargetInvalid,
    probe_too_slow::ProbeTooSlow,
    readiness_probe_missing::ReadinessProbeMissing,
    rollout_takes_all_down::RolloutTakesAllDown,
    rwo_rolling_update::RwoRollingUpdate,
    shared_rwo_volume::SharedRwoVolume,
    shutdown_cut_short::ShutdownCutShort,
    statefulset_governing_service_invalid::StatefulsetGoverningServiceInvalid,
    workload_paused::WorkloadPaused,
    workload_recreate_strategy::WorkloadRecreateStrategy,
    workload_resources_missing::WorkloadResourcesMissing,
    workload_too_few_replicas::WorkloadTooFewReplicas,
}
