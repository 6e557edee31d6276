//! Rules on PostgreSQL.

mod backup_destination_local;
mod backup_suspended;
mod backup_too_rare;
mod backup_untargeted;
mod cnpg_schedule_five_fields;
mod postgres_as_deployment;
mod postgres_autoscaled;
mod postgres_backup_missing;
mod postgres_config_not_loaded;
mod postgres_data_not_mounted;
mod postgres_listen_localhost;
mod postgres_logical_slot_lost;
mod postgres_pooler_single;
mod postgres_probe_kills_recovery;
mod postgres_replication_missing;
mod postgres_replication_without_failover;
mod postgres_service_splits_writes;
mod postgres_slot_unbounded;
mod postgres_storage_ephemeral;
mod postgres_too_few_instances;
mod postgres_wal_archiving_missing;
mod postgres_wal_exceeds_volume;
mod stateful_vpa_evicts;

rules! {
    backup_destination_local::BackupDestinationLocal,
    backup_suspended::BackupSuspended,
    backup_too_rare::BackupTooRare,
    backup_untargeted::BackupUntargeted,
    cnpg_schedule_five_fields::CnpgScheduleFiveFields,
    postgres_as_deployment::PostgresAsDeployment,
    postgres_autoscaled::PostgresAutoscaled,
    postgres_backup_missing::PostgresBackupMissing,
    postgres_config_not_loaded::PostgresConfigNotLoaded,
    postgres_data_not_mounted::PostgresDataNotMounted,
    postgres_listen_localhost::PostgresListenLocalhost,
    postgres_logical_slot_lost::PostgresLogicalSlotLost,
    postgres_pooler_single::PostgresPoolerSingle,
    postgres_probe_kills_recovery::PostgresProbeKillsRecovery,
    postgres_replication_missing::PostgresReplicationMissing,
    postgres_replication_without_failover::PostgresReplicationWithoutFailover,
    postgres_service_splits_writes::PostgresServiceSplitsWrites,
    postgres_slot_unbounded::PostgresSlotUnbounded,
    postgres_storage_ephemeral::PostgresStorageEphemeral,
    postgres_too_few_instances::PostgresTooFewInstances,
    postgres_wal_archiving_missing::PostgresWalArchivingMissing,
    postgres_wal_exceeds_volume::PostgresWalExceedsVolume,
    stateful_vpa_evicts::StatefulVpaEvicts,
}
