//! Strimzi's resources. Numbers are wider than in the definitions: a finding is about the type, not the range.

#![expect(dead_code, reason = "fields are read to be checked, then dropped")]
#![expect(clippy::struct_field_names, reason = "named as in the definitions")]

use k8s_openapi::apimachinery::pkg::runtime::RawExtension;
use serde::Deserialize;
use std::collections::BTreeMap;

type Options = BTreeMap<String, RawExtension>;

#[derive(Deserialize)]
pub(super) struct Kafka {
    kafka: Option<Brokers>,
    zookeeper: Option<Nodes>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Brokers {
    version: Option<String>,
    metadata_version: Option<String>,
    replicas: Option<i64>,
    config: Option<Options>,
    rack: Option<Rack>,
    storage: Option<Storage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rack {
    topology_key: Option<String>,
}

#[derive(Deserialize)]
struct Nodes {
    replicas: Option<i64>,
    storage: Option<Storage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Storage {
    r#type: Option<String>,
    size: Option<String>,
    class: Option<String>,
    delete_claim: Option<bool>,
    id: Option<i64>,
    volumes: Option<Vec<Storage>>,
}

#[derive(Deserialize)]
pub(super) struct NodePool {
    replicas: Option<i64>,
    roles: Option<Vec<String>>,
    storage: Option<Storage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Topic {
    topic_name: Option<String>,
    partitions: Option<i64>,
    replicas: Option<i64>,
    config: Option<Options>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connect {
    version: Option<String>,
    replicas: Option<i64>,
    bootstrap_servers: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connector {
    class: Option<String>,
    tasks_max: Option<i64>,
    pause: Option<bool>,
    config: Option<Options>,
}
