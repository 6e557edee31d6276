//! Rules on where pods are placed.

mod anti_affinity_missing;
mod fault;
mod spread_selector_mismatch;

rules! {
    anti_affinity_missing::AntiAffinityMissing,
    spread_selector_mismatch::SpreadSelectorMismatch,
}
