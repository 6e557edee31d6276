//! Rules on PostgreSQL.

mod backup_suspended;
mod cnpg_schedule_five_fields;
mod postgres_as_deployment;
mod postgres_autoscaled;
mod postgres_backup_missing;
mod postgres_config_not_loaded;
mod postgres_data_not_mounted;
mod postgres_listen_localhost;
mod postgres_pooler_single;
mod postgres_probe_kills_recovery;
mod postgres_replication_missing;
mod postgres_replication_without_failover;
mod postgres_service_splits_writes;
mod postgres_storage_ephemeral;
mod postgres_too_few_instances;
mod postgres_wal_exceeds_volume;
mod stateful_vpa_evicts;

rules! {
    backup_suspended::BackupSuspended,
    cnpg_schedule_five_fields::CnpgScheduleFiveFields,
    postgres_as_deployment::PostgresAsDeployment,
    postgres_autoscaled::PostgresAutoscaled,
    postgres_backup_missing::PostgresBackupMissing,
    postgres_config_not_loaded::PostgresConfigNotLoaded,
    postgres_data_not_mounted::PostgresDataNotMounted,
    postgres_listen_localhost::PostgresListenLocalhost,
    postgres_pooler_single::PostgresPoolerSingle,
    postgres_probe_kills_recovery::PostgresProbeKillsRecovery,
    postgres_replication_missing::PostgresReplicationMissing,
    postgres_replication_without_failover::PostgresReplicationWithoutFailover,
    postgres_service_splits_writes::PostgresServiceSplitsWrites,
    postgres_storage_ephemeral::PostgresStorageEphemeral,
    postgres_too_few_instances::PostgresTooFewInstances,
    postgres_wal_exceeds_volume::PostgresWalExceedsVolume,
    stateful_vpa_evicts::StatefulVpaEvicts,
}
