//! Monitors of pods, for what nothing watches.

use super::new_monitoring::{for_prometheus, is_of_metrics};
use crate::index::{Index, KafkaCluster, Workload};
use crate::model::{Object, products};
use crate::rule::Repair;
use crate::rules::new_objects::{copy_selector, written_name};
use crate::rules::words::is_open;
use crate::yaml::Value;
use std::collections::BTreeSet;

/// The label of the pods of CloudNativePG (cloudnative-pg, `docs/src/monitoring.md`).
const CNPG_CLUSTER: &str = "cnpg.io/cluster";
/// The port at which all pods of Strimzi serve metrics (strimzi, `packaging/examples/metrics/prometheus-install`).
const STRIMZI_PORT: &str = "tcp-prometheus";

/// Kinds that show that the operator of Prometheus is there to read monitors.
const READ_BY_OPERATOR: &[&str] = &["Prometheus", "PrometheusAgent", "ServiceMonitor", "PodMonitor", "PrometheusRule"];

/// A monitor of a workload's pods, where one of their ports is called after the metrics that it serves.
pub(super) fn of_workload(workload: &Workload<'_>, index: &Index<'_>) -> Option<Repair> {
    let object = workload.object;
    let mut ports: BTreeSet<&str> = BTreeSet::new();
    for container in workload.template?.containers() {
        ports.extend(container.ports().filter_map(|it| it.0).filter(|it| is_of_metrics(it)));
    }
    let port = ports.first().filter(|it| ports.len() == 1 && !is_open(it))?;
    new_monitor(object, copy_selector(object)?, endpoint(port, []), index)
}

/// A monitor of the pods of a cluster of CloudNativePG.
pub(super) fn of_cnpg(cluster: &Object, index: &Index<'_>) -> Option<Repair> {
    let selector = by_labels([(CNPG_CLUSTER, cluster.name())])?;
    new_monitor(cluster, selector, endpoint("metrics", []), index)
}

/// A monitor of the pods of a Kafka cluster, which keeps the labels that alerts tell clusters apart by.
pub(super) fn of_kafka(cluster: &KafkaCluster<'_>, index: &Index<'_>) -> Option<Repair> {
    let object = cluster.object;
    let selector = by_labels([("strimzi.io/cluster", object.name()), ("strimzi.io/kind", "Kafka")])?;
    let from = |source: &str, target: &str| {
        let sources = Value::list([Value::text(source)]);
        Value::map([("sourceLabels", sources), ("targetLabel", Value::text(target))])
    };
    let labels = Value::map([
        ("action", Value::text("labelmap")),
        ("regex", Value::text("__meta_kubernetes_pod_label_(strimzi_io_.+)")),
        ("replacement", Value::text("$1")),
    ]);
    let relabelings = Value::list([
        labels,
        from("__meta_kubernetes_namespace", "namespace"),
        from("__meta_kubernetes_pod_name", "kubernetes_pod_name"),
    ]);
    let rest = [("path", Value::text("/metrics")), ("relabelings", relabelings)];
    new_monitor(object, selector, endpoint(STRIMZI_PORT, rest), index)
}

fn by_labels<const N: usize>(labels: [(&str, &str); N]) -> Option<Value> {
    let is_known = labels.iter().all(|it| !is_open(it.1));
    let labels = Value::map(labels.map(|(key, value)| (key, Value::text(value))));
    is_known.then(|| Value::map([("matchLabels", labels)]))
}

fn endpoint<const N: usize>(port: &str, rest: [(&str, Value); N]) -> Value {
    Value::map([("port", Value::text(port))].into_iter().chain(rest))
}

fn new_monitor(object: &Object, selector: Value, endpoint: Value, index: &Index<'_>) -> Option<Repair> {
    let is_read = READ_BY_OPERATOR.iter().any(|it| index.of_kind(products::PROMETHEUS, it).next().is_some());
    if !is_read && !index.has_prometheus() {
        return None;
    }
    let spec = Value::map([("selector", selector), ("podMetricsEndpoints", Value::list([endpoint]))]);
    let monitor = for_prometheus(object, "PodMonitor", written_name(object), spec, index)?;
    Some(Repair::new().append(object, vec![monitor.value]))
}
