//! `kafka-topic-created-with-rf1`

use crate::index::KafkaCluster;
use crate::index::commands::Told;
use crate::index::kafka::STRIMZI;
use crate::index::kafka::creations::{Creation, number_of};
use crate::index::kafka::settings::number;
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::words::list;
use crate::source::Span;
use crate::yaml::NodeRef;

pub(crate) struct KafkaTopicCreatedWithRf1;

/// As many lines of one object are named.
const NAMED: usize = 5;

const HELP: &str = "topics keep the copies that they are created with, however many brokers there are later: write 3 \
                    where there are three brokers (with fewer, a topic of 3 copies is not created), and reassign the \
                    partitions of topics that exist";

cases!(KafkaTopicCreatedWithRf1: TOOL = "tool");

impl Rule for KafkaTopicCreatedWithRf1 {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-topic-created-with-rf1.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let creations = cx.index().kafka_creations();
            for group in creations.chunk_by(|one, other| one.by.id() == other.by.id()) {
                check_object(group, cx);
            }
            for kind in ["KafkaConnector", "KafkaMirrorMaker2"] {
                for object in cx.index().of_kind(STRIMZI, kind) {
                    check_connector(object, cx);
                }
            }
        });
    }
}

fn check_object(creations: &[Creation<'_>], cx: &mut Context<'_>) {
    let written: Vec<(&Creation<'_>, &Told<'_>)> =
        creations.iter().filter_map(|it| Some((it, it.copies.as_ref()?))).collect();
    let single: Vec<_> = written.iter().filter(|(_, copies)| number_of(copies) == Some(1)).collect();
    let Some((first, others)) = single.split_first() else {
        if let Some((creation, _)) = written.iter().find(|(_, copies)| number_of(copies).is_none()) {
            cx.not_verifiable(creation.by, "the copies of the topics that it creates are template placeholders");
        } else if let Some((creation, _)) = written.first() {
            cx.pass(creation.by);
        }
        return;
    };
    let (creation, copies) = first;
    let object = creation.by;
    let topics: Vec<String> = creation.topics.iter().map(|it| (*it).to_owned()).collect();
    let message = if copies.is_variable {
        let name = copies.name.to_ascii_uppercase().replace('-', "_");
        format!("{}: {name} is 1: topics that it creates have 1 copy", object.title())
    } else {
        match topics.len() {
            0 => format!("{} creates topics with 1 copy", object.title()),
            1 => format!("{} creates topic {} with 1 copy", object.title(), topics[0]),
            _ => format!("{} creates topics {} with 1 copy", object.title(), list(&topics)),
        }
    };
    let large = large_cluster(cx).map(|it| (it.object.name_span(), it.brokers().unwrap_or_default()));
    let is_tool = cx.index().workload_of(object).is_some_and(|it| it.role.is_beside_the_system());
    let mut draft = cx.fail(object, copies.word.place(), message).evidence("copies", 1).help(HELP);
    for (_, copies) in others.iter().take(NAMED - 1) {
        draft = draft.label(copies.word.span(), "1 copy here, too");
    }
    if let Some((span, brokers)) = large {
        draft = draft.label(span, format!("{brokers} brokers could hold 3 copies"));
    }
    if is_tool {
        draft.case(TOOL);
    }
}

/// The one cluster of the environment, if it can hold three copies.
fn large_cluster<'i, 'a>(cx: &Context<'a>) -> Option<&'i KafkaCluster<'a>>
where
    'a: 'i,
{
    match cx.index().kafka_clusters() {
        [only] => Some(only).filter(|it| it.brokers().is_some_and(|it| it >= 3)),
        _ => None,
    }
}

/// Topics that Kafka Connect or MirrorMaker creates by a connector's own setting.
fn check_connector(object: &Object, cx: &mut Context<'_>) {
    let single: Vec<(Span, &str, NodeRef<'_>)> = connector_configs(object)
        .flat_map(|config| config.entries().map(move |it| (it.line_span(), it.name(), config)).collect::<Vec<_>>())
        .filter(|(_, name, config)| is_factor(name) && config.get(name).and_then(number) == Some(1))
        .collect();
    let Some(((_, name, config), others)) = single.split_first() else { return };
    let message = format!("{}: {name} is 1: topics that it creates have 1 copy", object.title());
    let mut draft = cx.fail(object, object.place_in(*config, &[name]), message).evidence("copies", 1).help(HELP);
    for (span, name, _) in others.iter().take(NAMED - 1) {
        draft = draft.label(*span, format!("{name} is 1, too"));
    }
}

fn connector_configs(object: &Object) -> impl Iterator<Item = NodeRef<'_>> {
    let spec = object.node();
    let own = spec.at(&["spec", "config"]).filter(|_| object.kind() == "KafkaConnector");
    let parts = ["sourceConnector", "heartbeatConnector", "checkpointConnector"];
    let mirrors = spec.items_at(&["spec", "mirrors"]);
    own.into_iter()
        .chain(mirrors.flat_map(move |it| parts.into_iter().filter_map(move |part| it.at(&[part, "config"]))))
}

/// Settings of connectors for the copies of topics; the history of a schema is a topic of its own.
fn is_factor(name: &str) -> bool {
    let is_group = name.starts_with("topic.creation.") && name.ends_with(".replication.factor");
    is_group || name == "replication.factor" || name.ends_with(".topic.replication.factor")
}
