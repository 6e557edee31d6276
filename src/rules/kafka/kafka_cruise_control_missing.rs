//! `kafka-cruise-control-missing`

use crate::index::KafkaCluster;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::count;
use crate::yaml::Value;

/// The number of brokers from which partitions can be moved with all copies in place.
const ENOUGH: i64 = 3;

rule!(KafkaCruiseControlMissing, "kafka/kafka-cruise-control-missing.md", |walk| walk.kafka_clusters(judge));

fn judge(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if object.node().at(&["spec", "cruiseControl"]).is_some() {
        return Verdict::Pass;
    }
    let Some(brokers) = cluster.brokers() else {
        return Verdict::open("the number of brokers is a template placeholder");
    };
    if brokers < ENOUGH {
        return Verdict::NotApplicable; // Nothing to balance.
    }
    let message = format!("{} has {} and no Cruise Control", object.title(), count(brokers, "broker"));
    let repair = Repair::new().set(object, &["spec", "cruiseControl"], Value::map::<&str>([]));
    cx.fail(object, object.place(&["spec", "cruiseControl"]), message)
        .fix(repair.effect("the operator restarts the brokers one by one"))
        .evidence("brokers", brokers)
        .help(
            "new brokers stay empty until partitions are moved to them: add spec.cruiseControl: {}, which plans and \
             does that by a KafkaRebalance",
        )
        .verdict()
}
