//! HorizontalPodAutoscalers and PodDisruptionBudgets.

use super::checker::{Checker, is_object, shown};
use super::{metadata, metrics, resources};
use crate::yaml::NodeRef;

/// The longest window in which an autoscaler looks back, in seconds.
const LONGEST_WINDOW: i64 = 3600;
/// The longest period of a scaling policy, in seconds.
const LONGEST_PERIOD: i64 = 1800;

pub(super) fn autoscaler(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else {
        checker.required(checker.root(), &["spec", "maxReplicas"]);
        return;
    };
    // Above that, and below the minimum, is another rule's.
    if spec.int_at(&["maxReplicas"]) == Some(0) || !Checker::has(spec, &["maxReplicas"]) {
        checker.refuse(spec, &["maxReplicas"], "missing or 0");
    } else {
        checker.at_least(spec, &["maxReplicas"], 1);
    }
    if spec.int_at(&["minReplicas"]) == Some(0) {
        let message = "0 is below 1, and is taken with a metric of type Object or External alone, by default since Kubernetes 1.37";
        checker.refuse(spec, &["minReplicas"], message);
    } else {
        checker.at_least(spec, &["minReplicas"], 1);
    }
    // That it needs an API group is another rule's.
    metadata::reference(checker, spec, "scaleTargetRef");
    if checker.object.version() == "v1" {
        checker.at_least(spec, &["targetCPUUtilizationPercentage"], 1);
        return; // It has neither metrics nor behavior.
    }
    for metric in spec.items_at(&["metrics"]).filter(|it| is_object(*it)) {
        metrics::check(checker, metric);
    }
    for direction in ["scaleUp", "scaleDown"] {
        if let Some(rules) = spec.at(&["behavior", direction]).filter(|it| it.is_map()) {
            behavior(checker, rules);
        }
    }
}

fn behavior<'o>(checker: &mut Checker<'o>, rules: NodeRef<'o>) {
    for entry in rules.entries().filter(|it| !it.value.is_null()) {
        let key = entry.name();
        match key {
            "stabilizationWindowSeconds" => checker.within(rules, &[key], 0, LONGEST_WINDOW),
            "selectPolicy" => checker.exactly_one_of(rules, &[key], &["Max", "Min", "Disabled"]),
            "tolerance" if resources::is_below_zero(entry.value.text()) => {
                checker.refuse(rules, &[key], format!("{} is below 0", shown(entry.value.text())));
            }
            "policies" if entry.value.is_seq() && entry.value.items().next().is_none() => {
                checker.refuse(
                    rules,
                    &[key],
                    "an empty list: leave it out for the default, or Disabled as selectPolicy",
                );
            }
            _ => {}
        }
    }
    for policy in rules.items_at(&["policies"]).filter(|it| is_object(*it)) {
        checker.required_one_of(policy, &["type"], &["Pods", "Percent"]);
        positive(checker, policy, "value");
        positive(checker, policy, "periodSeconds");
        checker.within(policy, &["periodSeconds"], i64::MIN, LONGEST_PERIOD);
    }
}

/// A number above 0, which has no default.
fn positive<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, key: &str) {
    if Checker::has(node, &[key]) {
        checker.at_least(node, &[key], 1);
    } else {
        checker.required(node, &[key]);
    }
}

pub(super) fn budget(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    metadata::selector(checker, spec, &["selector"]);
    checker.exactly_one_of(spec, &["unhealthyPodEvictionPolicy"], &["AlwaysAllow", "IfHealthyBudget"]);
}
