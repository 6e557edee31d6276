//! Rules on applications.

mod image_bitnami_removed;
mod ingress_backend_missing;
mod liveness_probe_missing;
mod probe_target_invalid;
mod readiness_probe_missing;
mod service_selects_nothing;
mod service_target_port_unknown;
mod statefulset_governing_service_invalid;
mod workload_too_few_replicas;

rules! {
    image_bitnami_removed::ImageBitnamiRemoved,
    ingress_backend_missing::IngressBackendMissing,
    liveness_probe_missing::LivenessProbeMissing,
    probe_target_invalid::ProbeTargetInvalid,
    readiness_probe_missing::ReadinessProbeMissing,
    service_selects_nothing::ServiceSelectsNothing,
    service_target_port_unknown::ServiceTargetPortUnknown,
    statefulset_governing_service_invalid::StatefulsetGoverningServiceInvalid,
    workload_too_few_replicas::WorkloadTooFewReplicas,
}
