//! Storage, what backs it up, and stores that are neither Kafka nor PostgreSQL.

/// The group of Velero.
pub const VELERO: &str = "velero.io";
/// The group of Kasten's policies.
pub const KASTEN: &str = "config.kio.kasten.io";
/// The group of Stork.
pub const STORK: &str = "stork.libopenstorage.org";
/// The group of Longhorn.
pub const LONGHORN: &str = "longhorn.io";
/// The group of Rook's Ceph.
pub const ROOK: &str = "ceph.rook.io";
/// The group of RabbitMQ's operator.
pub const RABBITMQ: &str = "rabbitmq.com";
/// The group of MongoDB's community operator.
pub const MONGODB: &str = "mongodbcommunity.mongodb.com";
