//! `kafka-metrics-disabled`

use crate::index::KafkaCluster;
use crate::index::kafka::Mode;
use crate::model::Version;
use crate::rule::{Context, NoParams, Rule, Similar, Walk};

pub(crate) struct KafkaMetricsDisabled;

const HELP: &str = "set metricsConfig: jmxPrometheusExporter with the rules of Strimzi's examples in a ConfigMap, or, since \
                    Strimzi 0.47, strimziMetricsReporter; then let Prometheus scrape the pods by a PodMonitor";

/// The release that brought the second type.
const REPORTER: Version = Version::new(0, 47, 0);

impl Rule for KafkaMetricsDisabled {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-metrics-disabled.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters().iter().filter(|it| !it.is_switched_off()) {
                check_cluster(cluster, cx);
            }
        });
    }
}

fn check_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
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
            return cx.pass(object);
        }
        let message = format!("the ZooKeeper of {} exports no metrics", object.title());
        cx.fail(object, object.place(&["spec", "zookeeper", "metricsConfig"]), message).help(HELP);
        return;
    }
    if object.node().at(&["spec", "kafka", "config", "metric.reporters"]).is_some() {
        return cx.not_verifiable(object, "its own metric.reporters may export metrics");
    }
    let message = format!("{} exports no metrics of its brokers", object.title());
    let alike = Similar {
        noun: "Kafka clusters",
        verdict: "export no metrics of their brokers",
        name: object.name().to_owned(),
        help: HELP,
    };
    let place = object.place(&["spec", "kafka", "metricsConfig"]);
    let mut draft = cx.fail(object, place, message).help(HELP).listed_with_similar(alike);
    if zookeeper {
        draft =
            draft.label(object.place(&["spec", "zookeeper", "metricsConfig"]).span, "ZooKeeper exports none either");
    }
    _ = draft;
}

fn too_early(cluster: &KafkaCluster<'_>, release: Version, cx: &mut Context<'_>) {
    let object = cluster.object;
    let message =
        format!("{} asks for strimziMetricsReporter, which its operator {release} does not know", object.title());
    let operator = cx.index().kafka_operator().map(|it| it.span);
    let draft = cx
        .fail(object, object.place(&["spec", "kafka", "metricsConfig", "type"]), message)
        .help("it came with Strimzi 0.47: use jmxPrometheusExporter, or a newer operator");
    if let Some(span) = operator {
        draft.label(span, "the operator");
    }
}
