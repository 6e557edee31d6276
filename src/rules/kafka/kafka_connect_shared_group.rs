//! `kafka-connect-shared-group`

use crate::index::kafka::connects::{Connect, Shared, SharedName};
use crate::rule::{Context, Verdict, rule};
use std::collections::BTreeMap;

/// The first Connect at a Kafka that has a name, by Kafka, kind of name, and name.
type First<'c, 'a> = BTreeMap<(&'c str, Shared, &'a str), (&'c Connect<'a>, &'c SharedName<'a>)>;

rule!(KafkaConnectSharedGroup, "kafka/kafka-connect-shared-group.md", |walk| walk.environment(|cx| {
    let connects = cx.index().kafka_connects();
    let mut first = First::new();
    cx.judge_each(&connects, |connect, cx| {
        let verdict = judge(connect, &first, cx);
        for kafka in &connect.kafkas {
            for name in &connect.names {
                first.entry((kafka, name.what, name.text)).or_insert((connect, name));
            }
        }
        verdict
    });
}));

fn judge<'a>(connect: &Connect<'a>, first: &First<'_, 'a>, cx: &mut Context<'_>) -> Verdict {
    let object = connect.object;
    if connect.kafkas.is_empty() {
        return Verdict::open("the address of its Kafka is a template placeholder");
    }
    let equal = connect.names.iter().filter_map(|name| {
        let mut others = connect.kafkas.iter().filter_map(|kafka| first.get(&(kafka, name.what, name.text)));
        Some((name, others.next()?))
    });
    let equal: Vec<_> = equal.collect();
    let Some(((name, (other, their)), further)) = equal.split_first() else { return Verdict::Pass };
    let default = if name.is_written { "" } else { " (the default)" };
    let message = match name.what {
        Shared::Group => format!(
            "{} has the group {}{default} of {} at the same Kafka: their workers form one cluster",
            object.title(),
            name.text,
            other.object.title()
        ),
        what => format!(
            "{} keeps {} in topic {}{default} of {} at the same Kafka",
            object.title(),
            stored(what),
            name.text,
            other.object.title()
        ),
    };
    let further = further.iter().map(|it| it.0).filter(|it| it.is_written);
    let fields = if object.version() == "v1" || object.kind() == "KafkaMirrorMaker2" {
        "groupId, configStorageTopic, offsetStorageTopic and statusStorageTopic"
    } else {
        "group.id, config.storage.topic, offset.storage.topic and status.storage.topic"
    };
    cx.fail(object, name.place.clone(), message)
        .evidence("name", name.text)
        .label(their.place.span, format!("{} has it too", other.object.title()))
        .labels(further.map(|it| (it.place.span, format!("{} is the same as well", it.what.field()))))
        .help(format!("each overwrites the other's connectors: give every Connect its own {fields}"))
        .verdict()
}

/// What a topic holds.
fn stored(what: Shared) -> &'static str {
    match what {
        Shared::Group | Shared::Configurations => "its connectors",
        Shared::Offsets => "its offsets",
        Shared::Status => "its status",
    }
}
