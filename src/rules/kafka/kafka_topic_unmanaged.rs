//! `kafka-topic-unmanaged`

use crate::index::kafka::entity_operator::{Care, operator_of};
use crate::index::kafka::{CLUSTER_LABEL, STRIMZI};
use crate::model::{Object, Place};
use crate::rule::{Context, Similar, Verdict, rule};
use crate::suggest;

rule!(KafkaTopicUnmanaged, "kafka/kafka-topic-unmanaged.md", |walk| walk
    .of_kinds(&[(STRIMZI, "KafkaTopic"), (STRIMZI, "KafkaUser")], judge));

fn judge<'a>(object: &'a Object, cx: &mut Context<'a>) -> Verdict {
    if object.annotation("strimzi.io/managed") == Some("false") {
        return Verdict::NotApplicable;
    }
    let index = cx.index();
    let care = index.care_of(object);
    match care {
        Care::Taken => return Verdict::Pass,
        Care::Unknown(reason) => return Verdict::open(reason),
        _ if index.environment().is_fragment => {
            return Verdict::open("its Kafka may stand in another file");
        }
        _ => {}
    }
    if index.of_kind(STRIMZI, "Kafka").next().is_none() {
        return Verdict::open("its Kafka is not among the manifests");
    }
    if cx.once_in_run("has an entity operator", |it| it.lone_entity_operator().is_some()) {
        return Verdict::open("an operator for topics or users that stands alone may look after it");
    }
    let is_named = !matches!(care, Care::Unlabelled | Care::NoOperator(_));
    if is_named && cx.anywhere_in_run(|it| matches!(it.care_of(object), Care::Taken)) {
        return Verdict::Pass;
    }
    let maker = match care {
        Care::OtherName(_) => index.unseen_maker_near(object),
        // In the namespace of an application much may be unseen, and little of it is a Kafka.
        Care::OtherNamespace(..) => index.unseen_maker_speaking(object, &["kafka"]),
        _ => None,
    };
    if let Some(maker) = maker {
        return Verdict::open(format!("{} may make its Kafka", maker.title()));
    }
    report(object, care, cx)
}

fn report(object: &Object, care: Care<'_>, cx: &mut Context<'_>) -> Verdict {
    let title = object.title();
    let what = if object.kind() == "KafkaUser" { "user operator" } else { "topic operator" };
    let label = || object.place(&["metadata", "labels", CLUSTER_LABEL]);
    let (place, message, there, help): (Place, String, Option<(&Object, String)>, String) = match care {
        Care::Unlabelled => (
            label(),
            format!("{title} has no label {CLUSTER_LABEL}: no {what} looks after it"),
            None,
            format!("nothing is made in Kafka: label it with {CLUSTER_LABEL} and the name of its Kafka"),
        ),
        Care::NoOperator(kafka) => (
            label(),
            format!("{} runs no {what}: nobody looks after {title}", kafka.title()),
            Some((kafka, "its Kafka".to_owned())),
            format!("nothing is made in Kafka: add entityOperator.{} to the Kafka", operator_of(object.kind())),
        ),
        Care::OtherNamespace(kafka, watched, is_chosen) => (
            object.place(&["metadata", "namespace"]),
            format!(
                "{title} is in namespace {}, but the {what} of {} watches {watched} only",
                object.namespace().unwrap_or("default"),
                kafka.title()
            ),
            Some((kafka, if is_chosen { "its operator has a watchedNamespace" } else { "its Kafka" }.to_owned())),
            format!("nothing is made in Kafka: move it to namespace {watched}"),
        ),
        Care::OtherName(kafka) => {
            let name = object.label(CLUSTER_LABEL).unwrap_or_default();
            let help = match suggest::nearest(name, [kafka.name()]) {
                Some(near) => format!("nothing is made in Kafka: did you mean {near}?"),
                None => format!("nothing is made in Kafka: correct the label {CLUSTER_LABEL}"),
            };
            let message = format!("{title} names Kafka {name}, and no Kafka of its namespace is called so");
            (label(), message, Some((kafka, format!("this one is called {}", kafka.name()))), help)
        }
        Care::Taken | Care::Unknown(_) => return Verdict::NotApplicable,
    };
    cx.fail(object, place, message)
        .help(help)
        .labels(there.map(|(kafka, text)| (kafka.name_span(), text)))
        .listed_with_similar(Similar {
            noun: "topics and users",
            verdict: "have no operator that looks after them",
            name: object.title(),
            help: "nothing is made in Kafka: correct their labels strimzi.io/cluster, or move them to the namespace \
                   that the operator watches",
        })
        .verdict()
}
