//! `operator-not-watching-namespace`

use crate::index::kafka::STRIMZI;
use crate::index::kafka::operator::Watch;
use crate::model::Object;
use crate::rule::{Context, Similar, Verdict, rule};
use crate::rules::words::{is_open, list};

/// The kinds that the operator turns into pods; pools and topics follow their cluster.
const KINDS: [(&str, &str); 4] =
    [(STRIMZI, "Kafka"), (STRIMZI, "KafkaConnect"), (STRIMZI, "KafkaMirrorMaker2"), (STRIMZI, "KafkaBridge")];

rule!(OperatorNotWatchingNamespace, "kafka/operator-not-watching-namespace.md", |walk| walk.of_kinds(&KINDS, judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let all = cx.index().strimzi_installations();
    if all.is_empty() {
        return Verdict::open("the operator is not in the manifests");
    }
    let Some(own) = object.namespace().filter(|it| !is_open(it)) else {
        return Verdict::open("its namespace is not in the manifests");
    };
    let answers: Vec<Option<bool>> = all.iter().map(|it| it.watches(Some(own))).collect();
    if answers.contains(&Some(true)) {
        return Verdict::Pass;
    }
    if answers.contains(&None) {
        return Verdict::open("the manifests do not tell which namespaces the operator watches");
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
    cx.fail(object, object.place(&["metadata", "namespace"]), message)
        .help("nothing of it is ever created: add the namespace to the operator's watchNamespaces, or set watchAnyNamespace: true")
        .listed_with_similar(Similar {
            noun: "resources",
            verdict: "are in namespaces that the operator does not watch",
            name: object.title(),
            help: "add their namespaces to the operator's watchNamespaces, or set watchAnyNamespace: true",
        })
        .labels(all.iter().map(|it| (it.watch_span, "what it watches")))
        .verdict()
}
