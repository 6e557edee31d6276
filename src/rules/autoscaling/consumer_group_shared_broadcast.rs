//! `consumer-group-shared-broadcast`

use crate::index::Workload;
use crate::index::commands::is_open_value;
use crate::index::kafka::consumers::Named;
use crate::model::Place;
use crate::rule::{Context, Verdict, rule};
use crate::rules::workload::WorkloadTooFewReplicas;

/// Words of groups and topics whose messages are meant for whoever is connected.
const WORDS: &[&str] = &[
    "notify",
    "notification",
    "notifications",
    "notifier",
    "broadcast",
    "sse",
    "websocket",
    "websockets",
    "ws",
    "push",
    "realtime",
    "fanout",
];

rule!(ConsumerGroupSharedBroadcast, "autoscaling/consumer-group-shared-broadcast.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &'a Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let consumer = cx.index().kafka_consumer(workload).filter(|_| !workload.is_switched_off());
    let Some((consumer, serving)) = consumer.and_then(|it| Some((it, cx.serving(workload)?))) else {
        return Verdict::NotApplicable;
    };
    let [group] = consumer.groups.as_slice() else { return Verdict::NotApplicable };
    if is_open_value(group.text) {
        return Verdict::Pass; // A group for each pod, mostly: its name is part of it.
    }
    let Some(word) = std::iter::once(group).chain(&consumer.topics).find_map(speaks_of_broadcast) else {
        return Verdict::NotApplicable;
    };
    let text = format!("each message in group {} reaches only one of the pods", group.text);
    if workload.scale.ceiling.is_none_or(|it| it < 2) {
        let text = format!("with two replicas {text}");
        return cx.blocked(object, WorkloadTooFewReplicas::ID, object, group.span, text);
    }
    let message = format!("{} answers requests, and {text}", object.title());
    let place = Place { span: group.span, path: object.name_place().path };
    let mut draft = cx.fail(object, place, message).evidence("word", word).evidence("group", group.text);
    if let Some(service) = serving.services.first() {
        draft = draft.label(service.name_span(), "clients are connected to any of the pods");
    }
    draft
        .help(
            "who is connected to another pod misses the message: give each pod a group of its own (with its name from \
         metadata.name in it, and auto.offset.reset latest), or pass messages on between the pods",
        )
        .verdict()
}

/// The word that says so.
fn speaks_of_broadcast<'a>(named: &Named<'a>) -> Option<&'a str> {
    named.text.split(|it: char| !it.is_alphanumeric()).find(|it| WORDS.contains(&it.to_ascii_lowercase().as_str()))
}
