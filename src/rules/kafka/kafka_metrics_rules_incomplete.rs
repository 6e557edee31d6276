//! `kafka-metrics-rules-incomplete`

use crate::index::kafka::JmxRules;
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::{is_open, list};
use std::collections::BTreeSet;

pub(crate) struct KafkaMetricsRulesIncomplete;

/// What alerts on a cluster's health need: name, and the attribute as the exporter writes it.
const NEEDED: &[(&str, &str)] = &[
    ("UnderReplicatedPartitions", "kafka.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value: 0"),
    ("UnderMinIsrPartitionCount", "kafka.server<type=ReplicaManager, name=UnderMinIsrPartitionCount><>Value: 0"),
    ("ActiveControllerCount", "kafka.controller<type=KafkaController, name=ActiveControllerCount><>Value: 1"),
    ("OfflinePartitionsCount", "kafka.controller<type=KafkaController, name=OfflinePartitionsCount><>Value: 0"),
    ("OfflineLogDirectoryCount", "kafka.log<type=LogManager, name=OfflineLogDirectoryCount><>Value: 0"),
];

impl Rule for KafkaMetricsRulesIncomplete {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-metrics-rules-incomplete.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            let mut seen = BTreeSet::new();
            for reference in index.metrics_rules_refs().iter().filter(|it| it.part == "kafka") {
                let field = |key: &str| reference.node.str_at(&[key]).unwrap_or_default();
                let Some(map) = index.find(reference.object, "", "ConfigMap", field("name")) else { continue };
                if seen.insert((map.id(), field("key"))) {
                    check_rules(map, field("key"), cx);
                }
            }
            for rules in index.idle_metrics_rules() {
                // Those for Connect and Cruise Control say nothing of the brokers.
                if rules.entry.value.text().contains("kafka.server") {
                    check_rules(rules.object, rules.entry.name(), cx);
                }
            }
        });
    }
}

fn check_rules(map: &Object, key: &str, cx: &mut Context<'_>) {
    let Some(text) = map.node().at(&["data"]).and_then(|it| it.get(key)) else { return };
    if is_open(&text.text().replace("$(", "")) {
        return cx.not_verifiable(map, "a part of the rules is a template placeholder");
    }
    let Some(rules) = JmxRules::read(map, text.text()) else {
        return cx.not_verifiable(map, "a pattern of the rules is not understood");
    };
    let missing: Vec<String> = NEEDED.iter().filter(|it| !rules.take(it.1)).map(|it| it.0.to_owned()).collect();
    if missing.is_empty() {
        if rules.is_filtered {
            return cx.not_verifiable(map, "lists of object names narrow down what the rules see");
        }
        return cx.pass(map);
    }
    let number = missing.len();
    let message = format!(
        "rules in ConfigMap {} drop {number} of {} metrics that alerts need: {}",
        map.name(),
        NEEDED.len(),
        list(&missing)
    );
    cx.fail(map, map.place(&["data", key]), message)
        .evidence("dropped", number)
        .help("the exporter drops what no rule matches: add the rules of Strimzi's example kafka-metrics.yaml");
}
