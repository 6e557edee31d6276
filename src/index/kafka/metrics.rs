//! Which resources ask for metrics, and the rules of the JMX exporter that ConfigMaps hold for them.

use crate::index::KafkaClusters;
use crate::index::kafka::{Mode, STRIMZI};
use crate::index::objects::neighbours::Neighbours;
use crate::model::{MOST_BYTES, Object};
use crate::yaml::{Document, Entry, NodeRef, parse};
use regex::bytes::{Regex, RegexBuilder};
use std::collections::HashSet;
use std::sync::Arc;

/// A reference to the rules of the JMX exporter.
#[derive(Clone, Copy, Debug)]
pub struct RulesRef<'a> {
    /// The resource that makes it.
    pub object: &'a Object,
    /// The part of it whose metrics they are: `kafka`, `zookeeper`, `cruiseControl`, or empty for all of it.
    pub part: &'static str,
    /// The map with `name` and `key`.
    pub node: NodeRef<'a>,
}

/// Rules for metrics that stand in a ConfigMap.
#[derive(Clone, Copy, Debug)]
pub struct RulesIn<'a> {
    /// The ConfigMap.
    pub object: &'a Object,
    /// The entry of its data.
    pub entry: Entry<'a>,
}

/// How keys begin that refer to ConfigMaps.
const CONFIG_MAP: &str = "configmap";

/// Where Strimzi's resources ask for metrics: kind, part, keys.
const PARTS: &[(&str, &str, &[&str])] = &[
    ("Kafka", "kafka", &["spec", "kafka", "metricsConfig"]),
    ("Kafka", "zookeeper", &["spec", "zookeeper", "metricsConfig"]),
    ("Kafka", "cruiseControl", &["spec", "cruiseControl", "metricsConfig"]),
    ("KafkaConnect", "", &["spec", "metricsConfig"]),
    ("KafkaMirrorMaker2", "", &["spec", "metricsConfig"]),
    ("KafkaBridge", "", &["spec", "metricsConfig"]),
];

impl<'a> KafkaClusters<'a> {
    /// The references to rules of the JMX exporter, in order.
    pub fn metrics_rules_refs(&self) -> Vec<RulesRef<'a>> {
        let mut found = Vec::new();
        for (kind, part, keys) in PARTS {
            for object in self.of_kind(STRIMZI, kind) {
                let is_ignored = *part == "zookeeper"
                    && self.kafka_clusters().iter().any(|it| it.object.id() == object.id() && it.mode == Mode::Kraft);
                let node = object.node().at(keys).and_then(|it| it.at(&["valueFrom", "configMapKeyRef"]));
                found.extend(node.filter(|_| !is_ignored).map(|node| RulesRef { object, part, node }));
            }
        }
        found
    }

    /// Rules for Kafka's metrics in ConfigMaps near a cluster that nothing refers to.
    pub fn idle_metrics_rules(&self) -> Vec<RulesIn<'a>> {
        let mut found = Vec::new();
        if self.kafka_clusters().is_empty() {
            return found;
        }
        for object in self.of_kind("", "ConfigMap") {
            let entries = || object.node().at(&["data"]).into_iter().flat_map(NodeRef::entries);
            let looks = |it: &Entry<'_>| looks_like_rules(it.value.text());
            let rules = self.memo().of_object(object, || RulesAt(entries().map(|it| looks(&it)).collect()));
            let rules = entries().zip(&rules.0).filter(|it| *it.1);
            found.extend(rules.map(|(entry, _)| RulesIn { object, entry }));
        }
        found.retain(|it| {
            let is_near = self.first_beside(it.object, STRIMZI, "Kafka").is_some();
            // Only here is all that is written looked through.
            is_near && !self.used_config_maps().contains(it.object.name())
        });
        found
    }

    /// The only rules for brokers that a ConfigMap of the namespace of a cluster holds: none if there are several.
    pub fn only_broker_rules(&self, cluster: &Object) -> Option<RulesIn<'a>> {
        let has_rules = |it: &&'a Object| broker_rules(it).next().is_some();
        let all =
            self.broker_rules.get_or_init(|| Neighbours::of(self, self.of_kind("", "ConfigMap").filter(has_rules)));
        let mut rules = self.beside(cluster, all, 2).into_iter().flat_map(broker_rules);
        rules.next().filter(|_| rules.next().is_none())
    }

    /// The names of all ConfigMaps that anything refers to.
    fn used_config_maps(&self) -> &HashSet<String> {
        self.used_config_maps.get_or_init(|| {
            let mut used = HashSet::new();
            for object in self.objects() {
                let own = self.memo().of_object(object, || ConfigMapNames::of(object));
                used.extend(own.0.iter().cloned());
            }
            used
        })
    }

    /// The rules of a text of a ConfigMap, as `JmxRules::read` reads them.
    pub fn jmx_rules(&self, of: &Object, text: &str) -> Arc<Option<JmxRules>> {
        self.memo().of_text(text, || JmxRules::read(of, text))
    }
}

/// The entries of a ConfigMap that hold metrics rules for brokers.
fn broker_rules(object: &Object) -> impl Iterator<Item = RulesIn<'_>> {
    let texts = object.node().at(&["data"]).into_iter().flat_map(NodeRef::entries);
    let rules = texts.filter(|it| it.value.text().contains("kafka.server"));
    rules.map(move |entry| RulesIn { object, entry })
}

/// Which entries of a ConfigMap look like rules.
struct RulesAt(Vec<bool>);

/// The names of ConfigMaps that an object refers to.
struct ConfigMapNames(Vec<String>);

impl ConfigMapNames {
    fn of(object: &Object) -> ConfigMapNames {
        let mut used = HashSet::new();
        collect(object.node(), false, &mut used);
        ConfigMapNames(used.into_iter().collect())
    }
}

/// Collects names below keys such as `configMap`, `configMapRef` and `configMapKeyRef`.
fn collect(node: NodeRef<'_>, is_reference: bool, used: &mut HashSet<String>) {
    for entry in node.entries() {
        let key = entry.name();
        if is_reference && key == "name" {
            used.insert(entry.value.text().to_owned());
        }
        collect(entry.value, names_config_maps(key), used);
    }
    for item in node.items() {
        // `configMaps: [name]`, as the Prometheus operator has it.
        if is_reference && !item.is_map() {
            used.insert(item.text().to_owned());
        }
        collect(item, is_reference, used);
    }
}

/// Whether a key begins as `configMap` does, however it is written.
fn names_config_maps(key: &str) -> bool {
    key.get(..CONFIG_MAP.len()).is_some_and(|it| it.eq_ignore_ascii_case(CONFIG_MAP))
}

/// Whether a text has rules of the JMX exporter about Kafka.
fn looks_like_rules(text: &str) -> bool {
    let has_rules = text.lines().any(|it| it.starts_with("rules:"));
    has_rules && text.contains("pattern:") && (text.contains("kafka.") || text.contains("kafka\\."))
}

/// The JMX exporter's rules of one text.
#[derive(Debug)]
pub struct JmxRules {
    /// The patterns; none stands for a rule that takes everything.
    patterns: Vec<Option<Regex>>,
    /// Whether rules are written: without any, everything is exported.
    has_rules: bool,
    /// Whether lists of names narrow down what the rules see.
    pub is_filtered: bool,
}

impl JmxRules {
    /// Reads them; `None` if the text is no YAML, or a pattern is none that we understand.
    fn read(of: &Object, text: &str) -> Option<JmxRules> {
        let text: Arc<str> = text.into();
        let document: Document = parse(of.document().source(), &text, 0..text.len()).ok()??;
        let root = document.root();
        let mut patterns = Vec::new();
        for rule in root.items_at(&["rules"]) {
            let pattern = rule.at(&["pattern"]).map(NodeRef::text);
            patterns.push(pattern.map(compile).transpose().ok()?);
        }
        let lists = ["includeObjectNames", "excludeObjectNames", "whitelistObjectNames", "blacklistObjectNames"];
        let is_filtered = lists.iter().any(|it| root.at(&[it]).is_some());
        Some(JmxRules { has_rules: root.at(&["rules"]).is_some(), patterns, is_filtered })
    }

    /// Whether any rule takes an attribute, written as the exporter writes it.
    pub fn take(&self, attribute: &str) -> bool {
        !self.has_rules || self.patterns.iter().any(|it| it.as_ref().is_none_or(|it| it.is_match(attribute.as_bytes())))
    }
}

/// A pattern that the exporter looks for anywhere in a text, on one line. Java's classes hold ASCII, as the names of
/// attributes do, and tables of all letters take long to build: only what does not go without them has them.
fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    let whole = format!("^.*(?:{pattern}).*$");
    let build = |has_all_letters| RegexBuilder::new(&whole).unicode(has_all_letters).size_limit(MOST_BYTES).build();
    build(false).or_else(|_| build(true))
}
