//! `kafka-topics-auto-created`

use crate::index::kafka::settings::{AUTO_CREATE, DEFAULT_REPLICATION, switch_of_brokers};
use crate::index::{KafkaCluster, Workload};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KafkaReplicationFactorLow;
use crate::rules::words::count;
use std::collections::HashMap;

const HELP: &str = "set auto.create.topics.enable to false, and describe each topic, with its partitions and copies, by a \
                    KafkaTopic or in the program that creates it";

rule!(KafkaTopicsAutoCreated, "kafka/kafka-topics-auto-created.md", |walk| {
    walk.environment(|cx| {
        let index = cx.index();
        let mut topics: HashMap<&str, (i64, &Object)> = HashMap::new();
        for topic in index.kafka_topics() {
            if let Some(cluster) = topic.cluster {
                topics.entry(cluster.object.name()).or_insert((0, topic.object)).0 += 1;
            }
        }
        let topics_of = |it: &KafkaCluster<'_>| topics.get(it.object.name()).copied();
        cx.judge_each(index.kafka_clusters(), |it, cx| judge_cluster(it, topics_of(it), cx));
    });
    walk.each(|index| index.broker_workloads(), judge_brokers);
});

/// Nothing describes topics beside such brokers, so that only what somebody wrote is worth a word.
fn judge_brokers(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let (name, place) = match switch_of_brokers(workload, AUTO_CREATE) {
        Some((name, Some(true), place)) => (name, place),
        Some((_, Some(false), _)) => return Verdict::Pass,
        Some((name, None, _)) => return Verdict::open(format!("the value of {name} is not in the manifests")),
        None => return Verdict::NotApplicable,
    };
    let title = workload.object.title();
    let message = format!("{title}: {name} is true: whatever topic a client names is created, with the defaults");
    cx.fail(workload.object, place, message).help(HELP).verdict()
}

fn judge_cluster(cluster: &KafkaCluster<'_>, topics: Option<(i64, &Object)>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if cluster.switch(AUTO_CREATE) == Some(false) || cluster.is_switched_off() {
        return Verdict::Pass;
    }
    let place = object.place(&["spec", "kafka", "config", AUTO_CREATE]);
    if let Some((number, first)) = topics {
        let described = count(number, "KafkaTopic");
        let message =
            format!("{} has {described}, and a client that misspells a name creates a new topic", object.title());
        return cx
            .fail(object, place, message)
            .label(first.name_span(), "topics are described here")
            .help(HELP)
            .verdict();
    }
    let default = cluster.setting(DEFAULT_REPLICATION);
    let Some(copies) = default.value.filter(|it| *it < 3).map(super::copies_of) else { return Verdict::Pass };
    let message = format!("{}: whatever topic a client names is created, with {copies}", object.title());
    let text = "and whatever topic a client names is created with it";
    cx.fail(object, place, message)
        .help(HELP)
        .merged_into(KafkaReplicationFactorLow::ID, object, default.place.span, text)
        .verdict()
}
