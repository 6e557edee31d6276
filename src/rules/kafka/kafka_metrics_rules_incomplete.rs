//! `kafka-metrics-rules-incomplete`

use crate::index::Index;
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::{is_open, list};
use std::collections::BTreeSet;

/// What alerts on a cluster's health need: name, and the attribute as the exporter writes it.
const NEEDED: &[(&str, &str)] = &[
    ("UnderReplicatedPartitions", "kafka.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value: 0"),
    ("UnderMinIsrPartitionCount", "kafka.server<type=ReplicaManager, name=UnderMinIsrPartitionCount><>Value: 0"),
    ("ActiveControllerCount", "kafka.controller<type=KafkaController, name=ActiveControllerCount><>Value: 1"),
    ("OfflinePartitionsCount", "kafka.controller<type=KafkaController, name=OfflinePartitionsCount><>Value: 0"),
    ("OfflineLogDirectoryCount", "kafka.log<type=LogManager, name=OfflineLogDirectoryCount><>Value: 0"),
];

rule!(KafkaMetricsRulesIncomplete, "kafka/kafka-metrics-rules-incomplete.md", |walk| walk
    .each(rules_of_brokers, |(map, key), cx| judge(map, key, cx)));

/// The ConfigMaps with rules for brokers, each with the rules' key.
fn rules_of_brokers<'a>(index: &'a Index<'a>) -> Vec<(&'a Object, &'a str)> {
    let mut seen = BTreeSet::new();
    let references = index.metrics_rules_refs().into_iter().filter(|it| it.part == "kafka");
    let used = references.filter_map(|it| {
        let field = |key: &str| it.node.str_at(&[key]).unwrap_or_default();
        let map = index.find(it.object, "", "ConfigMap", field("name"))?;
        seen.insert((map.id(), field("key"))).then_some((map, field("key")))
    });
    // Those for Connect and Cruise Control say nothing of the brokers.
    let idle = index.idle_metrics_rules().into_iter().filter(|it| it.entry.value.text().contains("kafka.server"));
    used.chain(idle.map(|it| (it.object, it.entry.name()))).collect()
}

fn judge(map: &Object, key: &str, cx: &mut Context<'_>) -> Verdict {
    let Some(text) = map.node().at(&["data"]).and_then(|it| it.get(key)) else { return Verdict::NotApplicable };
    if is_open(&text.text().replace("$(", "")) {
        return Verdict::open("a part of the rules is a template placeholder");
    }
    let Some(rules) = &*cx.index().jmx_rules(map, text.text()) else {
        return Verdict::open("a pattern of the rules is not understood");
    };
    let missing: Vec<String> = NEEDED.iter().filter(|it| !rules.take(it.1)).map(|it| it.0.to_owned()).collect();
    if missing.is_empty() {
        if rules.is_filtered {
            return Verdict::open("lists of object names narrow down what the rules see");
        }
        return Verdict::Pass;
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
        .help("the exporter drops what no rule matches: add the rules of Strimzi's example kafka-metrics.yaml")
        .verdict()
}
