//! `kafka-topic-replication-low`

use super::copies_of;
use super::topic_copies::tell_with_cluster;
use crate::index::KafkaCluster;
use crate::index::kafka::settings::DEFAULT_REPLICATION;
use crate::index::kafka::topics::{Own, Topic};
use crate::rule::{Context, Repair, Similar, Verdict, cases, rule};
use crate::rules::kafka::KafkaReplicationFactorLow;
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::words::count;
use std::collections::HashMap;

cases!(KafkaTopicReplicationLow: TWO = "two", CLUSTER_UNSEEN = "cluster-unseen", EXCEEDS = "exceeds");

rule!(KafkaTopicReplicationLow, "kafka/kafka-topic-replication-low.md", |walk| walk.environment(|cx| {
    let mut told = HashMap::new();
    cx.judge_each(cx.index().kafka_topics(), |it, cx| judge(it, &mut told, cx));
}));

fn judge<'a>(topic: Topic<'_, 'a>, told: &mut HashMap<&'a str, usize>, cx: &mut Context<'a>) -> Verdict {
    let object = topic.object;
    let copies = match topic.replicas() {
        Own::Is(copies) => copies,
        Own::Open => return Verdict::open("the topic's replicas are template placeholders"),
        Own::Left => return Verdict::Pass, // The cluster's default, which has a rule of its own.
    };
    let brokers = topic.cluster.and_then(KafkaCluster::brokers).filter(|it| *it > 0);
    let exceeds = brokers.is_some_and(|it| copies > it);
    if copies >= 3 && !exceeds {
        return Verdict::Pass;
    }
    let written = copies_of(copies);
    let message = match brokers.filter(|_| exceeds) {
        Some(brokers) => {
            format!("topic {} asks for {written}, the cluster has {}", topic.name(), count(brokers, "broker"))
        }
        None => format!("topic {} has {written}; at least 3 are required", topic.name()),
    };
    let case = match copies {
        _ if exceeds => Some(EXCEEDS),
        2 => Some(TWO),
        _ => brokers.is_none().then_some(CLUSTER_UNSEEN),
    };
    // The operator changes the copies of a topic that exists by Cruise Control only.
    let has_control = topic.cluster.is_some_and(|it| it.object.node().at(&["spec", "cruiseControl"]).is_some());
    let moves_copies = has_control && !exceeds && brokers.is_some_and(|it| it >= 3);
    let draft = cx
        .fail(object, object.place(&["spec", "replicas"]), message)
        .evidence("copies", copies)
        .help(help(exceeds))
        .fix(moves_copies.then(|| Repair::new().set(object, &["spec", "replicas"], 3)))
        .listed_with_similar(Similar {
            noun: "topics",
            verdict: "have fewer copies than 3, or more than there are brokers",
            name: topic.name().to_owned(),
            help: "set replicas: 3 on three brokers; the operator changes the copies of existing topics only with \
                   Cruise Control",
        })
        .maybe_case(case);
    let Some(cluster) = topic.cluster else { return draft.verdict() };
    let default = cluster.setting(DEFAULT_REPLICATION);
    let repeats = if exceeds || brokers.is_some_and(|it| it < 3 && copies == it) {
        KafkaTooFewBrokers::ID
    } else if default.value == Some(copies) {
        KafkaReplicationFactorLow::ID
    } else {
        return draft.verdict();
    };
    tell_with_cluster(draft, repeats, cluster, object, &format!("topic {} asks for {written}", topic.name()), told)
}

fn help(exceeds: bool) -> &'static str {
    if exceeds {
        "a topic cannot have more copies than there are brokers: it is never created"
    } else {
        "set replicas: 3 on three brokers; the operator changes the copies of an existing topic only with Cruise \
         Control, otherwise reassign its partitions"
    }
}
