//! `kafka-ignored-fields`

use crate::index::KafkaCluster;
use crate::index::kafka::Mode;
use crate::model::Version;
use crate::rule::{Context, Repair, Verdict, cases, rule};

/// Settings of the brokers' protocol, which Kafka without ZooKeeper keeps as a feature of the cluster.
const PROTOCOL: [&str; 2] = ["inter.broker.protocol.version", "log.message.format.version"];

cases!(KafkaIgnoredFields: OPERATOR_UNSEEN = "operator-unseen");

rule!(KafkaIgnoredFields, "kafka/kafka-ignored-fields.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let release = cluster.operator.as_ref().map(|it| it.release);
    // The definitions of older releases ask for the fields.
    if release.is_some_and(|it| it < Version::new(0, 40, 0)) {
        return Verdict::Pass;
    }
    let is_known = release.is_some() || object.version() == "v1";
    let ignored = ignored_fields(cluster);
    let Some(((keys, why), others)) = ignored.split_first() else { return Verdict::Pass };
    let message = format!("{}: {} is ignored: {why}", object.title(), keys.join("."));
    let others = others.iter();
    let repair = ignored.iter().fold(Repair::new(), |repair, (keys, _)| repair.remove(object, keys));
    cx.fail(object, object.place(keys), message)
        .fix(is_known.then_some(repair))
        .evidence("fields", ignored.len())
        .help("remove it: somebody may change it and wonder why nothing happens")
        .labels(others.map(|(keys, why)| (object.place(keys).span, format!("{} is ignored: {why}", keys.join(".")))))
        .maybe_case((!is_known).then_some(OPERATOR_UNSEEN))
        .verdict()
}

/// The fields that are there and ignored, each with the reason.
fn ignored_fields(cluster: &KafkaCluster<'_>) -> Vec<(Vec<&'static str>, &'static str)> {
    let mut found: Vec<(Vec<&'static str>, &'static str)> = Vec::new();
    if cluster.uses_pools {
        for key in ["replicas", "storage"] {
            found.push((vec!["spec", "kafka", key], "node pools describe the nodes"));
        }
    }
    let kraft = cluster.object.annotation("strimzi.io/kraft").unwrap_or_default();
    if cluster.mode == Mode::Kraft {
        if kraft.eq_ignore_ascii_case("enabled") {
            found.push((vec!["spec", "zookeeper"], "the cluster runs without ZooKeeper"));
        }
        for key in PROTOCOL {
            found.push((vec!["spec", "kafka", "config", key], "without ZooKeeper spec.kafka.metadataVersion decides"));
        }
    }
    found.retain(|(keys, _)| cluster.object.node().at(keys).is_some());
    found
}
