//! `kafka-kraft-annotations`

use crate::index::KafkaCluster;
use crate::model::Version;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::list;
use crate::yaml::Value;

/// The annotations without which releases 0.46 and 0.47 refuse a Kafka.
const ASKED: [&str; 2] = ["strimzi.io/kraft", "strimzi.io/node-pools"];

rule!(KafkaKraftAnnotations, "kafka/kafka-kraft-annotations.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let Some(operator) = &cluster.operator else {
        return Verdict::open("the manifests do not tell which release of Strimzi runs it");
    };
    let is_asked = (Version::new(0, 46, 0)..Version::new(0, 48, 0)).contains(&operator.release);
    // A Kafka with ZooKeeper is the story of `kafka-zookeeper-removed`.
    if !is_asked || object.node().at(&["spec", "zookeeper"]).is_some() {
        return Verdict::Pass;
    }
    let is_missing = |it: &&&str| object.annotation(it).is_none_or(|value| !value.eq_ignore_ascii_case("enabled"));
    let missing: Vec<String> = ASKED.iter().filter(is_missing).map(|it| format!("{it}: enabled")).collect();
    if missing.is_empty() {
        return Verdict::Pass;
    }
    let message = format!(
        "{} lacks the annotation {}, without which Strimzi {} refuses it",
        object.title(),
        list(&missing),
        operator.release
    );
    let has_pools = cluster.pools.iter().any(|it| !it.is_empty());
    let repair = ASKED.iter().filter(is_missing).fold(Repair::new(), |repair, key| {
        repair.set(object, &["metadata", "annotations", key], Value::text("enabled"))
    });
    cx.fail(object, object.place(&["metadata", "annotations"]), message)
        .fix(has_pools.then_some(repair))
        .label(operator.span, "the release of the operator")
        .help("add it, or install Strimzi 0.48 or newer, which asks for neither")
        .verdict()
}
