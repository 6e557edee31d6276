//! `kafka-internal-topics-replication-low`

use super::copies_of;
use super::replication::raise;
use crate::index::kafka::STRIMZI;
use crate::index::kafka::settings::{
    OFFSETS_REPLICATION, SHARES_MIN_INSYNC, SHARES_REPLICATION, Setting, TRANSACTIONS_MIN_INSYNC,
    TRANSACTIONS_REPLICATION, number, setting_of_brokers,
};
use crate::index::kafka::topics::storage_settings;
use crate::index::{KafkaCluster, Workload};
use crate::model::{Object, Place};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::yaml::NodeRef;

/// The copies of Kafka's own topics.
const FACTORS: [&str; 3] = [OFFSETS_REPLICATION, TRANSACTIONS_REPLICATION, SHARES_REPLICATION];
/// Their in-sync copies, which must not be one.
const MINIMA: [&str; 2] = [TRANSACTIONS_MIN_INSYNC, SHARES_MIN_INSYNC];
/// The topics of Kafka Connect and MirrorMaker.
const STORAGES: [&str; 3] =
    ["config.storage.replication.factor", "offset.storage.replication.factor", "status.storage.replication.factor"];

/// A setting that is too low: its key, value and place.
type Low = (&'static str, i64, Place);

cases!(KafkaInternalTopicsReplicationLow: TWO = "two", MINIMUM = "minimum", CLIENTS = "clients");

rule!(KafkaInternalTopicsReplicationLow, "kafka/kafka-internal-topics-replication-low.md", |walk| {
    walk.kafka_clusters(judge_cluster);
    walk.each(|index| index.broker_workloads(), judge_brokers);
    walk.of_kinds(&[(STRIMZI, "KafkaConnect"), (STRIMZI, "KafkaMirrorMaker2")], judge_clients);
});

fn judge_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let settings = |keys: &'static [&'static str]| keys.iter().map(|it| (*it, cluster.setting(it)));
    let mut found = low(settings(&FACTORS));
    if found.is_empty() {
        // Where there is one copy, one in sync is all there can be.
        found = low(settings(&MINIMA)).into_iter().filter(|it| it.1 == 1).collect();
    }
    let raised = found.iter().fold(Repair::new(), |repair, (key, ..)| {
        let number = if MINIMA.contains(key) { 2 } else { 3 };
        raise(repair, cluster.object, key, number, true)
    });
    let repair = cluster.brokers().is_some_and(|it| it >= 3).then_some(raised);
    judge_low(cluster.object, &found, repair, cx)
}

fn judge_brokers(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let read = |key: &'static str| Some((key, setting_of_brokers(workload, key)?.1));
    judge_low(workload.object, &low(FACTORS.iter().filter_map(|it| read(it))), None, cx)
}

/// The settings that are written and below three.
fn low(settings: impl Iterator<Item = (&'static str, Setting)>) -> Vec<Low> {
    settings.filter_map(|(key, it)| Some((key, it.written().filter(|it| *it < 3)?, it.place))).collect()
}

/// One finding for all internal topics of a cluster.
fn judge_low(object: &Object, low: &[Low], repair: Option<Repair>, cx: &mut Context<'_>) -> Verdict {
    let Some(first) = low.iter().min_by_key(|it| it.1) else { return Verdict::Pass };
    let (key, value, place) = first;
    let is_minimum = MINIMA.contains(key);
    let message = if is_minimum {
        format!("{}: {key} is 1: a change is confirmed on one copy; at least 2 are required", object.title())
    } else {
        format!("{}: {} has {}; at least 3 are required", object.title(), topic_of(key), copies_of(*value))
    };
    let others = low.iter().filter(|it| it.0 != *key);
    cx.fail(object, place.clone(), message)
        .evidence("copies", value)
        .help(help(is_minimum))
        .fix(repair)
        .labels(others.map(|(key, value, place)| (place.span, format!("{key} is {value}, too"))))
        .maybe_case(if is_minimum { Some(MINIMUM) } else { (*value == 2).then_some(TWO) })
        .verdict()
}

fn topic_of(key: &str) -> &'static str {
    match key {
        OFFSETS_REPLICATION => "the topic of the consumers' offsets",
        TRANSACTIONS_REPLICATION => "the log of transactions",
        _ => "the state of share groups",
    }
}

fn help(is_minimum: bool) -> &'static str {
    if is_minimum {
        "set it to 2"
    } else {
        "these topics are made once, with the number at that time: with 3 brokers leave the settings out (3 is the \
         default), and reassign the partitions of topics that exist"
    }
}

/// Judges the topics in which Connect and MirrorMaker keep their state.
fn judge_clients(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let low: Vec<(&'static str, NodeRef<'_>)> = storage_settings(object)
        .flat_map(|config| STORAGES.iter().map(move |key| (*key, config)))
        .filter(|(key, config)| config.get(key).and_then(number) == Some(1))
        .collect();
    let Some(((key, config), others)) = low.split_first() else { return Verdict::Pass };
    let raised = low.iter().fold(Repair::new(), |repair, (key, config)| repair.set_in(object, *config, &[key], -1));
    let message = format!("{}: {key} is 1: its state has one copy", object.title());
    cx.fail(object, object.place_in(*config, &[key]), message)
        .fix(raised.titled("keep as many replicas as the cluster does by default"))
        .evidence("copies", 1)
        .help(
            "set it to -1 for the cluster's default, or to 3; topics that exist keep their copies until partitions are \
             reassigned",
        )
        .labels(others.iter().map(|(key, config)| (config.place(&[key]), format!("{key} is 1, too"))))
        .case(CLIENTS)
        .verdict()
}
