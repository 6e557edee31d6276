//! `operator-not-watching-namespace`

use crate::index::kafka::STRIMZI;
use crate::index::kafka::operator::Watch;
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Similar, Walk};
use crate::rules::words::{is_open, list};

pub(crate) struct OperatorNotWatchingNamespace;

/// The kinds that the operator turns into pods; pools and topics follow their cluster.
const KINDS: [&str; 4] = ["Kafka", "KafkaConnect", "KafkaMirrorMaker2", "KafkaBridge"];

impl Rule for OperatorNotWatchingNamespace {
    const PAGE: &'static str = include_str!("../../../rules/kafka/operator-not-watching-namespace.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for kind in KINDS {
                for object in cx.index().of_kind(STRIMZI, kind) {
                    check_object(object, cx);
                }
            }
        });
    }
}

fn check_object(object: &Object, cx: &mut Context<'_>) {
    let all = cx.index().strimzi_installations();
    if all.is_empty() {
        return cx.not_verifiable(object, "the operator is not in the manifests");
    }
    let Some(own) = object.namespace().filter(|it| !is_open(it)) else {
        return cx.not_verifiable(object, "its namespace is not in the manifests");
    };
    let answers: Vec<Option<bool>> = all.iter().map(|it| it.watches(Some(own))).collect();
    if answers.contains(&Some(true)) {
        return cx.pass(object);
    }
    if answers.contains(&None) {
        return cx.not_verifiable(object, "the manifests do not tell which namespaces the operator watches");
    }
    let mut watched: Vec<String> = Vec::new();
    for installation in all {
        if let Watch::Namespaces(names) = &installation.watch {
            watched.extend(names.iter().filter(|it| !it.is_empty()).cloned());
        }
    }
    watched.sort();
    watched.dedup();
    let message = format!("{} is in namespace {own}, but the operator watches {} only", object.title(), list(&watched));
    let mut draft = cx
        .fail(object, object.place(&["metadata", "namespace"]), message)
        .help("nothing of it is ever created: add the namespace to the operator's watchNamespaces, or set watchAnyNamespace: true")
        .listed_with_similar(Similar {
            noun: "resources",
            verdict: "are in namespaces that the operator does not watch",
            name: object.title(),
            help: "add their namespaces to the operator's watchNamespaces, or set watchAnyNamespace: true",
        });
    for installation in all {
        draft = draft.label(installation.watch_span, "what it watches");
    }
}
