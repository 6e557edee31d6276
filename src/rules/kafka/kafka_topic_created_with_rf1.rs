//! `kafka-topic-created-with-rf1`

use crate::index::KafkaCluster;
use crate::index::commands::Told;
use crate::index::kafka::STRIMZI;
use crate::index::kafka::creations::{Creation, number_of};
use crate::index::kafka::settings::number;
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::repairs::replace_part;
use crate::rules::words::list;
use crate::source::Span;
use crate::yaml::NodeRef;

/// As many lines of one object are named.
const NAMED: usize = 5;

const HELP: &str = "topics keep the copies that they are created with, however many brokers there are later: write 3 \
                    where there are three brokers (with fewer, a topic of 3 copies is not created), and reassign the \
                    partitions of topics that exist";

cases!(KafkaTopicCreatedWithRf1: TOOL = "tool");

rule!(KafkaTopicCreatedWithRf1, "kafka/kafka-topic-created-with-rf1.md", |walk| {
    walk.each(
        |index| index.kafka_creations().chunk_by(|one, other| one.by.id() == other.by.id()).map(|it| (it[0].by, it)),
        |(object, creations), cx| judge(object, creations, cx),
    );
    walk.of_kinds(&[(STRIMZI, "KafkaConnector"), (STRIMZI, "KafkaMirrorMaker2")], judge_connector);
});

fn judge(object: &Object, creations: &[Creation<'_>], cx: &mut Context<'_>) -> Verdict {
    let written: Vec<(&Creation<'_>, &Told<'_>)> =
        creations.iter().filter_map(|it| Some((it, it.copies.as_ref()?))).collect();
    let single: Vec<_> = written.iter().filter(|(_, copies)| number_of(copies) == Some(1)).collect();
    let Some(((creation, copies), others)) = single.split_first() else {
        if written.iter().any(|(_, copies)| number_of(copies).is_none()) {
            return Verdict::open("the copies of the topics that it creates are template placeholders");
        }
        return if written.is_empty() { Verdict::NotApplicable } else { Verdict::Pass };
    };
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
    // The template of a Job cannot change.
    let repair = large.filter(|_| object.kind() != "Job" && !copies.is_variable).and_then(|_| three_copies(&single));
    cx.fail(object, copies.word.place(), message)
        .fix(repair)
        .evidence("copies", 1)
        .help(HELP)
        .labels(others.iter().take(NAMED - 1).map(|it| (it.1.word.span(), "1 copy here, too")))
        .labels(large.map(|(span, brokers)| (span, format!("{brokers} brokers could hold 3 copies"))))
        .maybe_case(is_tool.then_some(TOOL))
        .verdict()
}

/// The same arguments with 3 copies.
fn three_copies(single: &[&(&Creation<'_>, &Told<'_>)]) -> Option<Repair> {
    let mut repair = Repair::new();
    for (_, copies) in single {
        let (holder, node) = copies.word.written();
        repair = replace_part(repair, holder, node, copies.value, "3")?;
    }
    Some(repair)
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
fn judge_connector(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let written: Vec<(Span, &str, NodeRef<'_>)> = connector_configs(object)
        .flat_map(|config| config.entries().map(move |it| (it.line_span(), it.name(), config)).collect::<Vec<_>>())
        .filter(|(_, name, _)| is_factor(name))
        .collect();
    let copies = |(_, name, config): &(Span, &str, NodeRef<'_>)| config.get(name).and_then(number);
    let single: Vec<_> = written.iter().filter(|it| copies(it) == Some(1)).collect();
    let Some(((_, name, config), others)) = single.split_first() else {
        return if written.is_empty() {
            Verdict::NotApplicable
        } else if written.iter().all(|it| copies(it).is_some()) {
            Verdict::Pass
        } else {
            Verdict::open("the copies of the topics that it creates are template placeholders")
        };
    };
    let message = format!("{}: {name} is 1: topics that it creates have 1 copy", object.title());
    let others = others.iter().take(NAMED - 1);
    cx.fail(object, object.place_in(*config, &[name]), message)
        .evidence("copies", 1)
        .help(HELP)
        .labels(others.map(|(span, name, _)| (*span, format!("{name} is 1, too"))))
        .verdict()
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
