//! Pods that operators run beside the ones of their main business: Strimzi's helpers of a cluster, and the
//! pods of the Prometheus operator. Sources: Strimzi `Labels` and `KafkaResources`; prometheus-operator
//! `pkg/prometheus/common.go` and `pkg/alertmanager/statefulset.go`.

use super::kafka::STRIMZI;
use super::operators::{Made, strimzi_labels};
use super::pods::Control;
use super::{Index, Scale, ScaledBy};
use crate::model::{Labels, Object};
use crate::yaml::NodeRef;

/// Parts of a Kafka resource that run as a Deployment of one pod: field, suffix of the name, component.
const STRIMZI_PARTS: &[(&str, &str, &str)] = &[
    ("entityOperator", "entity-operator", "entity-operator"),
    ("cruiseControl", "cruise-control", "cruise-control"),
    ("kafkaExporter", "kafka-exporter", "kafka-exporter"),
];

/// Resources of the Prometheus operator, which become StatefulSets: kind and application.
const PROMETHEUS: &[(&str, &str)] = &[
    ("Prometheus", "prometheus"),
    ("PrometheusAgent", "prometheus"),
    ("Alertmanager", "alertmanager"),
    ("ThanosRuler", "thanos-ruler"),
];

pub(super) fn add<'a>(index: &Index<'a>, made: &mut Made<'a>) {
    for object in index.of_kind(STRIMZI, "Kafka") {
        for (field, suffix, component) in STRIMZI_PARTS {
            if object.node().at(&["spec", field]).is_some() {
                let labels = strimzi_labels(object, "Kafka", format!("{}-{suffix}", object.name()), component);
                made.pods(object, labels, Scale::fixed(Some(1), ScaledBy::Kind), Control::Scalable);
            }
        }
    }
    for (kind, application) in PROMETHEUS {
        for object in index.of_kind("monitoring.coreos.com", kind) {
            let scale = index.scale_of_field(object, &["spec", "replicas"], 1);
            made.pods(object, prometheus_labels(object, application), scale, Control::Scalable);
        }
    }
}

fn prometheus_labels<'a>(object: &'a Object, application: &'static str) -> Labels<'a> {
    let mut labels = Labels::read(object.node().at(&["spec", "podMetadata", "labels"]));
    labels.set("app.kubernetes.io/name", application);
    labels.set("app.kubernetes.io/instance", object.name());
    labels.set("app.kubernetes.io/managed-by", "prometheus-operator");
    labels.set(application, object.name());
    if application == "prometheus" {
        labels.set("operator.prometheus.io/name", object.name());
    }
    let version = object.node().at(&["spec", "version"]).map(NodeRef::text);
    if let Some(version) = version {
        labels.set("app.kubernetes.io/version", version);
    }
    labels
}
