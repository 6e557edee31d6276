//! `consumer-group-shared-broadcast`

use crate::index::commands::is_open_value;
use crate::index::kafka::consumers::{Consumer, Named};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::workload::WorkloadTooFewReplicas;

pub(crate) struct ConsumerGroupSharedBroadcast;

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

impl Rule for ConsumerGroupSharedBroadcast {
    const PAGE: &'static str = include_str!("../../../rules/autoscaling/consumer-group-shared-broadcast.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            let index = cx.index();
            for consumer in index.kafka_consumers(cx.workloads()) {
                let workload = consumer.workload;
                if !workload.is_switched_off() && cx.serving(workload).is_some() {
                    check_consumer(&consumer, cx);
                }
            }
        });
    }
}

fn check_consumer<'a>(consumer: &Consumer<'_, 'a>, cx: &mut Context<'a>) {
    let workload = consumer.workload;
    let object = workload.object;
    let [group] = consumer.groups.as_slice() else { return };
    if is_open_value(group.text) {
        return cx.pass(object); // A group for each pod, mostly: its name is part of it.
    }
    let Some(word) = std::iter::once(group).chain(&consumer.topics).find_map(speaks_of_broadcast) else { return };
    let text = format!("each message in group {} reaches only one of the pods", group.text);
    if workload.scale.ceiling.is_none_or(|it| it < 2) {
        let place = group.span;
        cx.blocked(object, WorkloadTooFewReplicas::ID, object, place, format!("with two replicas {text}"));
        return;
    }
    let message = format!("{} answers requests, and {text}", object.title());
    let place = crate::model::Place { span: group.span, path: object.name_place().path };
    let serving = cx.serving(workload);
    let mut draft = cx.fail(object, place, message).evidence("word", word).evidence("group", group.text);
    if let Some(service) = serving.as_ref().and_then(|it| it.services.first()) {
        draft = draft.label(service.name_span(), "clients are connected to any of the pods");
    }
    draft.help(
        "who is connected to another pod misses the message: give each pod a group of its own (with its name from \
         metadata.name in it, and auto.offset.reset latest), or pass messages on between the pods",
    );
}

/// The word that says so.
fn speaks_of_broadcast<'a>(named: &Named<'a>) -> Option<&'a str> {
    named.text.split(|it: char| !it.is_alphanumeric()).find(|it| WORDS.contains(&it.to_ascii_lowercase().as_str()))
}
