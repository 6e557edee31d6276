//! Rules on applications.

mod balanced;
mod bare_pod;
mod config_reference_missing;
mod datastore_single;
mod heap_exceeds_memory_limit;
mod image_bitnami_removed;
mod image_tag_latest;
mod ingress_backend_missing;
mod ingress_controller_single;
mod ingress_nginx_retired;
mod judged;
mod liveness_outruns_readiness;
mod liveness_probe_missing;
mod named_objects;
mod nodeport_exposure;
mod one_node;
mod pod_never_evicted;
mod pod_security_forbids;
mod priority_class_missing;
mod probe_liveness_checks_dependency;
mod probe_liveness_equals_readiness;
mod probe_liveness_tautological;
mod probe_target_invalid;
mod probe_too_slow;
mod probes;
mod quantity_implausible;
mod quorum_ordered_start;
mod readiness_probe_missing;
mod rollout_takes_all_down;
mod rwo_rolling_update;
mod selector_overlap;
mod selector_template_mismatch;
mod service_ignores_readiness;
mod service_per_pod_dangling;
mod service_selects_nothing;
mod service_spans_workloads;
mod service_target_port_unknown;
mod shared_rwo_volume;
mod shutdown_cut_short;
mod statefulset_governing_service_invalid;
mod workload_paused;
mod workload_pinned;
mod workload_recreate_strategy;
mod workload_resources_missing;
mod workload_too_few_replicas;

pub(in crate::rules) use judged::{keeps_files, may_run_twice};

rules! {
    bare_pod::BarePod,
    config_reference_missing::ConfigReferenceMissing,
    datastore_single::DatastoreSingle,
    heap_exceeds_memory_limit::HeapExceedsMemoryLimit,
    image_bitnami_removed::ImageBitnamiRemoved,
    image_tag_latest::ImageTagLatest,
    ingress_backend_missing::IngressBackendMissing,
    ingress_controller_single::IngressControllerSingle,
    ingress_nginx_retired::IngressNginxRetired,
    liveness_outruns_readiness::LivenessOutrunsReadiness,
    liveness_probe_missing::LivenessProbeMissing,
    nodeport_exposure::NodeportExposure,
    pod_never_evicted::PodNeverEvicted,
    pod_security_forbids::PodSecurityForbids,
    priority_class_missing::PriorityClassMissing,
    probe_liveness_checks_dependency::ProbeLivenessChecksDependency,
    probe_liveness_equals_readiness::ProbeLivenessEqualsReadiness,
    probe_liveness_tautological::ProbeLivenessTautological,
    probe_target_invalid::ProbeTargetInvalid,
    probe_too_slow::ProbeTooSlow,
    quantity_implausible::QuantityImplausible,
    quorum_ordered_start::QuorumOrderedStart,
    readiness_probe_missing::ReadinessProbeMissing,
    rollout_takes_all_down::RolloutTakesAllDown,
    rwo_rolling_update::RwoRollingUpdate,
    selector_overlap::SelectorOverlap,
    selector_template_mismatch::SelectorTemplateMismatch,
    service_ignores_readiness::ServiceIgnoresReadiness,
    service_per_pod_dangling::ServicePerPodDangling,
    service_selects_nothing::ServiceSelectsNothing,
    service_spans_workloads::ServiceSpansWorkloads,
    service_target_port_unknown::ServiceTargetPortUnknown,
    shared_rwo_volume::SharedRwoVolume,
    shutdown_cut_short::ShutdownCutShort,
    statefulset_governing_service_invalid::StatefulsetGoverningServiceInvalid,
    workload_paused::WorkloadPaused,
    workload_pinned::WorkloadPinned,
    workload_recreate_strategy::WorkloadRecreateStrategy,
    workload_resources_missing::WorkloadResourcesMissing,
    workload_too_few_replicas::WorkloadTooFewReplicas,
}
