//! `kafka-zookeeper-removed`

use crate::index::KafkaCluster;
use crate::model::{Version, major_version};
use crate::rule::{Context, Similar, Verdict, cases, rule};

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
    let version = object.node().str_at(&["spec", "kafka", "version"]).unwrap_or_default();
    let is_kafka_4 = major_version(version).is_some_and(|it| it >= 4);
    let operator = cluster.operator.as_ref().filter(|it| it.release >= Version::new(0, 46, 0));
    let (message, refused) = if let Some(operator) = operator {
        let release = operator.release;
        (format!("{title} uses ZooKeeper, which Strimzi {release} refuses"), Some(operator.span))
    } else if is_kafka_4 {
        let span = object.node().place(&["spec", "kafka", "version"]);
        (format!("{title} uses ZooKeeper, which Kafka {version} does not have"), Some(span))
    } else if object.version() == "v1" {
        let span = object.node().place(&["apiVersion"]);
        (format!("{title} uses ZooKeeper, which API version v1 does not have"), Some(span))
    } else {
        (format!("{title} uses ZooKeeper: Strimzi 0.45 with Kafka 3.9 is the last that runs it"), None)
    };
    let place = crate::model::Place { span: zookeeper.key.span(), ..object.place(&["spec", "zookeeper"]) };
    let draft = cx.fail(object, place, message).help(HELP);
    if let Some(span) = refused {
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
