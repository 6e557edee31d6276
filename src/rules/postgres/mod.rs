//! Rules on PostgreSQL.

mod postgres_data_not_mounted;
mod postgres_replication_missing;
mod postgres_storage_ephemeral;
mod postgres_too_few_instances;

rules! {
    postgres_data_not_mounted::PostgresDataNotMounted,
    postgres_replication_missing::PostgresReplicationMissing,
    postgres_storage_ephemeral::PostgresStorageEphemeral,
    postgres_too_few_instances::PostgresTooFewInstances,
}
