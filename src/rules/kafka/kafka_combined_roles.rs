//! `kafka-combined-roles`

use crate::index::KafkaCluster;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

/// From so many brokers on, controllers of their own are worth their pods.
const LARGE: i64 = 6;

rule!(KafkaCombinedRoles, "kafka/kafka-combined-roles.md", |walk| walk.kafka_clusters(judge));

fn judge<'a>(cluster: &'a KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = cluster.object;
    let Some(pool) = cluster.pools.iter().find(|it| it.is_broker && it.is_controller) else { return Verdict::Pass };
    let Some(brokers) = cluster.brokers() else {
        return Verdict::open("the number of brokers is a template placeholder");
    };
    if brokers < LARGE {
        return Verdict::Pass;
    }
    let brokers_text = count(brokers, "broker");
    let message = format!("{} has {brokers_text}, and some of them are its controllers", object.title());
    cx.fail(object, pool.object.place(&["spec", "roles"]), message)
        .evidence("brokers", brokers)
        .label(object.name_span(), "the cluster")
        .help("run 3 controllers in a pool of their own: load on a broker then slows no election")
        .verdict()
}
