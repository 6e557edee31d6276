//! `kafka-metrics-configmap-missing`

use crate::index::Nearness;
use crate::index::kafka::RulesRef;
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;

pub(crate) struct KafkaMetricsConfigmapMissing;

impl Rule for KafkaMetricsConfigmapMissing {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-metrics-configmap-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for reference in cx.index().metrics_rules_refs() {
                check_reference(&reference, cx);
            }
        });
    }
}

fn check_reference(reference: &RulesRef<'_>, cx: &mut Context<'_>) {
    let object = reference.object;
    let field = |key: &str| reference.node.str_at(&[key]).unwrap_or_default();
    let (name, key) = (field("name"), field("key"));
    if name.is_empty() || key.is_empty() {
        return; // The resource's own schema wants both.
    }
    if is_open(name) || is_open(key) {
        return cx.not_verifiable(object, "the name of the ConfigMap is a template placeholder");
    }
    match cx.index().find(object, "", "ConfigMap", name) {
        Some(map) => check_key(reference, map, key, cx),
        None => check_missing(reference, name, cx),
    }
}

fn check_key(reference: &RulesRef<'_>, map: &Object, key: &str, cx: &mut Context<'_>) {
    let object = reference.object;
    if map.node().at(&["data"]).and_then(|it| it.get(key)).is_some() {
        return cx.pass(object);
    }
    let keys: Vec<String> =
        map.node().at(&["data"]).into_iter().flat_map(NodeRef::entries).map(|it| it.name().to_owned()).collect();
    let has = if keys.is_empty() { "holds no text".to_owned() } else { format!("has {}", list(&keys)) };
    let message = format!("ConfigMap {} has no key {key} with the rules for {}", map.name(), whose(reference));
    cx.fail(object, object.place_in(reference.node, &["key"]), message)
        .label(map.name_span(), has)
        .help("the operator stops at this and changes nothing any more: name a key of the ConfigMap, or add this one");
}

fn check_missing(reference: &RulesRef<'_>, name: &str, cx: &mut Context<'_>) {
    let object = reference.object;
    let index = cx.index();
    if index.environment().is_fragment {
        return cx.not_verifiable(object, "the ConfigMap may stand in another file: run on the whole directory");
    }
    if cx.run().with_object("", "ConfigMap", name).any(|it| it.find(object, "", "ConfigMap", name).is_some()) {
        return cx.pass(object);
    }
    if let Some(maker) = index.unseen_maker_near(object) {
        return cx.not_verifiable(object, format!("{} may make ConfigMap {name}", maker.title()));
    }
    let elsewhere = index.named("", "ConfigMap", name).first().copied();
    let has_others = index.of_kind("", "ConfigMap").any(|it| index.nearness(object, it) == Nearness::Same);
    if elsewhere.is_none() && !has_others {
        return cx.not_verifiable(object, "the manifests hold no ConfigMap: it may come from elsewhere");
    }
    // Kustomize adds a hash to the names that it generates.
    let prefix = format!("{name}-");
    let generated = index.of_kind("", "ConfigMap").any(|it| it.name().strip_prefix(&prefix).is_some_and(is_hash));
    if generated {
        return cx.not_verifiable(object, format!("ConfigMap {name} carries a hash that a later step may add here"));
    }
    let message = format!("no ConfigMap {name} holds the rules for {}", whose(reference));
    let mut draft = cx.fail(object, object.place_in(reference.node, &["name"]), message).help(
        "the operator stops at this and changes nothing any more: add the ConfigMap to the namespace of the resource",
    );
    if let Some(there) = elsewhere {
        let namespace = there.namespace().unwrap_or_default();
        draft = draft.label(there.name_span(), format!("one of that name is in namespace {namespace}"));
    }
    _ = draft;
}

fn is_hash(text: &str) -> bool {
    text.len() == 10 && text.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
}

/// Whose metrics they are.
fn whose(reference: &RulesRef<'_>) -> String {
    let title = reference.object.title();
    match reference.part {
        "zookeeper" => format!("the ZooKeeper of {title}"),
        "cruiseControl" => format!("the Cruise Control of {title}"),
        _ => title,
    }
}
