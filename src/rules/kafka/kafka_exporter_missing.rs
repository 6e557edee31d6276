//! `kafka-exporter-missing`

use crate::index::{Index, KafkaCluster};
use crate::model::products;
use crate::model::products::KAFKA_LAG_EXPORTERS;
use crate::rule::{Context, Repair, Similar, Verdict, rule};
use crate::yaml::{NodeRef, Value};

const HELP: &str =
    "add spec.kafkaExporter with topicRegex and groupRegex: a consumer that has stopped shows by its lag only";

rule!(KafkaExporterMissing, "kafka/kafka-exporter-missing.md", |walk| walk.environment(|cx| {
    let clusters = cx.index().kafka_clusters();
    let is_exported = !clusters.is_empty() && exports_lag(cx.index());
    cx.judge_each(clusters, |it, cx| judge(it, is_exported, cx));
}));

/// Whether something beside Kafka knows how far consumers lag behind.
fn exports_lag(index: &Index<'_>) -> bool {
    let mut containers = index.workloads().iter().flat_map(|it| it.containers());
    let is_kafka = |it: &NodeRef<'_>| matches!(it.str_at(&["type"]), Some("kafka" | "apache-kafka"));
    let mut scaled = index.of_kind(products::KEDA, "ScaledObject");
    containers.any(|it| KAFKA_LAG_EXPORTERS.contains(&it.image_name()))
        || scaled.any(|it| it.node().items_at(&["spec", "triggers"]).any(|it| is_kafka(&it)))
        || index.charts().any(|it| KAFKA_LAG_EXPORTERS.iter().any(|name| it.ends_with(name)))
}

fn judge(cluster: &KafkaCluster<'_>, is_exported: bool, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if cluster.is_switched_off() {
        return Verdict::NotApplicable;
    }
    if is_exported || object.node().at(&["spec", "kafkaExporter"]).is_some() {
        return Verdict::Pass;
    }
    if cx.index().environment().is_fragment {
        return Verdict::open("an exporter of its own may stand in another file");
    }
    let message = format!("nothing exports how far the consumers of {} lag behind", object.title());
    cx.fail(object, object.place(&["spec", "kafkaExporter"]), message)
        .fix(Repair::new().set(object, &["spec", "kafkaExporter"], Value::map::<&str>([])))
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "Kafka clusters",
            verdict: "have nothing that exports how far their consumers lag behind",
            name: object.name().to_owned(),
            help: HELP,
        })
        .verdict()
}
