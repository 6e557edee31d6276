//! Rules on where pods are placed.

pub(super) mod anti_affinity_missing;
mod fault;
pub(super) mod spread_selector_mismatch;
