//! Rules on PodDisruptionBudgets.

pub(super) mod pdb_blocks_drain;
pub(super) mod pdb_custom_controller;
pub(super) mod pdb_missing;
pub(super) mod pdb_overlap;
pub(super) mod pdb_selects_nothing;
