//! Rules on where pods are placed.

mod fault;
pub(super) mod spread_selector_mismatch;
