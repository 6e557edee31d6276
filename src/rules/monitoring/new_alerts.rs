//! The alerts that are missing, as one PrometheusRule.

use super::new_monitoring::for_prometheus;
use crate::index::Index;
use crate::index::monitoring::Condition;
use crate::index::postgres::Flavor;
use crate::model::Object;
use crate::rule::Repair;
use crate::rules::new_objects::written_name;
use crate::rules::words::is_open;
use crate::yaml::Value;
use std::collections::BTreeSet;

/// Alerts on these conditions beside an object. Nothing unless a Prometheus of the manifests takes them, and each
/// condition can be told by series that are there.
pub(super) fn on(beside: &Object, conditions: &[Condition], index: &Index<'_>) -> Option<Repair> {
    let alerts: Option<Vec<Vec<Value>>> = conditions.iter().map(|it| of(*it, index)).collect();
    let name = written_name(beside);
    let group =
        Value::map([("name", Value::text(name)), ("rules", Value::List(alerts?.into_iter().flatten().collect()))]);
    let spec = Value::map([("groups", Value::list([group]))]);
    let rule = for_prometheus(beside, "PrometheusRule", name, spec, index).filter(|it| it.is_taken)?;
    Some(Repair::new().append(beside, vec![rule.value]))
}

fn of(condition: Condition, index: &Index<'_>) -> Option<Vec<Value>> {
    match condition {
        Condition::Pod => Some(vec![pods(&of_all(index)?)]),
        Condition::Cpu => Some(vec![cpu(&of_all(index)?)]),
        Condition::Memory => Some(vec![memory(&of_all(index)?)]),
        Condition::Kafka => kafka(index),
        Condition::Postgres => postgres(index),
        Condition::Ceiling => None,
    }
}

/// A matcher of the namespaces of applications and stores.
fn of_all(index: &Index<'_>) -> Option<String> {
    let apps = index.workloads().iter().filter(|it| it.role.is_recognised_app()).map(|it| it.object);
    let kafka = index.kafka_clusters().iter().filter(|it| !it.is_switched_off()).map(|it| it.object);
    let postgres = index.postgres_clusters().iter().filter(|it| it.instances != Some(0)).map(|it| it.object);
    matcher(apps.chain(kafka).chain(postgres))
}

/// `namespace="shop"`, or `namespace=~"orders|shop"`; nothing where one is not known.
fn matcher<'a>(objects: impl Iterator<Item = &'a Object>) -> Option<String> {
    let namespaces: Option<BTreeSet<&str>> = objects.map(|it| it.namespace().filter(|it| !is_open(it))).collect();
    let namespaces: Vec<&str> = namespaces?.into_iter().collect();
    match namespaces.as_slice() {
        [] => None,
        [only] => Some(format!("namespace=\"{only}\"")),
        several => Some(format!("namespace=~\"{}\"", several.join("|"))),
    }
}

fn alert(name: &str, severity: &str, minutes: u32, summary: &str, expression: String) -> Value {
    Value::map([
        ("alert", Value::text(name)),
        ("expr", Value::text(expression)),
        ("for", Value::text(format!("{minutes}m"))),
        ("labels", Value::map([("severity", Value::text(severity))])),
        ("annotations", Value::map([("summary", Value::text(summary))])),
    ])
}

/// Pods of finished Jobs are never ready.
fn pods(at: &str) -> Value {
    let expression = format!(
        "min by (namespace, pod) (kube_pod_status_ready{{{at}, condition=\"true\"}}) == 0 unless on (namespace, pod) \
         kube_pod_status_phase{{{at}, phase=\"Succeeded\"}} == 1"
    );
    let summary = "Pod {{ $labels.namespace }}/{{ $labels.pod }} is not ready";
    alert("PodNotReady", "warning", 10, summary, expression)
}

/// Use above what is requested is right for what an autoscaler scales: what counts is being held back.
fn cpu(at: &str) -> Value {
    let sum =
        |series: &str| format!("sum by (namespace, pod, container) (rate({series}{{{at}, container!=\"\"}}[5m]))");
    let throttled = sum("container_cpu_cfs_throttled_periods_total");
    let expression = format!("{throttled} / {} > 0.5", sum("container_cpu_cfs_periods_total"));
    let summary = "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is held back at its CPU \
                   limit";
    alert("CpuThrottled", "warning", 15, summary, expression)
}

fn memory(at: &str) -> Value {
    let expression = format!(
        "max by (namespace, pod, container) (container_memory_working_set_bytes{{{at}, container!=\"\"}}) / on \
         (namespace, pod, container) max by (namespace, pod, container) \
         (kube_pod_container_resource_limits{{{at}, resource=\"memory\"}}) > 0.9"
    );
    let summary =
        "Container {{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} is near its memory limit";
    alert("MemoryNearLimit", "warning", 5, summary, expression)
}

/// Under-replication and the controller are two things. Both need the metrics of brokers, and the labels by which a
/// monitor tells clusters apart.
fn kafka(index: &Index<'_>) -> Option<Vec<Value>> {
    let clusters: Vec<_> = index.kafka_clusters().iter().filter(|it| !it.is_switched_off()).collect();
    let measures = |it: &Object| it.node().at(&["spec", "kafka", "metricsConfig"]).is_some();
    if !clusters.iter().all(|it| measures(it.object)) {
        return None;
    }
    let at = matcher(clusters.iter().map(|it| it.object))?;
    let sum = |series: &str| format!("sum by (namespace, strimzi_io_cluster) ({series}{{{at}}})");
    let partitions = sum("kafka_server_replicamanager_underreplicatedpartitions");
    let controllers = sum("kafka_controller_kafkacontroller_activecontrollercount");
    Some(vec![
        alert(
            "KafkaUnderReplicatedPartitions",
            "warning",
            5,
            "Kafka in {{ $labels.namespace }} has {{ $value }} partitions with too few copies",
            format!("{partitions} > 0"),
        ),
        alert(
            "KafkaActiveControllers",
            "critical",
            5,
            "Kafka in {{ $labels.namespace }} has {{ $value }} active controllers, not 1",
            format!("{controllers} != 1"),
        ),
    ])
}

/// What CloudNativePG's pods say of themselves, or an exporter beside a server.
fn postgres(index: &Index<'_>) -> Option<Vec<Value>> {
    let clusters: Vec<_> = index.postgres_clusters().iter().filter(|it| it.instances != Some(0)).collect();
    let at = matcher(clusters.iter().map(|it| it.object))?;
    if clusters.iter().all(|it| it.flavor == Flavor::Cnpg) {
        let summary = "PostgreSQL in {{ $labels.pod }} of {{ $labels.namespace }} does not answer";
        let expression = format!("min by (namespace, pod) (cnpg_collector_up{{{at}}}) == 0");
        return Some(vec![alert("PostgresDown", "critical", 5, summary, expression)]);
    }
    index.postgres_exporters().next()?;
    let of_operators = clusters.iter().any(|it| it.flavor == Flavor::Cnpg);
    let summary = "PostgreSQL behind {{ $labels.instance }} in {{ $labels.namespace }} does not answer";
    let expression = format!("min by (namespace, instance) (pg_up{{{at}}}) == 0");
    (!of_operators).then(|| vec![alert("PostgresDown", "critical", 5, summary, expression)])
}
