//! Rules on Kafka and ZooKeeper.

pub(super) mod kafka_autoscaled;
pub(super) mod kafka_nodepool_missing;
pub(super) mod kafka_storage_ephemeral;
pub(super) mod kafka_too_few_brokers;
pub(super) mod kraft_too_few_controllers;
pub(super) mod zookeeper_too_few_nodes;
