//! `kafka-metrics-configmap-unused`

use crate::index::Nearness;
use crate::rule::{NoParams, Rule, Walk};
use crate::rules::kafka::KafkaMetricsDisabled;

pub(crate) struct KafkaMetricsConfigmapUnused;

impl Rule for KafkaMetricsConfigmapUnused {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-metrics-configmap-unused.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            if index.environment().is_fragment {
                return; // What refers to it may stand in another file.
            }
            for reference in index.metrics_rules_refs() {
                let name = reference.node.str_at(&["name"]).unwrap_or_default();
                if let Some(map) = index.find(reference.object, "", "ConfigMap", name) {
                    cx.pass(map);
                }
            }
            for rules in index.idle_metrics_rules() {
                let map = rules.object;
                let near = index.kafka_clusters().iter().find(|it| index.nearness(map, it.object) == Nearness::Same);
                let Some(cluster) = near.map(|it| it.object) else { continue };
                let key = rules.entry.name();
                if cluster.node().at(&["spec", "kafka", "metricsConfig"]).is_none() {
                    let text = "has rules for its metrics, and nothing refers to them";
                    cx.blocked(map, KafkaMetricsDisabled::ID, cluster, rules.entry.key.span(), text);
                    continue;
                }
                let message =
                    format!("ConfigMap {} has rules for Kafka's metrics, and nothing refers to them", map.name());
                cx.fail(map, map.place(&["data", key]), message)
                    .label(cluster.place(&["spec", "kafka", "metricsConfig"]).span, "this resource refers to others")
                    .help("refer to it in metricsConfig of the resource that it is for, or remove it");
            }
        });
    }
}
