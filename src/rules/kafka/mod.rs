//! Rules on Kafka and ZooKeeper.

mod kafka_anonymous_denied;
mod kafka_anti_affinity_missing;
mod kafka_api_version_unserved;
mod kafka_autoscaled;
mod kafka_backup_missing;
mod kafka_bootstrap_dangling;
mod kafka_bootstrap_fragile;
mod kafka_combined_roles;
mod kafka_connect_shared_group;
mod kafka_connect_single_replica;
mod kafka_cruise_control_missing;
mod kafka_exporter_missing;
mod kafka_ignored_fields;
mod kafka_internal_topics_replication_low;
mod kafka_kraft_annotations;
mod kafka_listener_unreachable;
mod kafka_metrics_configmap_missing;
mod kafka_metrics_configmap_unused;
mod kafka_metrics_disabled;
mod kafka_metrics_rules_incomplete;
mod kafka_min_insync_mismatch;
mod kafka_nodepool_missing;
mod kafka_nodepool_orphan;
mod kafka_pdb_disabled;
mod kafka_pdb_max_unavailable;
mod kafka_rack_unaware;
mod kafka_reconciliation_paused;
mod kafka_replication_factor_low;
mod kafka_resources_missing;
mod kafka_retention_exceeds_volume;
mod kafka_rf_exceeds_brokers;
mod kafka_storage_delete_claim;
mod kafka_storage_ephemeral;
mod kafka_storage_file_based;
mod kafka_too_few_brokers;
mod kafka_topic_created_with_rf1;
mod kafka_topic_min_insync_mismatch;
mod kafka_topic_replication_low;
mod kafka_topic_unmanaged;
mod kafka_topics_auto_created;
mod kafka_unclean_leader_election;
mod kafka_unmanaged;
mod kafka_unmanaged_identity;
mod kafka_version_unpinned;
mod kafka_version_unsupported;
mod kafka_zookeeper_removed;
mod keda_topic_unknown;
mod kraft_even_quorum;
mod kraft_too_few_controllers;
mod operator_not_watching_namespace;
mod pins;
mod quorum;
mod quorum_needs_unready_addresses;
mod replication;
mod strimzi_kubernetes_too_old;
mod strimzi_operator_single_replica;
mod strimzi_operator_version_conflict;
mod topic_copies;
mod unmanaged_nodes;
mod zookeeper_even_quorum;
mod zookeeper_too_few_nodes;

rules! {
    kafka_anonymous_denied::KafkaAnonymousDenied,
    kafka_anti_affinity_missing::KafkaAntiAffinityMissing,
    kafka_api_version_unserved::KafkaApiVersionUnserved,
    kafka_autoscaled::KafkaAutoscaled,
    kafka_backup_missing::KafkaBackupMissing,
    kafka_bootstrap_dangling::KafkaBootstrapDangling,
    kafka_bootstrap_fragile::KafkaBootstrapFragile,
    kafka_combined_roles::KafkaCombinedRoles,
    kafka_connect_shared_group::KafkaConnectSharedGroup,
    kafka_connect_single_replica::KafkaConnectSingleReplica,
    kafka_cruise_control_missing::KafkaCruiseControlMissing,
    kafka_exporter_missing::KafkaExporterMissing,
    kafka_ignored_fields::KafkaIgnoredFields,
    kafka_internal_topics_replication_low::KafkaInternalTopicsReplicationLow,
    kafka_kraft_annotations::KafkaKraftAnnotations,
    kafka_listener_unreachable::KafkaListenerUnreachable,
    kafka_metrics_configmap_missing::KafkaMetricsConfigmapMissing,
    kafka_metrics_configmap_unused::KafkaMetricsConfigmapUnused,
    kafka_metrics_disabled::KafkaMetricsDisabled,
    kafka_metrics_rules_incomplete::KafkaMetricsRulesIncomplete,
    kafka_min_insync_mismatch::KafkaMinInsyncMismatch,
    kafka_nodepool_missing::KafkaNodepoolMissing,
    kafka_nodepool_orphan::KafkaNodepoolOrphan,
    kafka_pdb_disabled::KafkaPdbDisabled,
    kafka_pdb_max_unavailable::KafkaPdbMaxUnavailable,
    kafka_rack_unaware::KafkaRackUnaware,
    kafka_reconciliation_paused::KafkaReconciliationPaused,
    kafka_replication_factor_low::KafkaReplicationFactorLow,
    kafka_resources_missing::KafkaResourcesMissing,
    kafka_retention_exceeds_volume::KafkaRetentionExceedsVolume,
    kafka_rf_exceeds_brokers::KafkaRfExceedsBrokers,
    kafka_storage_delete_claim::KafkaStorageDeleteClaim,
    kafka_storage_ephemeral::KafkaStorageEphemeral,
    kafka_storage_file_based::KafkaStorageFileBased,
    kafka_too_few_brokers::KafkaTooFewBrokers,
    kafka_topic_created_with_rf1::KafkaTopicCreatedWithRf1,
    kafka_topic_min_insync_mismatch::KafkaTopicMinInsyncMismatch,
    kafka_topic_replication_low::KafkaTopicReplicationLow,
    kafka_topic_unmanaged::KafkaTopicUnmanaged,
    kafka_topics_auto_created::KafkaTopicsAutoCreated,
    kafka_unclean_leader_election::KafkaUncleanLeaderElection,
    kafka_unmanaged::KafkaUnmanaged,
    kafka_unmanaged_identity::KafkaUnmanagedIdentity,
    kafka_version_unpinned::KafkaVersionUnpinned,
    kafka_version_unsupported::KafkaVersionUnsupported,
    kafka_zookeeper_removed::KafkaZookeeperRemoved,
    keda_topic_unknown::KedaTopicUnknown,
    kraft_even_quorum::KraftEvenQuorum,
    kraft_too_few_controllers::KraftTooFewControllers,
    operator_not_watching_namespace::OperatorNotWatchingNamespace,
    quorum_needs_unready_addresses::QuorumNeedsUnreadyAddresses,
    strimzi_kubernetes_too_old::StrimziKubernetesTooOld,
    strimzi_operator_single_replica::StrimziOperatorSingleReplica,
    strimzi_operator_version_conflict::StrimziOperatorVersionConflict,
    zookeeper_even_quorum::ZookeeperEvenQuorum,
    zookeeper_too_few_nodes::ZookeeperTooFewNodes,
}

/// `1 copy`, `2 copies`.
fn copies_of(number: i64) -> String {
    if number == 1 { "1 copy".to_owned() } else { format!("{number} copies") }
}
