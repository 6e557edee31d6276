//! Rules on PodDisruptionBudgets.

mod pdb_blocks_drain;
mod pdb_custom_controller;
mod pdb_ineffective;
mod pdb_invalid;
mod pdb_loses_quorum;
mod pdb_missing;
mod pdb_overlap;
mod pdb_selects_all;
mod pdb_selects_nothing;
mod pdb_spans_workloads;
mod pdb_too_permissive;
mod pdb_unhealthy_eviction;
mod repairs;
mod without_scale;

rules! {
    pdb_blocks_drain::PdbBlocksDrain,
    pdb_custom_controller::PdbCustomController,
    pdb_ineffective::PdbIneffective,
    pdb_invalid::PdbInvalid,
    pdb_loses_quorum::PdbLosesQuorum,
    pdb_missing::PdbMissing,
    pdb_overlap::PdbOverlap,
    pdb_selects_all::PdbSelectsAll,
    pdb_selects_nothing::PdbSelectsNothing,
    pdb_spans_workloads::PdbSpansWorkloads,
    pdb_too_permissive::PdbTooPermissive,
    pdb_unhealthy_eviction::PdbUnhealthyEviction,
}
