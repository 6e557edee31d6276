//! What autoscalers measure: the resource metrics of HPAs in all their versions, and of ScaledObjects.
//!
//! Sources: kubernetes/kubernetes `pkg/apis/autoscaling/v1/defaults.go` and `v2/defaults.go`;
//! kedacore/keda `pkg/scalers/cpu_memory_scaler.go`.

use crate::model::{Object, Place, whole_number};
use crate::yaml::NodeRef;

/// What a metric is held at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricTarget {
    /// A share of the request, in per cent; `None` if the number is unknown.
    Utilization(Option<i64>),
    /// An amount.
    Amount,
}

/// A metric of type Resource or `ContainerResource`, or a trigger of type cpu or memory.
#[derive(Clone, Debug)]
pub struct ResourceMetric<'a> {
    /// `cpu` or `memory`.
    pub resource: &'a str,
    /// The one container that it measures; all of the pod if absent.
    pub container: Option<&'a str>,
    /// What it is held at.
    pub target: MetricTarget,
    /// Where the target stands, or would.
    pub place: Place,
    /// The metric or trigger; `None` where the default stands in for an absent one.
    node: Option<NodeRef<'a>>,
}

/// Where a metric of an HPA, or a trigger of a ScaledObject, names its container.
fn container_keys(scaler: &Object) -> [&'static str; 2] {
    if scaler.kind() == "ScaledObject" { ["metadata", "containerName"] } else { ["containerResource", "container"] }
}

impl<'a> ResourceMetric<'a> {
    /// Where the container's name stands.
    pub fn container_place(&self, scaler: &Object) -> Place {
        self.node.map_or_else(|| self.place.clone(), |it| scaler.place_in(it, &container_keys(scaler)))
    }

    /// The container's name, if it is written.
    pub fn container_node(&self, scaler: &Object) -> Option<NodeRef<'a>> {
        self.node?.at(&container_keys(scaler))
    }
}

/// What an HPA without metrics gets.
const DEFAULT_UTILIZATION: i64 = 80;

/// In `autoscaling/v1` all other metrics hide here.
const METRICS_ANNOTATION: &str = "autoscaling.alpha.kubernetes.io/metrics";

/// The resource metrics of an HPA or ScaledObject, in order.
pub fn resource_metrics(scaler: &Object) -> Vec<ResourceMetric<'_>> {
    if scaler.kind() == "ScaledObject" {
        return scaler.node().items_at(&["spec", "triggers"]).filter_map(|it| of_trigger(scaler, it)).collect();
    }
    if scaler.version() == "v1" {
        return of_version_1(scaler).into_iter().collect();
    }
    let metrics = scaler.node().at(&["spec", "metrics"]);
    let is_absent = metrics.is_none_or(|it| it.is_seq() && it.items().next().is_none());
    if is_absent {
        return vec![by_default(scaler, &["spec", "metrics"])];
    }
    metrics.into_iter().flat_map(NodeRef::items).filter_map(|it| of_metric(scaler, it)).collect()
}

/// How many metrics or triggers of whatever type a scaler has.
pub fn count_metrics(scaler: &Object) -> usize {
    let key = if scaler.kind() == "ScaledObject" { "triggers" } else { "metrics" };
    let written = scaler.node().items_at(&["spec", key]).count();
    written.max(usize::from(scaler.kind() != "ScaledObject")) + usize::from(has_hidden_metrics(scaler))
}

/// Whether an HPA has metrics in an annotation, as `autoscaling/v1` keeps them.
fn has_hidden_metrics(scaler: &Object) -> bool {
    scaler.annotation(METRICS_ANNOTATION).is_some()
}

fn by_default<'a>(scaler: &'a Object, keys: &[&str]) -> ResourceMetric<'a> {
    let target = MetricTarget::Utilization(Some(DEFAULT_UTILIZATION));
    ResourceMetric { resource: "cpu", container: None, target, place: scaler.place(keys), node: None }
}

fn of_version_1(scaler: &Object) -> Option<ResourceMetric<'_>> {
    let keys = ["spec", "targetCPUUtilizationPercentage"];
    match scaler.node().at(&keys) {
        Some(written) => {
            let target = MetricTarget::Utilization(written.as_int());
            Some(ResourceMetric { target, ..by_default(scaler, &keys) })
        }
        None => (!has_hidden_metrics(scaler)).then(|| by_default(scaler, &keys)),
    }
}

/// A metric of `autoscaling/v2`, or of one of its betas.
fn of_metric<'a>(scaler: &'a Object, metric: NodeRef<'a>) -> Option<ResourceMetric<'a>> {
    let key = match metric.str_at(&["type"])? {
        "Resource" => "resource",
        "ContainerResource" => "containerResource",
        _ => return None,
    };
    let source = metric.at(&[key])?;
    let container = if key == "resource" { None } else { Some(source.str_at(&["container"])?) };
    let resource = source.str_at(&["name"])?;
    let has = |keys: &[&str]| source.at(keys).is_some();
    let (target, keys): (_, &[&str]) = if has(&["targetAverageUtilization"]) {
        let keys = &["targetAverageUtilization"];
        (MetricTarget::Utilization(source.int_at(keys)), keys)
    } else if has(&["target", "averageUtilization"])
        // The controller takes the value, whatever the type says (`pkg/controller/podautoscaler/horizontal.go`).
        || (source.str_at(&["target", "type"]) == Some("Utilization") && !has(&["target", "averageValue"]))
    {
        let keys = &["target", "averageUtilization"];
        (MetricTarget::Utilization(source.int_at(keys)), keys)
    } else {
        (MetricTarget::Amount, &["target"])
    };
    Some(ResourceMetric { resource, container, target, place: scaler.place_in(source, keys), node: Some(metric) })
}

fn of_trigger<'a>(scaler: &'a Object, trigger: NodeRef<'a>) -> Option<ResourceMetric<'a>> {
    let resource = trigger.str_at(&["type"]).filter(|it| matches!(*it, "cpu" | "memory"))?;
    // Before KEDA 2.18 the type could also stand among the metadata.
    let kind = trigger.str_at(&["metricType"]).or_else(|| trigger.str_at(&["metadata", "type"]));
    let value = trigger.at(&["metadata", "value"]);
    let target = match kind {
        Some("Utilization") => MetricTarget::Utilization(value.and_then(|it| whole_number(it.text()))),
        _ => MetricTarget::Amount,
    };
    let container = trigger.str_at(&["metadata", "containerName"]);
    let place = scaler.place_in(trigger, &["metadata", "value"]);
    Some(ResourceMetric { resource, container, target, place, node: Some(trigger) })
}
