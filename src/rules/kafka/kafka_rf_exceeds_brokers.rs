//! `kafka-rf-exceeds-brokers`

use crate::index::KafkaCluster;
use crate::index::kafka::STRIMZI;
use crate::index::kafka::connects::Connect;
use crate::index::kafka::settings::{
    DEFAULT_REPLICATION, OFFSETS_REPLICATION, Setting, TRANSACTIONS_MIN_INSYNC, TRANSACTIONS_REPLICATION, number,
};
use crate::model::Object;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::words::count;
use crate::yaml::NodeRef;

/// The settings that the operator compares with the number of brokers.
const COMPARED: [&str; 4] =
    [DEFAULT_REPLICATION, OFFSETS_REPLICATION, TRANSACTIONS_REPLICATION, TRANSACTIONS_MIN_INSYNC];

cases!(KafkaRfExceedsBrokers: CONNECT = "connect");

rule!(KafkaRfExceedsBrokers, "kafka/kafka-rf-exceeds-brokers.md", |walk| {
    walk.kafka_clusters(judge_cluster);
    walk.each(|index| index.kafka_connects(), |it, cx| judge_connect(&it, cx));
    walk.of_kinds(&[(STRIMZI, "KafkaConnector")], judge_connector);
});

fn judge_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    // A file that holds pools of the cluster says the number itself.
    let has_pools = cluster.broker_pools().next().is_some();
    let is_partial = cx.index().environment().is_fragment && cluster.uses_pools && !has_pools;
    let Some(brokers) = cluster.brokers().filter(|_| !is_partial) else {
        return Verdict::open("the number of brokers is not in this file, or a template placeholder");
    };
    if brokers == 0 {
        return Verdict::NotApplicable; // `kafka-nodepool-missing` reports it.
    }
    let settings: Vec<(&str, Setting)> = COMPARED.iter().map(|it| (*it, cluster.setting(it))).collect();
    let exceeds = |it: &&(&str, Setting)| it.1.value.is_some_and(|value| value > brokers);
    let (written, defaults): (Vec<_>, Vec<_>) = settings.iter().filter(exceeds).partition(|it| it.1.is_written);
    if let Some(((key, first), others)) = written.split_first() {
        let value = first.value.unwrap_or_default();
        let message = format!("{} has {}, but {key} is {value}", object.title(), count(brokers, "broker"));
        let also =
            |(key, it): &&(&str, Setting)| (it.place.span, format!("{key} is {}, too", it.value.unwrap_or_default()));
        return cx
            .fail(object, first.place.clone(), message)
            .evidence("brokers", brokers)
            .evidence("copies", value)
            .help("the operator refuses the resource until there are as many brokers as copies")
            .labels(others.iter().map(also))
            .verdict();
    }
    // Only the offsets topic is needed by every consumer group.
    let Some((key, offsets)) = defaults.iter().find(|it| it.0 == OFFSETS_REPLICATION) else {
        return Verdict::Pass;
    };
    let value = offsets.value.unwrap_or_default();
    let what = format!("{key} is {value} (the default), so no consumer group can store its offsets");
    let message = format!("{} has {}, but {what}", object.title(), count(brokers, "broker"));
    cx.fail(object, offsets.place.clone(), message)
        .evidence("brokers", brokers)
        .evidence("copies", value)
        .help("run 3 brokers; for a test on fewer, set the replication factors of the internal topics to their number")
        .merged_into(KafkaTooFewBrokers::ID, object, object.name_span(), what)
        .verdict()
}

/// The topics of Kafka Connect and MirrorMaker 2 for their state, with the number of copies that Connect takes where
/// nothing is written; -1 follows the brokers.
const STORAGES: [&str; 3] =
    ["config.storage.replication.factor", "offset.storage.replication.factor", "status.storage.replication.factor"];
const STORAGE_DEFAULT: i64 = 3;

fn judge_connect<'a>(connect: &Connect<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = connect.object;
    let Some((kafka, brokers)) = cx.index().brokers_of_connect(connect).filter(|it| it.1 > 0) else {
        return Verdict::NotApplicable;
    };
    let value = |key: &str| match connect.node.at(&["config", key]).filter(|it| !it.is_null()) {
        Some(written) => number(written),
        None => Some(STORAGE_DEFAULT),
    };
    let above: Vec<(&str, i64)> = STORAGES.iter().filter_map(|it| Some((*it, value(it)?))).collect();
    let above: Vec<(&str, i64)> = above.into_iter().filter(|it| it.1 > brokers).collect();
    let Some(((key, copies), others)) = above.split_first() else { return Verdict::Pass };
    let place = |key: &str| object.place_in(connect.node, &["config", key]);
    let is_written = |key: &str| connect.node.at(&["config", key]).is_some();
    let default = if is_written(key) { "" } else { " (the default)" };
    let message = format!(
        "{}: {key} is {copies}{default}, but {} has {}: it cannot create its topics and never starts",
        object.title(),
        kafka.title(),
        count(brokers, "broker")
    );
    let first = if is_written(key) { place(key) } else { object.name_place() };
    cx.fail(object, first, message)
        .case(CONNECT)
        .evidence("brokers", brokers)
        .evidence("copies", copies)
        .label(kafka.name_span(), "its brokers")
        .help("run 3 brokers, or set the three storage.replication.factor to -1, the default of the brokers")
        .labels(others.iter().filter(|it| is_written(it.0)).map(|it| (place(it.0).span, "this, too")))
        .verdict()
}

/// The topics that Kafka Connect creates for a connector by its settings (Kafka Connect, `TopicCreationConfig`).
fn judge_connector<'a>(connector: &'a Object, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    let config = connector.node().at(&["spec", "config"]);
    let is_factor = |it: &str| it.starts_with("topic.creation.") && it.ends_with(".replication.factor");
    let factors = config.into_iter().flat_map(NodeRef::entries).filter(|it| is_factor(it.name()));
    let factors: Vec<_> = factors.filter_map(|it| Some((it, number(it.value)?))).collect();
    let Some(cluster) = connector.label("strimzi.io/cluster").filter(|_| !factors.is_empty()) else {
        return Verdict::NotApplicable;
    };
    let Some(connect) = index.find(connector, STRIMZI, "KafkaConnect", cluster) else { return Verdict::NotApplicable };
    let connects = index.kafka_connects();
    let connect = connects.into_iter().find(|it| it.object.id() == connect.id());
    let Some((kafka, brokers)) = connect.and_then(|it| index.brokers_of_connect(&it)).filter(|it| it.1 > 0) else {
        return Verdict::NotApplicable;
    };
    let Some((entry, copies)) = factors.into_iter().find(|it| it.1 > brokers) else { return Verdict::Pass };
    let message = format!(
        "{}: {} is {copies}, but {} has {}: its topics are not created, and its tasks fail",
        connector.title(),
        entry.name(),
        kafka.title(),
        count(brokers, "broker")
    );
    cx.fail(connector, connector.place(&["spec", "config", entry.name()]), message)
        .case(CONNECT)
        .evidence("brokers", brokers)
        .evidence("copies", copies)
        .label(kafka.name_span(), "its brokers")
        .help("set it to the number of brokers at most, or to -1, the default of the brokers")
        .verdict()
}
