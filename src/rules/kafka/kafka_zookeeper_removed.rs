//! `kafka-zookeeper-removed`

use crate::index::KafkaCluster;
use crate::model::{Version, major_version};
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::source::Span;

const HELP: &str = "migrate to KRaft under Strimzi 0.45 (annotation strimzi.io/kraft: migration, with a pool of \
                    controllers); until then no newer operator or Kafka can be installed";

cases!(KafkaZookeeperRemoved: REFUSED = "refused");

rule!(KafkaZookeeperRemoved, "kafka/kafka-zookeeper-removed.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let kraft = object.annotation("strimzi.io/kraft").unwrap_or_default().to_ascii_lowercase();
    let Some(zookeeper) = object.node().at(&["spec"]).and_then(|it| it.entry("zookeeper")) else {
        return Verdict::Pass;
    };
    if ["enabled", "migration", "rollback"].contains(&kraft.as_str()) {
        return Verdict::Pass; // On its way, or there: `kafka-ignored-fields` looks at what is left.
    }
    let title = object.title();
    let why = why_refused(cluster);
    let message = match &why {
        Some((words, _)) => format!("{title} uses ZooKeeper, which {words}"),
        None => format!("{title} uses ZooKeeper: Strimzi 0.45 with Kafka 3.9 is the last that runs it"),
    };
    let place = crate::model::Place { span: zookeeper.key.span(), ..object.place(&["spec", "zookeeper"]) };
    let draft = cx.fail(object, place, message).help(HELP);
    if let Some((_, span)) = why {
        return draft.label(span, "no ZooKeeper from here on").case(REFUSED).verdict();
    }
    draft
        .listed_with_similar(Similar {
            noun: "Kafka clusters",
            verdict: "use ZooKeeper: Strimzi 0.45 with Kafka 3.9 is the last that runs it",
            name: object.name().to_owned(),
            help: HELP,
        })
        .verdict()
}

/// Who does not run ZooKeeper any more, and where that is written.
pub(super) fn why_refused(cluster: &KafkaCluster<'_>) -> Option<(String, Span)> {
    let node = cluster.object.node();
    if let Some(operator) = cluster.operator.as_ref().filter(|it| it.release >= Version::new(0, 46, 0)) {
        return Some((format!("Strimzi {} refuses", operator.release), operator.span));
    }
    let keys = ["spec", "kafka", "version"];
    let version = node.str_at(&keys).unwrap_or_default();
    if major_version(version).is_some_and(|it| it >= 4) {
        return Some((format!("Kafka {version} does not have"), node.place(&keys)));
    }
    let is_v1 = cluster.object.version() == "v1";
    is_v1.then(|| ("API version v1 does not have".to_owned(), node.place(&["apiVersion"])))
}
