//! Rules on PodDisruptionBudgets.

mod pdb_blocks_drain;
mod pdb_custom_controller;
mod pdb_missing;
mod pdb_overlap;
mod pdb_selects_nothing;

rules! {
    pdb_blocks_drain::PdbBlocksDrain,
    pdb_custom_controller::PdbCustomController,
    pdb_missing::PdbMissing,
    pdb_overlap::PdbOverlap,
    pdb_selects_nothing::PdbSelectsNothing,
}
