//! `kafka-metrics-configmap-unused`

use crate::index::kafka::{RulesIn, STRIMZI};
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KafkaMetricsDisabled;

rule!(KafkaMetricsConfigmapUnused, "kafka/kafka-metrics-configmap-unused.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    if index.environment().is_fragment {
        return; // What refers to it may stand in another file.
    }
    let used = index
        .metrics_rules_refs()
        .into_iter()
        .filter_map(|it| index.find(it.object, "", "ConfigMap", it.node.str_at(&["name"]).unwrap_or_default()));
    cx.judge_each(used, |_, _| Verdict::Pass);
    cx.judge_each(index.idle_metrics_rules(), judge);
}));

fn judge(rules: RulesIn<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let map = rules.object;
    let Some(cluster) = index.first_beside(map, STRIMZI, "Kafka") else {
        return Verdict::NotApplicable;
    };
    if cluster.node().at(&["spec", "kafka", "metricsConfig"]).is_none() {
        let text = "has rules for its metrics, and nothing refers to them";
        return cx.blocked(map, KafkaMetricsDisabled::ID, cluster, rules.entry.key.span(), text);
    }
    let message = format!("ConfigMap {} has rules for Kafka's metrics, and nothing refers to them", map.name());
    cx.fail(map, map.place(&["data", rules.entry.name()]), message)
        .label(cluster.place(&["spec", "kafka", "metricsConfig"]).span, "this resource refers to others")
        .help("refer to it in metricsConfig of the resource that it is for, or remove it")
        .verdict()
}
