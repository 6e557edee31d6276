//! Rules on Kafka and ZooKeeper.

use super::words::list;
use crate::index::Workload;

mod kafka_autoscaled;
mod kafka_nodepool_missing;
mod kafka_storage_ephemeral;
mod kafka_too_few_brokers;
mod kraft_too_few_controllers;
mod zookeeper_too_few_nodes;

rules! {
    kafka_autoscaled::KafkaAutoscaled,
    kafka_nodepool_missing::KafkaNodepoolMissing,
    kafka_storage_ephemeral::KafkaStorageEphemeral,
    kafka_too_few_brokers::KafkaTooFewBrokers,
    kraft_too_few_controllers::KraftTooFewControllers,
    zookeeper_too_few_nodes::ZookeeperTooFewNodes,
}

/// Says how many nodes workloads run: each node may be a workload of its own.
fn who_runs(group: &[&Workload<'_>], nodes: &str) -> String {
    let titles: Vec<String> = group.iter().map(|it| it.object.title()).collect();
    let runs = if group.len() == 1 { "runs" } else { "together run" };
    format!("{} {runs} {nodes}", list(&titles))
}
