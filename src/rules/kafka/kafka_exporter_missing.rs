//! `kafka-exporter-missing`

use crate::model::products;
use crate::model::products::KAFKA_LAG_EXPORTERS;
use crate::rule::{NoParams, Rule, Similar, Walk};

pub(crate) struct KafkaExporterMissing;

const HELP: &str =
    "add spec.kafkaExporter with topicRegex and groupRegex: a consumer that has stopped shows by its lag only";

impl Rule for KafkaExporterMissing {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-exporter-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            if index.kafka_clusters().is_empty() {
                return;
            }
            let mut containers = index.workloads().iter().flat_map(|it| it.containers().collect::<Vec<_>>());
            let exporter = containers.any(|it| KAFKA_LAG_EXPORTERS.contains(&it.image_name()));
            let is_kafka =
                |it: &crate::yaml::NodeRef<'_>| matches!(it.str_at(&["type"]), Some("kafka" | "apache-kafka"));
            let scaled = index
                .of_kind(products::KEDA, "ScaledObject")
                .any(|it| it.node().items_at(&["spec", "triggers"]).any(|it| is_kafka(&it)));
            let exporter =
                exporter || index.charts().any(|it| KAFKA_LAG_EXPORTERS.iter().any(|name| it.ends_with(name)));
            for cluster in index.kafka_clusters().iter().filter(|it| !it.is_switched_off()) {
                let object = cluster.object;
                if exporter || scaled || object.node().at(&["spec", "kafkaExporter"]).is_some() {
                    cx.pass(object);
                } else if index.environment().is_fragment {
                    cx.not_verifiable(object, "an exporter of its own may stand in another file");
                } else {
                    let message = format!("nothing exports how far the consumers of {} lag behind", object.title());
                    cx.fail(object, object.place(&["spec", "kafkaExporter"]), message).help(HELP).listed_with_similar(
                        Similar {
                            noun: "Kafka clusters",
                            verdict: "have nothing that exports how far their consumers lag behind",
                            name: object.name().to_owned(),
                            help: HELP,
                        },
                    );
                }
            }
        });
    }
}
