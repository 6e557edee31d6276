//! `kafka-topic-min-insync-mismatch`

use super::copies_of;
use super::replication::BOUNDED;
use crate::index::kafka::settings::{DEFAULT_REPLICATION, MIN_INSYNC};
use crate::index::kafka::topics::{Own, Topic};
use crate::model::Place;
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::rules::kafka::KafkaMinInsyncMismatch;

cases!(KafkaTopicMinInsyncMismatch: ONE_COPY = "one-copy");

rule!(KafkaTopicMinInsyncMismatch, "kafka/kafka-topic-min-insync-mismatch.md", |walk| walk
    .each(|index| index.kafka_topics(), judge));

/// What counts for a topic: a number, and what is said of its origin.
struct Effective {
    value: Option<i64>,
    origin: &'static str,
}

fn effective(topic: Topic<'_, '_>, own: Own, key: &str) -> Effective {
    match own {
        Own::Is(value) => Effective { value: Some(value), origin: "" },
        Own::Open => Effective { value: None, origin: "" },
        Own::Left => {
            let value = topic.cluster.and_then(|it| it.setting(key).value);
            Effective { value, origin: " (the cluster's)" }
        }
    }
}

fn judge(topic: Topic<'_, '_>, cx: &mut Context<'_>) -> Verdict {
    let object = topic.object;
    if topic.replicas() == Own::Left && topic.min_insync() == Own::Left {
        return Verdict::Pass; // All as in the cluster, which has a rule of its own.
    }
    let copies = effective(topic, topic.replicas(), DEFAULT_REPLICATION);
    let insync = effective(topic, topic.min_insync(), MIN_INSYNC);
    let (Some(factor), Some(minimum)) = (copies.value, insync.value) else {
        return Verdict::open("the copies or min.insync.replicas are set elsewhere, or a template placeholder");
    };
    let place = place(topic);
    let numbers = format!(
        "topic {}: {}{}, min.insync.replicas {minimum}{}",
        topic.name(),
        copies_of(factor),
        copies.origin,
        insync.origin
    );
    let alike = |verdict| Similar {
        noun: "topics",
        verdict,
        name: topic.name().to_owned(),
        help: "give them 3 copies and min.insync.replicas: 2",
    };
    let draft = if factor >= 2 && minimum >= factor {
        let draft = cx.fail(object, place, format!("{numbers}: with one broker down, acks=all writes fail"));
        draft.help(format!("set min.insync.replicas: {}", if factor >= 3 { 2 } else { 1 })).listed_with_similar(alike(
            "have as many in-sync replicas as copies: with one broker down, acks=all writes fail",
        ))
    } else if factor >= 2 && minimum == 1 {
        let draft = cx.fail(object, place, format!("{numbers}: a write is confirmed on one copy"));
        draft
            .help(format!("set config.{MIN_INSYNC}: 2, with 3 copies"))
            .listed_with_similar(alike("confirm a write on one copy"))
            .case(ONE_COPY)
    } else if factor == 1 && minimum >= 2 && is_old(topic) {
        let draft = cx.fail(object, place, format!("{numbers}: before Kafka 3.7 acks=all writes never succeed"));
        draft.help("set replicas: 3 on three brokers")
    } else {
        return Verdict::Pass;
    };
    let draft = draft.evidence("copies", factor).evidence(MIN_INSYNC, minimum);
    // A topic that adds nothing to the cluster's own numbers is the cluster's story.
    if let Some(cluster) = topic.cluster
        && cluster.setting(DEFAULT_REPLICATION).value == Some(factor)
        && cluster.setting(MIN_INSYNC).value == Some(minimum)
    {
        let text = format!("topic {} has the same numbers", topic.name());
        let (id, object) = (KafkaMinInsyncMismatch::ID, cluster.object);
        return draft.merged_into(id, object, object.name_span(), text).verdict();
    }
    draft.verdict()
}

/// The field to change: the topic's own min.insync.replicas, or else its replicas.
fn place(topic: Topic<'_, '_>) -> Place {
    match topic.min_insync() {
        Own::Left => topic.object.place(&["spec", "replicas"]),
        _ => topic.object.place(&["spec", "config", MIN_INSYNC]),
    }
}

/// Whether the cluster may run a Kafka before 3.7, which takes min.insync.replicas as it stands.
fn is_old(topic: Topic<'_, '_>) -> bool {
    topic.cluster.is_none_or(|it| it.runs_at_least(BOUNDED) != Some(true))
}
