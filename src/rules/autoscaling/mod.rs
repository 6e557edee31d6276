//! Rules on autoscalers.

mod hpa_cpu_request_missing;
mod hpa_duplicate_target;
mod hpa_floor_too_low;
mod hpa_max_too_low;
mod hpa_missing;
mod hpa_replicas_drift;
mod hpa_target_invalid;
mod hpa_target_not_scalable;

rules! {
    hpa_cpu_request_missing::HpaCpuRequestMissing,
    hpa_duplicate_target::HpaDuplicateTarget,
    hpa_floor_too_low::HpaFloorTooLow,
    hpa_max_too_low::HpaMaxTooLow,
    hpa_missing::HpaMissing,
    hpa_replicas_drift::HpaReplicasDrift,
    hpa_target_invalid::HpaTargetInvalid,
    hpa_target_not_scalable::HpaTargetNotScalable,
}
