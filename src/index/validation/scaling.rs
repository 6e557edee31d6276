//! HorizontalPodAutoscalers and PodDisruptionBudgets.

use crate::index::validation::{Checker, metadata};
use crate::yaml::NodeRef;

/// The longest window in which an autoscaler looks back, in seconds.
const LONGEST_WINDOW: i64 = 3600;
/// The longest period of a scaling policy, in seconds.
const LONGEST_PERIOD: i64 = 1800;
/// The types of metrics, with their sections.
const METRICS: &[(&str, &str)] = &[
    ("ContainerResource", "containerResource"),
    ("External", "external"),
    ("Object", "object"),
    ("Pods", "pods"),
    ("Resource", "resource"),
];

pub(super) fn autoscaler(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    if !Checker::has(spec, &["maxReplicas"]) {
        checker.required(spec, &["maxReplicas"]);
    }
    for key in ["kind", "name"] {
        checker.required(spec, &["scaleTargetRef", key]);
    }
    if checker.object.version() == "v1" {
        checker.at_least(spec, &["targetCPUUtilizationPercentage"], 1);
        return;
    }
    let types: Vec<&str> = METRICS.iter().map(|it| it.0).collect();
    for metric in spec.items_at(&["metrics"]).filter(|it| it.is_map()) {
        if checker.required(metric, &["type"]) {
            checker.one_of(metric, &["type"], &types);
        }
        let Some(kind) = Checker::text(metric, &["type"]) else { continue };
        let Some((_, section)) = METRICS.iter().find(|it| it.0 == kind) else { continue };
        if !Checker::has(metric, &[section]) {
            checker.refuse(metric, &["type"], format!("a metric of type {kind} needs the section {section}"));
            continue;
        }
        target(checker, metric, section);
    }
    for direction in ["scaleUp", "scaleDown"] {
        let Some(rules) = spec.at(&["behavior", direction]).filter(|it| it.is_map()) else { continue };
        checker.within(rules, &["stabilizationWindowSeconds"], 0, LONGEST_WINDOW);
        checker.one_of(rules, &["selectPolicy"], &["Max", "Min", "Disabled"]);
        for policy in rules.items_at(&["policies"]).filter(|it| it.is_map()) {
            checker.one_of(policy, &["type"], &["Pods", "Percent"]);
            checker.at_least(policy, &["value"], 1);
            checker.within(policy, &["periodSeconds"], 1, LONGEST_PERIOD);
        }
    }
}

fn target<'o>(checker: &mut Checker<'o>, metric: NodeRef<'o>, section: &str) {
    let Some(target) = metric.at(&[section, "target"]).filter(|it| it.is_map()) else { return };
    if checker.required(target, &["type"]) {
        checker.one_of(target, &["type"], &["Utilization", "Value", "AverageValue"]);
    }
    checker.at_least(target, &["averageUtilization"], 1);
    for key in ["value", "averageValue"] {
        let text = Checker::text(target, &[key]).unwrap_or_default();
        if text.starts_with('-') || text == "0" {
            checker.refuse(target, &[key], format!("{text} is not above 0"));
        }
    }
}

pub(super) fn budget(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    metadata::selector(checker, spec, &["selector"]);
    checker.one_of(spec, &["unhealthyPodEvictionPolicy"], &["AlwaysAllow", "IfHealthyBudget"]);
}

/// A ScaledObject, as KEDA's webhook and its scaler for Kafka judge it (kedacore/keda,
/// `apis/keda/v1alpha1/scaledobject_types.go`, `pkg/scalers/kafka_scaler.go`).
pub(super) fn scaled_object(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    for key in ["minReplicaCount", "maxReplicaCount", "idleReplicaCount"] {
        checker.at_least(spec, &[key], 0);
    }
    if let (Some(idle), Some(minimum)) = (spec.int_at(&["idleReplicaCount"]), spec.int_at(&["minReplicaCount"]))
        && idle >= minimum
    {
        checker.refuse(spec, &["idleReplicaCount"], format!("{idle} is not below minReplicaCount {minimum}"));
    }
    for trigger in spec.items_at(&["triggers"]) {
        if !matches!(trigger.str_at(&["type"]), Some("kafka" | "apache-kafka")) {
            continue;
        }
        let threshold = Checker::text(trigger, &["metadata", "lagThreshold"]);
        if let Some(text) = threshold.filter(|it| !it.parse::<i64>().is_ok_and(|it| it > 0)) {
            let message = format!("{text} is not a whole number above 0: the trigger is refused, and nothing scales");
            checker.refuse(trigger, &["metadata", "lagThreshold"], message);
        }
    }
}

/// A VerticalPodAutoscaler, by the schema of its definition.
pub(super) fn vertical_autoscaler(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    mode(checker, spec, &["updatePolicy", "updateMode"], &["Off", "Initial", "Recreate", "InPlaceOrRecreate", "Auto"]);
    for policy in spec.items_at(&["resourcePolicy", "containerPolicies"]) {
        mode(checker, policy, &["mode"], &["Auto", "Off"]);
    }
}

/// A mode, whose `Off` YAML reads as false without quotes.
fn mode<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str], allowed: &[&str]) {
    if node.bool_at(keys).is_some() {
        let message = "a truth value, where a text is needed: YAML reads Off as false";
        checker.refuse(node, keys, message).help = Some("write \"Off\" in quotes".to_owned());
        return;
    }
    checker.one_of(node, keys, allowed);
}
