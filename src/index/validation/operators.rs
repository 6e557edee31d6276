//! Objects of operators: what the schemas and webhooks of autoscalers refuse.

use super::checker::Checker;
use crate::yaml::NodeRef;

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
        let refusal = checker.refuse(node, keys, message);
        refusal.help = Some("write \"Off\" in quotes".to_owned());
        refusal.meant = node.bool_at(keys).filter(|it| !it).map(|_| "Off".to_owned());
        return;
    }
    checker.one_of(node, keys, allowed);
}
