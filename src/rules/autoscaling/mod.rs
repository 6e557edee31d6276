//! Rules on autoscalers.

pub(super) mod hpa_floor_too_low;
pub(super) mod hpa_missing;
pub(super) mod hpa_target_invalid;
