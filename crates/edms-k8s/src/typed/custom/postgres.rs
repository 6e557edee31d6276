//! Resources of the operators of `PostgreSQL`.

#![expect(dead_code, reason = "fields are read to be checked, then dropped")]
#![expect(clippy::struct_field_names, reason = "named as in the definitions")]

use serde::Deserialize;
use std::collections::BTreeMap;

/// Values of `postgresql.conf` are strings in every operator's definition, numbers among them.
type Parameters = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster {
    instances: Option<i64>,
    min_sync_replicas: Option<i64>,
    max_sync_replicas: Option<i64>,
    image_name: Option<String>,
    primary_update_strategy: Option<String>,
    #[serde(rename = "enablePDB")]
    enable_pdb: Option<bool>,
    storage: Option<Storage>,
    wal_storage: Option<Storage>,
    postgresql: Option<Postgresql>,
    affinity: Option<Affinity>,
    backup: Option<Backup>,
    monitoring: Option<Monitoring>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Storage {
    size: Option<String>,
    storage_class: Option<String>,
}

#[derive(Deserialize)]
struct Postgresql {
    parameters: Option<Parameters>,
    synchronous: Option<Synchronous>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Synchronous {
    method: Option<String>,
    number: Option<i64>,
    data_durability: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Affinity {
    enable_pod_anti_affinity: Option<bool>,
    pod_anti_affinity_type: Option<String>,
    topology_key: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Backup {
    retention_policy: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Monitoring {
    enable_pod_monitor: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct ScheduledBackup {
    schedule: Option<String>,
    suspend: Option<bool>,
    immediate: Option<bool>,
    cluster: Option<Reference>,
}

#[derive(Deserialize)]
pub(super) struct Pooler {
    instances: Option<i64>,
    r#type: Option<String>,
    cluster: Option<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Zalando {
    team_id: Option<String>,
    number_of_instances: Option<i64>,
    enable_connection_pooler: Option<bool>,
    postgresql: Option<ZalandoPostgresql>,
    volume: Option<ZalandoVolume>,
}

#[derive(Deserialize)]
struct ZalandoPostgresql {
    version: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ZalandoVolume {
    size: Option<String>,
    storage_class: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Crunchy {
    postgres_version: Option<i64>,
    instances: Option<Vec<CrunchyInstances>>,
}

#[derive(Deserialize)]
struct CrunchyInstances {
    name: Option<String>,
    replicas: Option<i64>,
}
