//! `kafka-retention-exceeds-volume`

use crate::index::KafkaCluster;
use crate::index::kafka::retention::{Kept, Room};
use crate::index::kafka::topics::Topic;
use crate::model::ObjectId;
use crate::rule::{Context, Similar, Verdict, cases, rule};
use crate::rules::words::{count, is_open, size};
use std::collections::BTreeMap;

/// The share of the disks, in percent, that topics may fill.
const MOST: i128 = 90;

const FOREVER: &str =
    "disks fill in time, and a full disk stops its broker: set retention.bytes, or a time in retention.ms";

cases!(KafkaRetentionExceedsVolume: FOR_EVER = "for-ever");

rule!(KafkaRetentionExceedsVolume, "kafka/kafka-retention-exceeds-volume.md", |walk| {
    walk.each(|index| index.kafka_topics(), judge_time);
    walk.environment(|cx| {
        let index = cx.index();
        let mut kept: BTreeMap<ObjectId, Vec<(Topic<'_, '_>, Kept)>> = BTreeMap::new();
        for topic in index.kafka_topics() {
            if let Some((cluster, own)) = topic.cluster.and_then(|it| Some((it, topic.kept(it)?))) {
                kept.entry(cluster.object.id()).or_default().push((topic, own));
            }
        }
        cx.judge_each(index.kafka_clusters(), |it, cx| {
            judge_cluster(it, &kept.remove(&it.object.id()).unwrap_or_default(), cx)
        });
    });
});

/// What is kept for ever fills any disk.
fn judge_time(topic: Topic<'_, '_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), topic.object);
    if topic.cluster.is_some_and(|it| it.is_ephemeral(index)) {
        return Verdict::NotApplicable;
    }
    let Some(place) = topic.kept_for_ever() else {
        let time = object.node().at(&["spec", "config", "retention.ms"]);
        return if time.is_some_and(|it| is_open(it.text())) {
            Verdict::open("the time for which it keeps messages is a template placeholder")
        } else {
            Verdict::Pass
        };
    };
    cx.fail(object, place, format!("{} keeps all messages for ever", object.title()))
        .case(FOR_EVER)
        .help(FOREVER)
        .listed_with_similar(Similar {
            noun: "topics",
            verdict: "keep all messages for ever",
            name: object.name().to_owned(),
            help: FOREVER,
        })
        .verdict()
}

fn judge_cluster<'a>(cluster: &KafkaCluster<'a>, kept: &[(Topic<'_, 'a>, Kept)], cx: &mut Context<'a>) -> Verdict {
    let Some((largest, most)) = kept.iter().max_by_key(|it| it.1.bytes) else { return Verdict::NotApplicable };
    let room = match cx.index().room_of(cluster) {
        Ok(room) => room,
        Err(reason) => return Verdict::open(reason),
    };
    let total: i128 = kept.iter().map(|it| it.1.bytes).sum();
    if total * 100 <= room.bytes * MOST {
        return Verdict::Pass;
    }
    report(cluster, (largest, most), (total, kept.len()), &room, cx)
}

fn report(
    cluster: &KafkaCluster<'_>,
    (largest, most): (&Topic<'_, '_>, &Kept),
    (total, topics): (i128, usize),
    room: &Room,
    cx: &mut Context<'_>,
) -> Verdict {
    let title = largest.object.title();
    let disks = format!("the disks of {} hold {}", count(room.brokers, "broker"), size(room.bytes));
    let copies = format!("{} partitions in {} copies", most.partitions, most.copies);
    let message = match topics {
        1 => format!("{title} may keep {} ({copies}), but {disks}", size(total)),
        _ => format!(
            "{topics} topics of {} may keep {}, {} of it {title}, but {disks}",
            cluster.object.title(),
            size(total),
            size(most.bytes)
        ),
    };
    cx.fail(largest.object, most.place.clone(), message)
        .evidence("bytes", total)
        .evidence("disks", room.bytes)
        .label(room.place.span, "the size of each disk")
        .label(cluster.object.name_span(), "the Kafka")
        .help(
            "a broker whose disk is full stops: lower retention.bytes, which counts for each partition, or enlarge the \
             disks",
        )
        .verdict()
}
