//! Rules on where pods are placed.

mod anti_affinity_exceeds_nodes;
mod anti_affinity_missing;
mod anti_affinity_preferred_only;
mod anti_affinity_rollout_deadlock;
mod apart_together;
mod beside_the_system;
pub(super) mod fault;
mod node_label_removed;
mod quorum_on_spot;
mod repairs;
mod spread_blocks_drain;
mod spread_blocks_failover;
mod spread_selector_mismatch;
mod spread_skewed_by_rollout;
mod tolerates_node_loss;
mod topology_key_deprecated;
mod zone_spread_missing;

rules! {
    anti_affinity_exceeds_nodes::AntiAffinityExceedsNodes,
    anti_affinity_missing::AntiAffinityMissing,
    anti_affinity_preferred_only::AntiAffinityPreferredOnly,
    anti_affinity_rollout_deadlock::AntiAffinityRolloutDeadlock,
    node_label_removed::NodeLabelRemoved,
    quorum_on_spot::QuorumOnSpot,
    spread_blocks_drain::SpreadBlocksDrain,
    spread_blocks_failover::SpreadBlocksFailover,
    spread_selector_mismatch::SpreadSelectorMismatch,
    spread_skewed_by_rollout::SpreadSkewedByRollout,
    tolerates_node_loss::ToleratesNodeLoss,
    topology_key_deprecated::TopologyKeyDeprecated,
    zone_spread_missing::ZoneSpreadMissing,
}
