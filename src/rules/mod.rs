//! The rules: the one list of them, in the component folders of their pages.

mod alike;
mod autoscaling;
mod cluster;
mod disruption;
mod kafka;
mod manifest;
mod postgres;
mod scheduling;
mod storage;
pub(crate) mod words;
mod workload;

use crate::rule::Entry;

/// Every rule, by component and id.
pub static ALL: [Entry; 29] = [
    Entry::of::<autoscaling::hpa_floor_too_low::HpaFloorTooLow>(),
    Entry::of::<autoscaling::hpa_missing::HpaMissing>(),
    Entry::of::<autoscaling::hpa_target_invalid::HpaTargetInvalid>(),
    Entry::of::<cluster::cluster_too_few_nodes::ClusterTooFewNodes>(),
    Entry::of::<disruption::pdb_blocks_drain::PdbBlocksDrain>(),
    Entry::of::<disruption::pdb_custom_controller::PdbCustomController>(),
    Entry::of::<disruption::pdb_missing::PdbMissing>(),
    Entry::of::<disruption::pdb_overlap::PdbOverlap>(),
    Entry::of::<disruption::pdb_selects_nothing::PdbSelectsNothing>(),
    Entry::of::<kafka::kafka_autoscaled::KafkaAutoscaled>(),
    Entry::of::<kafka::kafka_nodepool_missing::KafkaNodepoolMissing>(),
    Entry::of::<kafka::kafka_storage_ephemeral::KafkaStorageEphemeral>(),
    Entry::of::<kafka::kafka_too_few_brokers::KafkaTooFewBrokers>(),
    Entry::of::<kafka::kraft_too_few_controllers::KraftTooFewControllers>(),
    Entry::of::<kafka::zookeeper_too_few_nodes::ZookeeperTooFewNodes>(),
    Entry::of::<manifest::duplicate_object::DuplicateObject>(),
    Entry::of::<manifest::manifest_duplicate_key::ManifestDuplicateKey>(),
    Entry::of::<manifest::manifest_invalid::ManifestInvalid>(),
    Entry::of::<manifest::manifest_syntax::ManifestSyntax>(),
    Entry::of::<manifest::manifest_unknown_field::ManifestUnknownField>(),
    Entry::of::<manifest::removed_api_version::RemovedApiVersion>(),
    Entry::of::<postgres::postgres_too_few_instances::PostgresTooFewInstances>(),
    Entry::of::<scheduling::anti_affinity_missing::AntiAffinityMissing>(),
    Entry::of::<scheduling::spread_selector_mismatch::SpreadSelectorMismatch>(),
    Entry::of::<storage::storage_not_redundant::StorageNotRedundant>(),
    Entry::of::<workload::liveness_probe_missing::LivenessProbeMissing>(),
    Entry::of::<workload::probe_target_invalid::ProbeTargetInvalid>(),
    Entry::of::<workload::readiness_probe_missing::ReadinessProbeMissing>(),
    Entry::of::<workload::workload_too_few_replicas::WorkloadTooFewReplicas>(),
];

/// All rules.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    ALL.iter()
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Entry> {
    ALL.iter().find(|it| it.id() == id)
}
