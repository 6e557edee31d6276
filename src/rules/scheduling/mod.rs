//! Rules on where pods are placed.

mod anti_affinity_missing;
pub(super) mod fault;
mod spread_selector_mismatch;

rules! {
    anti_affinity_missing::AntiAffinityMissing,
    spread_selector_mismatch::SpreadSelectorMismatch,
}
