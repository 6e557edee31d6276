//! Rules on PostgreSQL.

mod postgres_as_deployment;
mod postgres_autoscaled;
mod postgres_config_not_loaded;
mod postgres_data_not_mounted;
mod postgres_listen_localhost;
mod postgres_probe_kills_recovery;
mod postgres_replication_missing;
mod postgres_service_splits_writes;
mod postgres_storage_ephemeral;
mod postgres_too_few_instances;

rules! {
    postgres_as_deployment::PostgresAsDeployment,
    postgres_autoscaled::PostgresAutoscaled,
    postgres_config_not_loaded::PostgresConfigNotLoaded,
    postgres_data_not_mounted::PostgresDataNotMounted,
    postgres_listen_localhost::PostgresListenLocalhost,
    postgres_probe_kills_recovery::PostgresProbeKillsRecovery,
    postgres_replication_missing::PostgresReplicationMissing,
    postgres_service_splits_writes::PostgresServiceSplitsWrites,
    postgres_storage_ephemeral::PostgresStorageEphemeral,
    postgres_too_few_instances::PostgresTooFewInstances,
}
