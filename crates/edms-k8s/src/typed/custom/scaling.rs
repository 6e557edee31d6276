//! Resources that scale and watch workloads.

#![expect(dead_code, reason = "fields are read to be checked, then dropped")]

use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::Deserialize;
use std::collections::BTreeMap;

type Texts = BTreeMap<String, String>;

#[derive(Deserialize)]
pub(super) struct Replicas {
    replicas: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Keda {
    min_replica_count: Option<i64>,
    max_replica_count: Option<i64>,
    idle_replica_count: Option<i64>,
    polling_interval: Option<i64>,
    cooldown_period: Option<i64>,
    scale_target_ref: Option<Target>,
    triggers: Option<Vec<Trigger>>,
}

#[derive(Deserialize)]
struct Target {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trigger {
    r#type: Option<String>,
    metadata: Option<Texts>,
    metric_type: Option<String>,
    use_cached_metrics: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Monitor {
    selector: Option<LabelSelector>,
    endpoints: Option<Vec<Endpoint>>,
    pod_metrics_endpoints: Option<Vec<Endpoint>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    port: Option<String>,
    target_port: Option<IntOrString>,
    path: Option<String>,
    interval: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Rules {
    groups: Option<Vec<RuleGroup>>,
}

#[derive(Deserialize)]
struct RuleGroup {
    name: Option<String>,
    interval: Option<String>,
    rules: Option<Vec<Rule>>,
}

#[derive(Deserialize)]
struct Rule {
    alert: Option<String>,
    record: Option<String>,
    expr: Option<IntOrString>,
    r#for: Option<String>,
    labels: Option<Texts>,
    annotations: Option<Texts>,
}
