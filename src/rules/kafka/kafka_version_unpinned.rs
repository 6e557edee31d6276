//! `kafka-version-unpinned`

use crate::index::KafkaCluster;
use crate::index::kafka::releases;
use crate::rule::{Context, Verdict, rule};

rule!(KafkaVersionUnpinned, "kafka/kafka-version-unpinned.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let keys = ["spec", "kafka", "version"];
    if object.node().at(&keys).is_some() {
        return Verdict::Pass;
    }
    let now = cluster.operator.as_ref().and_then(|it| Some((it.span, releases::of(it.release)?.default)));
    let help = match now {
        Some((_, version)) => format!("set spec.kafka.version, now \"{version}\""),
        None => "set spec.kafka.version, and raise it when you mean to".to_owned(),
    };
    let message = format!("{} names no version of Kafka: an upgrade of the operator upgrades it", object.title());
    cx.fail(object, object.place(&keys), message)
        .help(help)
        .labels(now.map(|(span, version)| (span, format!("this release runs {version} where none is named"))))
        .verdict()
}
