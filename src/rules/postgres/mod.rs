//! Rules on PostgreSQL.

mod backup_destination_local;
mod backup_destination_shared;
mod backup_job_unbounded;
mod backup_retention_missing;
mod backup_suspended;
mod backup_too_rare;
mod backup_untargeted;
mod cnpg_image_without_barman;
mod cnpg_schedule_five_fields;
mod config_as_envfrom;
mod networkpolicy_blocks_operator;
mod operator_paused;
mod postgres_as_deployment;
mod postgres_autoscaled;
mod postgres_backup_missing;
mod postgres_config_not_loaded;
mod postgres_connections_exceeded;
mod postgres_data_not_mounted;
mod postgres_grace_too_short;
mod postgres_listen_localhost;
mod postgres_logical_slot_lost;
mod postgres_memory_exceeds_limit;
mod postgres_not_synchronous;
mod postgres_operator_recommended;
mod postgres_pgdata_mountpoint;
mod postgres_pooler_single;
mod postgres_probe_kills_recovery;
mod postgres_read_replicas_unused;
mod postgres_replication_missing;
mod postgres_replication_without_failover;
mod postgres_resources_missing;
mod postgres_service_splits_writes;
mod postgres_single_instance_pdb;
mod postgres_slot_unbounded;
mod postgres_spread_missing;
mod postgres_storage_ephemeral;
mod postgres_storage_file_based;
mod postgres_sync_blocks_writes;
mod postgres_too_few_instances;
mod postgres_wal_archiving_missing;
mod postgres_wal_exceeds_volume;
mod postgres_wal_shares_volume;
mod releases;
mod stateful_vpa_evicts;

rules! {
    backup_destination_local::BackupDestinationLocal,
    backup_destination_shared::BackupDestinationShared,
    backup_job_unbounded::BackupJobUnbounded,
    backup_retention_missing::BackupRetentionMissing,
    backup_suspended::BackupSuspended,
    backup_too_rare::BackupTooRare,
    backup_untargeted::BackupUntargeted,
    cnpg_image_without_barman::CnpgImageWithoutBarman,
    cnpg_schedule_five_fields::CnpgScheduleFiveFields,
    config_as_envfrom::ConfigAsEnvfrom,
    networkpolicy_blocks_operator::NetworkpolicyBlocksOperator,
    operator_paused::OperatorPaused,
    postgres_as_deployment::PostgresAsDeployment,
    postgres_autoscaled::PostgresAutoscaled,
    postgres_backup_missing::PostgresBackupMissing,
    postgres_config_not_loaded::PostgresConfigNotLoaded,
    postgres_connections_exceeded::PostgresConnectionsExceeded,
    postgres_data_not_mounted::PostgresDataNotMounted,
    postgres_grace_too_short::PostgresGraceTooShort,
    postgres_listen_localhost::PostgresListenLocalhost,
    postgres_logical_slot_lost::PostgresLogicalSlotLost,
    postgres_memory_exceeds_limit::PostgresMemoryExceedsLimit,
    postgres_not_synchronous::PostgresNotSynchronous,
    postgres_operator_recommended::PostgresOperatorRecommended,
    postgres_pgdata_mountpoint::PostgresPgdataMountpoint,
    postgres_pooler_single::PostgresPoolerSingle,
    postgres_probe_kills_recovery::PostgresProbeKillsRecovery,
    postgres_read_replicas_unused::PostgresReadReplicasUnused,
    postgres_replication_missing::PostgresReplicationMissing,
    postgres_replication_without_failover::PostgresReplicationWithoutFailover,
    postgres_resources_missing::PostgresResourcesMissing,
    postgres_service_splits_writes::PostgresServiceSplitsWrites,
    postgres_single_instance_pdb::PostgresSingleInstancePdb,
    postgres_slot_unbounded::PostgresSlotUnbounded,
    postgres_spread_missing::PostgresSpreadMissing,
    postgres_storage_ephemeral::PostgresStorageEphemeral,
    postgres_storage_file_based::PostgresStorageFileBased,
    postgres_sync_blocks_writes::PostgresSyncBlocksWrites,
    postgres_too_few_instances::PostgresTooFewInstances,
    postgres_wal_archiving_missing::PostgresWalArchivingMissing,
    postgres_wal_exceeds_volume::PostgresWalExceedsVolume,
    postgres_wal_shares_volume::PostgresWalSharesVolume,
    stateful_vpa_evicts::StatefulVpaEvicts,
}
