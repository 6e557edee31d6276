//! Rules on Kafka and ZooKeeper.

use super::words::list;
use crate::index::Workload;

mod kafka_anti_affinity_missing;
mod kafka_autoscaled;
mod kafka_backup_missing;
mod kafka_bootstrap_dangling;
mod kafka_bootstrap_fragile;
mod kafka_cruise_control_missing;
mod kafka_exporter_missing;
mod kafka_internal_topics_replication_low;
mod kafka_listener_unreachable;
mod kafka_metrics_configmap_missing;
mod kafka_metrics_configmap_unused;
mod kafka_metrics_disabled;
mod kafka_metrics_rules_incomplete;
mod kafka_min_insync_mismatch;
mod kafka_nodepool_missing;
mod kafka_pdb_disabled;
mod kafka_pdb_max_unavailable;
mod kafka_rack_unaware;
mod kafka_replication_factor_low;
mod kafka_resources_missing;
mod kafka_rf_exceeds_brokers;
mod kafka_storage_delete_claim;
mod kafka_storage_ephemeral;
mod kafka_storage_file_based;
mod kafka_too_few_brokers;
mod kafka_topic_min_insync_mismatch;
mod kafka_topic_replication_low;
mod kafka_unmanaged;
mod kafka_unmanaged_identity;
mod kraft_too_few_controllers;
mod quorum_needs_unready_addresses;
mod topic_story;
mod zookeeper_too_few_nodes;

rules! {
    kafka_anti_affinity_missing::KafkaAntiAffinityMissing,
    kafka_autoscaled::KafkaAutoscaled,
    kafka_backup_missing::KafkaBackupMissing,
    kafka_bootstrap_dangling::KafkaBootstrapDangling,
    kafka_bootstrap_fragile::KafkaBootstrapFragile,
    kafka_cruise_control_missing::KafkaCruiseControlMissing,
    kafka_exporter_missing::KafkaExporterMissing,
    kafka_internal_topics_replication_low::KafkaInternalTopicsReplicationLow,
    kafka_listener_unreachable::KafkaListenerUnreachable,
    kafka_metrics_configmap_missing::KafkaMetricsConfigmapMissing,
    kafka_metrics_configmap_unused::KafkaMetricsConfigmapUnused,
    kafka_metrics_disabled::KafkaMetricsDisabled,
    kafka_metrics_rules_incomplete::KafkaMetricsRulesIncomplete,
    kafka_min_insync_mismatch::KafkaMinInsyncMismatch,
    kafka_nodepool_missing::KafkaNodepoolMissing,
    kafka_pdb_disabled::KafkaPdbDisabled,
    kafka_pdb_max_unavailable::KafkaPdbMaxUnavailable,
    kafka_rack_unaware::KafkaRackUnaware,
    kafka_replication_factor_low::KafkaReplicationFactorLow,
    kafka_resources_missing::KafkaResourcesMissing,
    kafka_rf_exceeds_brokers::KafkaRfExceedsBrokers,
    kafka_storage_delete_claim::KafkaStorageDeleteClaim,
    kafka_storage_ephemeral::KafkaStorageEphemeral,
    kafka_storage_file_based::KafkaStorageFileBased,
    kafka_too_few_brokers::KafkaTooFewBrokers,
    kafka_topic_min_insync_mismatch::KafkaTopicMinInsyncMismatch,
    kafka_topic_replication_low::KafkaTopicReplicationLow,
    kafka_unmanaged::KafkaUnmanaged,
    kafka_unmanaged_identity::KafkaUnmanagedIdentity,
    kraft_too_few_controllers::KraftTooFewControllers,
    quorum_needs_unready_addresses::QuorumNeedsUnreadyAddresses,
    zookeeper_too_few_nodes::ZookeeperTooFewNodes,
}

/// `1 copy`, `2 copies`.
fn copies_of(number: i64) -> String {
    if number == 1 { "1 copy".to_owned() } else { format!("{number} copies") }
}

/// Says how many nodes workloads run: each node may be a workload of its own.
fn who_runs(group: &[&Workload<'_>], nodes: &str) -> String {
    let titles: Vec<String> = group.iter().map(|it| it.object.title()).collect();
    let runs = if group.len() == 1 { "runs" } else { "together run" };
    format!("{} {runs} {nodes}", list(&titles))
}
