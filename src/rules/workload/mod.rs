//! Rules on applications.

mod bare_pod;
mod config_reference_missing;
mod image_bitnami_removed;
mod ingress_backend_missing;
mod ingress_controller_single;
mod ingress_nginx_retired;
mod liveness_probe_missing;
mod nodeport_exposure;
mod priority_class_missing;
mod probe_target_invalid;
mod readiness_probe_missing;
mod selector_overlap;
mod selector_template_mismatch;
mod service_selects_nothing;
mod service_target_port_unknown;
mod statefulset_governing_service_invalid;
mod workload_pinned;
mod workload_too_few_replicas;

rules! {
    bare_pod::BarePod,
    config_reference_missing::ConfigReferenceMissing,
    image_bitnami_removed::ImageBitnamiRemoved,
    ingress_backend_missing::IngressBackendMissing,
    ingress_controller_single::IngressControllerSingle,
    ingress_nginx_retired::IngressNginxRetired,
    liveness_probe_missing::LivenessProbeMissing,
    nodeport_exposure::NodeportExposure,
    priority_class_missing::PriorityClassMissing,
    probe_target_invalid::ProbeTargetInvalid,
    readiness_probe_missing::ReadinessProbeMissing,
    selector_overlap::SelectorOverlap,
    selector_template_mismatch::SelectorTemplateMismatch,
    service_selects_nothing::ServiceSelectsNothing,
    service_target_port_unknown::ServiceTargetPortUnknown,
    statefulset_governing_service_invalid::StatefulsetGoverningServiceInvalid,
    workload_pinned::WorkloadPinned,
    workload_too_few_replicas::WorkloadTooFewReplicas,
}
