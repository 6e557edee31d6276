//! Rules on Kafka and ZooKeeper.

use super::words::list;
use crate::index::Workload;

pub(super) mod kafka_autoscaled;
pub(super) mod kafka_nodepool_missing;
pub(super) mod kafka_storage_ephemeral;
pub(super) mod kafka_too_few_brokers;
pub(super) mod kraft_too_few_controllers;
pub(super) mod zookeeper_too_few_nodes;

/// Says how many nodes workloads run: each node may be a workload of its own.
fn who_runs(group: &[&Workload<'_>], nodes: &str) -> String {
    let titles: Vec<String> = group.iter().map(|it| it.object.title()).collect();
    let runs = if group.len() == 1 { "runs" } else { "together run" };
    format!("{} {runs} {nodes}", list(&titles))
}
