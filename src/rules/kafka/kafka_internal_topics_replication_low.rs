//! `kafka-internal-topics-replication-low`

use super::copies_of;
use crate::index::KafkaCluster;
use crate::index::kafka::STRIMZI;
use crate::index::kafka::settings::{
    OFFSETS_REPLICATION, SHARES_MIN_INSYNC, SHARES_REPLICATION, Setting, TRANSACTIONS_MIN_INSYNC,
    TRANSACTIONS_REPLICATION, number, setting_of_brokers,
};
use crate::index::kafka::topics::storage_settings;
use crate::model::{Object, Place};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::yaml::NodeRef;

pub(crate) struct KafkaInternalTopicsReplicationLow;

/// The copies of Kafka's own topics.
const FACTORS: [&str; 3] = [OFFSETS_REPLICATION, TRANSACTIONS_REPLICATION, SHARES_REPLICATION];
/// Their in-sync copies, which must not be one.
const MINIMA: [&str; 2] = [TRANSACTIONS_MIN_INSYNC, SHARES_MIN_INSYNC];
/// The topics of Kafka Connect and MirrorMaker.
const STORAGES: [&str; 3] =
    ["config.storage.replication.factor", "offset.storage.replication.factor", "status.storage.replication.factor"];

/// A setting that is too low: its key, value and place.
type Low<'k> = (&'k str, i64, Place);

cases!(KafkaInternalTopicsReplicationLow: TWO = "two", MINIMUM = "minimum", CLIENTS = "clients");

impl Rule for KafkaInternalTopicsReplicationLow {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-internal-topics-replication-low.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters() {
                check_cluster(cluster, cx);
            }
            for workload in cx.index().broker_workloads() {
                let read = |key: &'static str| Some((key, setting_of_brokers(workload, key)?.1));
                let low = low(FACTORS.iter().filter_map(|it| read(it)));
                say(workload.object, &low, cx);
            }
            for kind in ["KafkaConnect", "KafkaMirrorMaker2"] {
                for object in cx.index().of_kind(STRIMZI, kind) {
                    check_clients(object, cx);
                }
            }
        });
    }
}

fn check_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let settings = |keys: &'static [&'static str]| keys.iter().map(|it| (*it, cluster.setting(it)));
    let mut found = low(settings(&FACTORS));
    if found.is_empty() {
        // Where there is one copy, one in sync is all there can be.
        found = low(settings(&MINIMA)).into_iter().filter(|it| it.1 == 1).collect();
    }
    say(cluster.object, &found, cx);
}

/// The settings that are written and below three.
fn low<'k>(settings: impl Iterator<Item = (&'k str, Setting)>) -> Vec<Low<'k>> {
    let low = settings.filter_map(|(key, it)| Some((key, it.written().filter(|it| *it < 3)?, it.place)));
    low.collect()
}

/// One finding for all internal topics of a cluster.
fn say(object: &Object, low: &[Low<'_>], cx: &mut Context<'_>) {
    let Some(first) = low.iter().min_by_key(|it| it.1) else { return cx.pass(object) };
    let (key, value, place) = first;
    let is_minimum = MINIMA.contains(key);
    let message = if is_minimum {
        format!("{}: {key} is 1: a change is confirmed on one copy; at least 2 are required", object.title())
    } else {
        format!("{}: {} has {}; at least 3 are required", object.title(), topic_of(key), copies_of(*value))
    };
    let mut draft = cx.fail(object, place.clone(), message).evidence("copies", value).help(help(is_minimum));
    for (key, value, place) in low.iter().filter(|it| it.0 != *key) {
        draft = draft.label(place.span, format!("{key} is {value}, too"));
    }
    if is_minimum {
        draft.case(MINIMUM);
    } else if *value == 2 {
        draft.case(TWO);
    }
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
fn check_clients(object: &Object, cx: &mut Context<'_>) {
    let low: Vec<(&str, NodeRef<'_>)> = storage_settings(object)
        .flat_map(|config| STORAGES.iter().map(move |key| (*key, config)))
        .filter(|(key, config)| config.get(key).and_then(number) == Some(1))
        .collect();
    let Some(((key, config), others)) = low.split_first() else { return cx.pass(object) };
    let message = format!("{}: {key} is 1: its state has one copy", object.title());
    let mut draft = cx.fail(object, object.place_in(*config, &[key]), message).evidence("copies", 1).help(
        "set it to -1 for the cluster's default, or to 3; topics that exist keep their copies until partitions are \
         reassigned",
    );
    for (key, config) in others {
        draft = draft.label(config.place(&[key]), format!("{key} is 1, too"));
    }
    draft.case(CLIENTS);
}
