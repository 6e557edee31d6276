//! The pods of the Prometheus operator. Sources: prometheus-operator `pkg/prometheus/common.go` and
//! `pkg/alertmanager/statefulset.go`.

use crate::index::Autoscalers;
use crate::index::operators::Made;
use crate::index::pods::Control;
use crate::model::{Labels, Object, products};
use crate::yaml::NodeRef;

/// Resources of the Prometheus operator, which become StatefulSets: kind and application.
const PROMETHEUS: &[(&str, &str)] = &[
    ("Prometheus", "prometheus"),
    ("PrometheusAgent", "prometheus"),
    ("Alertmanager", "alertmanager"),
    ("ThanosRuler", "thanos-ruler"),
];

pub(super) fn add<'a>(index: &Autoscalers<'a>, made: &mut Made<'a>) {
    for (kind, application) in PROMETHEUS {
        for object in index.of_kind(products::PROMETHEUS, kind) {
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
