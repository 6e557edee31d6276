//! `kafka-metrics-configmap-missing`

use crate::index::Nearness;
use crate::index::kafka::RulesRef;
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::repairs::{correct, correct_name};
use crate::rules::words::{is_open, list};
use crate::suggest::nearest_or_only;
use crate::yaml::NodeRef;

rule!(KafkaMetricsConfigmapMissing, "kafka/kafka-metrics-configmap-missing.md", |walk| walk
    .each(|index| index.metrics_rules_refs(), judge));

fn judge(reference: RulesRef<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = reference.object;
    let field = |key: &str| reference.node.str_at(&[key]).unwrap_or_default();
    let (name, key) = (field("name"), field("key"));
    if name.is_empty() || key.is_empty() {
        return Verdict::NotApplicable; // The resource's own schema wants both.
    }
    if is_open(name) || is_open(key) {
        return Verdict::open("the name of the ConfigMap is a template placeholder");
    }
    match cx.index().find(object, "", "ConfigMap", name) {
        Some(map) => judge_key(reference, map, key, cx),
        None => judge_missing(reference, name, cx),
    }
}

fn judge_key(reference: RulesRef<'_>, map: &Object, key: &str, cx: &mut Context<'_>) -> Verdict {
    let object = reference.object;
    if map.node().at(&["data"]).and_then(|it| it.get(key)).is_some() {
        return Verdict::Pass;
    }
    let keys: Vec<String> =
        map.node().at(&["data"]).into_iter().flat_map(NodeRef::entries).map(|it| it.name().to_owned()).collect();
    let has = if keys.is_empty() { "holds no text".to_owned() } else { format!("has {}", list(&keys)) };
    let message = format!("ConfigMap {} has no key {key} with the rules for {}", map.name(), whose(reference));
    let meant = nearest_or_only(key, &keys);
    let repair = meant.zip(reference.node.get("key")).map(|(meant, node)| correct(object, node, meant));
    cx.fail(object, object.place_in(reference.node, &["key"]), message)
        .fix(repair)
        .label(map.name_span(), has)
        .help("the operator stops at this and changes nothing any more: name a key of the ConfigMap, or add this one")
        .verdict()
}

fn judge_missing(reference: RulesRef<'_>, name: &str, cx: &mut Context<'_>) -> Verdict {
    let object = reference.object;
    let index = cx.index();
    if index.environment().is_fragment {
        return Verdict::open("the ConfigMap may stand in another file: run on the whole directory");
    }
    if cx.run().with_object("", "ConfigMap", name).any(|it| it.find(object, "", "ConfigMap", name).is_some()) {
        return Verdict::Pass;
    }
    if let Some(maker) = index.unseen_maker_near(object) {
        return Verdict::open(format!("{} may make ConfigMap {name}", maker.title()));
    }
    let elsewhere = index.named("", "ConfigMap", name).first().copied();
    let has_others = index.nearness_of_kind(object, "", "ConfigMap") == Nearness::Same;
    if elsewhere.is_none() && !has_others {
        return Verdict::open("the manifests hold no ConfigMap: it may come from elsewhere");
    }
    // Kustomize adds a hash to the names that it generates.
    if index.has_hashed("ConfigMap", name) {
        return Verdict::open(format!("ConfigMap {name} carries a hash that a later step may add here"));
    }
    let message = format!("no ConfigMap {name} holds the rules for {}", whose(reference));
    let there = elsewhere.map(|it| (it.name_span(), it.namespace().unwrap_or_default()));
    let repair = correct_name(object, reference.node.get("name"), name, ("", "ConfigMap"), index);
    cx.fail(object, object.place_in(reference.node, &["name"]), message)
        .fix(repair)
        .help(
            "the operator stops at this and changes nothing any more: add the ConfigMap to the namespace of the \
             resource",
        )
        .labels(there.map(|(span, namespace)| (span, format!("one of that name is in namespace {namespace}"))))
        .verdict()
}

/// Whose metrics they are.
fn whose(reference: RulesRef<'_>) -> String {
    let title = reference.object.title();
    match reference.part {
        "zookeeper" => format!("the ZooKeeper of {title}"),
        "cruiseControl" => format!("the Cruise Control of {title}"),
        _ => title,
    }
}
