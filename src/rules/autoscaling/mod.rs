//! Rules on autoscalers.

mod hpa_cpu_request_missing;
mod hpa_floor_too_low;
mod hpa_missing;
mod hpa_target_invalid;

rules! {
    hpa_cpu_request_missing::HpaCpuRequestMissing,
    hpa_floor_too_low::HpaFloorTooLow,
    hpa_missing::HpaMissing,
    hpa_target_invalid::HpaTargetInvalid,
}
