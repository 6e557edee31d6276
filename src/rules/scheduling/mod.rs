//! Rules on where pods are placed.

mod anti_affinity_exceeds_nodes;
mod anti_affinity_missing;
mod anti_affinity_preferred_only;
mod anti_affinity_rollout_deadlock;
pub(super) mod fault;
mod side_show;
mod spread_blocks_failover;
mod spread_selector_mismatch;
mod spread_skewed_by_rollout;
mod tolerates_node_loss;
mod zone_spread_missing;

rules! {
    anti_affinity_exceeds_nodes::AntiAffinityExceedsNodes,
    anti_affinity_missing::AntiAffinityMissing,
    anti_affinity_preferred_only::AntiAffinityPreferredOnly,
    anti_affinity_rollout_deadlock::AntiAffinityRolloutDeadlock,
    spread_blocks_failover::SpreadBlocksFailover,
    spread_selector_mismatch::SpreadSelectorMismatch,
    spread_skewed_by_rollout::SpreadSkewedByRollout,
    tolerates_node_loss::ToleratesNodeLoss,
    zone_spread_missing::ZoneSpreadMissing,
}
