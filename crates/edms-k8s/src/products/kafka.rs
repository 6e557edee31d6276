//! Kafka: Strimzi, Redpanda, and the images of brokers.

/// The group of Strimzi's resources.
pub const STRIMZI: &str = "kafka.strimzi.io";
/// The group of what Strimzi makes for itself.
pub const STRIMZI_CORE: &str = "core.strimzi.io";
/// How the API names the resource that owns the pods of Kafka, ZooKeeper, Connect and MirrorMaker 2.
pub const STRIMZI_POD_SETS: &str = "strimzipodsets.core.strimzi.io";
/// The chart of Strimzi's operator.
pub const STRIMZI_CHART: &str = "strimzi-kafka-operator";
/// The chart of Strimzi's Drain Cleaner.
pub const DRAIN_CLEANER_CHART: &str = "strimzi-drain-cleaner";
/// The image of the Drain Cleaner, by the last part of its name.
pub const DRAIN_CLEANER_IMAGE: &str = "drain-cleaner";
/// The group of Redpanda's operator.
pub const REDPANDA: &str = "cluster.redpanda.com";
/// The group of Redpanda's first operator.
pub const REDPANDA_V1: &str = "redpanda.vectorized.io";

/// Images of brokers, by the last part of their names.
pub const KAFKA_IMAGES: &[&str] = &["kafka", "cp-kafka", "cp-server", "redpanda", "kafka-native"];
/// Images of ZooKeeper, likewise.
pub const ZOOKEEPER_IMAGES: &[&str] = &["zookeeper", "cp-zookeeper"];

/// Whether an image, by its repository, holds Strimzi's operators.
pub fn is_strimzi_operator(repository: &str) -> bool {
    repository.ends_with("strimzi/operator")
}
