//! `kafka-metrics-disabled`

use crate::index::kafka::{Mode, RulesIn};
use crate::index::{Index, KafkaCluster};
use crate::model::{Object, Version};
use crate::rule::{Context, Repair, Similar, Verdict, rule};
use crate::rules::new_objects::written_name;
use crate::yaml::Value;

const HELP: &str = "set metricsConfig: jmxPrometheusExporter with the rules of Strimzi's examples in a ConfigMap, or, since \
                    Strimzi 0.47, strimziMetricsReporter; then let Prometheus scrape the pods by a PodMonitor";

/// The release that brought the second type.
const REPORTER: Version = Version::new(0, 47, 0);

rule!(KafkaMetricsDisabled, "kafka/kafka-metrics-disabled.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if cluster.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let has = |part: &str, key: &str| object.node().at(&["spec", part, key]).is_some();
    // `metrics` is its form in the API versions before v1beta2.
    let is_silent = |part: &str| !has(part, "metricsConfig") && !has(part, "metrics");
    let has_zookeeper = cluster.mode != Mode::Kraft && has("zookeeper", "replicas");
    let zookeeper = has_zookeeper && is_silent("zookeeper");
    if !is_silent("kafka") {
        if let Some(release) = cx.index().kafka_release().filter(|it| *it < REPORTER)
            && object.node().str_at(&["spec", "kafka", "metricsConfig", "type"]) == Some("strimziMetricsReporter")
        {
            return too_early(cluster, release, cx);
        }
        if !zookeeper {
            return Verdict::Pass;
        }
        let message = format!("the ZooKeeper of {} exports no metrics", object.title());
        return cx.fail(object, object.place(&["spec", "zookeeper", "metricsConfig"]), message).help(HELP).verdict();
    }
    if object.node().at(&["spec", "kafka", "config", "metric.reporters"]).is_some() {
        return Verdict::open("its own metric.reporters may export metrics");
    }
    let message = format!("{} exports no metrics of its brokers", object.title());
    let other = zookeeper.then(|| object.place(&["spec", "zookeeper", "metricsConfig"]).span);
    let repair = metrics_from_rules(object, cx.index());
    cx.fail(object, object.place(&["spec", "kafka", "metricsConfig"]), message)
        .help(HELP)
        .fix(repair)
        .labels(other.map(|it| (it, "ZooKeeper exports none either")))
        .listed_with_similar(Similar {
            noun: "Kafka clusters",
            verdict: "export no metrics of their brokers",
            name: object.name().to_owned(),
            help: HELP,
        })
        .verdict()
}

fn too_early(cluster: &KafkaCluster<'_>, release: Version, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let message =
        format!("{} asks for strimziMetricsReporter, which its operator {release} does not know", object.title());
    let operator = cx.index().kafka_operator().map(|it| (it.span, "the operator"));
    cx.fail(object, object.place(&["spec", "kafka", "metricsConfig", "type"]), message)
        .help("it came with Strimzi 0.47: use jmxPrometheusExporter, or a newer operator")
        .labels(operator)
        .verdict()
}

/// Metrics by the only rules for brokers that a ConfigMap of the namespace holds.
fn metrics_from_rules(object: &Object, index: &Index<'_>) -> Option<Repair> {
    let RulesIn { object: map, entry } = index.only_broker_rules(object).filter(|it| it.object.is_named)?;
    let reference = Value::map([("name", Value::text(written_name(map))), ("key", Value::text(entry.name()))]);
    let config = Value::map([
        ("type", Value::text("jmxPrometheusExporter")),
        ("valueFrom", Value::map([("configMapKeyRef", reference)])),
    ]);
    let repair = Repair::new().set(object, &["spec", "kafka", "metricsConfig"], config);
    Some(repair.effect("the operator restarts the brokers one by one"))
}
