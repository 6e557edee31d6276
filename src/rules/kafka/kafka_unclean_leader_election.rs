//! `kafka-unclean-leader-election`

use crate::index::kafka::settings::{UNCLEAN_ELECTION, switch_of_brokers};
use crate::index::kafka::topics::Topic;
use crate::index::{KafkaCluster, Workload};
use crate::rule::{Context, Repair, Similar, Verdict, rule};

const OUTCOME: &str = "a copy that lacks messages may become the leader, and they are lost";

const HELP: &str = "leave it out: the default, false, waits for a copy that has all messages; where one has to be given \
                    up, kafka-leader-election --election-type unclean does it once, for one partition";

rule!(KafkaUncleanLeaderElection, "kafka/kafka-unclean-leader-election.md", |walk| {
    walk.kafka_clusters(judge_cluster);
    walk.each(|index| index.broker_workloads(), judge_brokers);
    walk.each(|index| index.kafka_topics(), judge_topic);
});

fn judge_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if cluster.switch(UNCLEAN_ELECTION) != Some(true) {
        return Verdict::Pass;
    }
    let message = format!("{}: {OUTCOME}", object.title());
    let keys = &["spec", "kafka", "config", UNCLEAN_ELECTION];
    cx.fail(object, object.place(keys), message).help(HELP).fix(Repair::new().set(object, keys, false)).verdict()
}

fn judge_brokers(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    match switch_of_brokers(workload, UNCLEAN_ELECTION) {
        Some((name, Some(true), place)) => {
            let message = format!("{}: {name} is true: {OUTCOME}", object.title());
            cx.fail(object, place, message).help(HELP).verdict()
        }
        Some((_, None, _)) => Verdict::open("the setting is a template placeholder"),
        _ => Verdict::Pass,
    }
}

fn judge_topic(topic: Topic<'_, '_>, cx: &mut Context<'_>) -> Verdict {
    let object = topic.object;
    if !topic.is_on(UNCLEAN_ELECTION) {
        return Verdict::Pass;
    }
    let message = format!("topic {}: {OUTCOME}", topic.name());
    let keys = &["spec", "config", UNCLEAN_ELECTION];
    cx.fail(object, object.place(keys), message)
        .help(HELP)
        .fix(Repair::new().set(object, keys, false))
        .listed_with_similar(Similar {
            noun: "topics",
            verdict: "may lose messages to a leader that lacks them",
            name: topic.name().to_owned(),
            help: HELP,
        })
        .verdict()
}
