//! Rules on Kafka and ZooKeeper.

use super::words::list;
use crate::index::Workload;

mod kafka_autoscaled;
mod kafka_internal_topics_replication_low;
mod kafka_min_insync_mismatch;
mod kafka_nodepool_missing;
mod kafka_replication_factor_low;
mod kafka_rf_exceeds_brokers;
mod kafka_storage_ephemeral;
mod kafka_too_few_brokers;
mod kafka_topic_min_insync_mismatch;
mod kafka_topic_replication_low;
mod kraft_too_few_controllers;
mod topic_story;
mod zookeeper_too_few_nodes;

rules! {
    kafka_autoscaled::KafkaAutoscaled,
    kafka_internal_topics_replication_low::KafkaInternalTopicsReplicationLow,
    kafka_min_insync_mismatch::KafkaMinInsyncMismatch,
    kafka_nodepool_missing::KafkaNodepoolMissing,
    kafka_replication_factor_low::KafkaReplicationFactorLow,
    kafka_rf_exceeds_brokers::KafkaRfExceedsBrokers,
    kafka_storage_ephemeral::KafkaStorageEphemeral,
    kafka_too_few_brokers::KafkaTooFewBrokers,
    kafka_topic_min_insync_mismatch::KafkaTopicMinInsyncMismatch,
    kafka_topic_replication_low::KafkaTopicReplicationLow,
    kraft_too_few_controllers::KraftTooFewControllers,
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
