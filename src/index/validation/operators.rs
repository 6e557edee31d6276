//! Objects of operators: what the schemas and webhooks of autoscalers refuse, and what Argo Rollouts does not roll out.

use super::checker::Checker;
use super::workloads;
use crate::yaml::NodeRef;

/// A Rollout, as its controller judges it before it makes a pod (argoproj/argo-rollouts,
/// `pkg/apis/rollouts/validation/validation.go`): mostly as a Deployment. What is wrong ends as `InvalidSpec`.
pub(super) fn rollout(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    checker.at_least(spec, &["revisionHistoryLimit"], 0);
    workloads::check_deadline(checker, spec);
    if Checker::has(spec, &["workloadRef"]) {
        checker.at_least(spec, &["replicas"], 0);
        checker.at_least(spec, &["minReadySeconds"], 0);
        if spec.get("template").is_some_and(|it| it.is_map() && it.entries().next().is_some()) {
            checker.refuse(spec, &["template"], "a Rollout with a workloadRef takes no template of its own");
        }
    } else {
        workloads::replicated(checker, spec);
        workloads::template(checker, spec, &[]);
    }
    let strategies = ["blueGreen", "canary"].map(|it| Checker::has(spec, &["strategy", it]));
    match strategies {
        [true, true] => drop(checker.refuse(spec, &["strategy"], "either blueGreen or canary, not both")),
        [true, false] => two_services(checker, spec, ["blueGreen", "activeService", "previewService"]),
        [false, true] => {
            two_services(checker, spec, ["canary", "stableService", "canaryService"]);
            let keys = |key: &'static str| ["strategy", "canary", key];
            if ["maxSurge", "maxUnavailable"].iter().all(|it| workloads::is_none(spec, &keys(it))) {
                let message = "maxSurge and maxUnavailable are both 0: no update could begin";
                checker.refuse(spec, &keys("maxUnavailable"), message);
            }
        }
        [false, false] if Checker::has(spec, &["strategy"]) => {
            checker.refuse(spec, &["strategy"], "either blueGreen or canary is needed");
        }
        [false, false] => drop(checker.required(spec, &["strategy"])),
    }
}

/// The Services of the old pods and of the new ones are two.
fn two_services<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, [strategy, one, other]: [&str; 3]) {
    let service = |key: &str| Checker::text(spec, &["strategy", strategy, key]).filter(|it| !it.is_empty());
    if let (Some(first), Some(second)) = (service(one), service(other))
        && first == second
    {
        checker.refuse(spec, &["strategy", strategy, other], format!("{second} is also the {one}: two are needed"));
    }
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
        let refusal = checker.refuse(node, keys, message);
        refusal.help = Some("write \"Off\" in quotes".to_owned());
        refusal.meant = node.bool_at(keys).filter(|it| !it).map(|_| "Off".to_owned());
        return;
    }
    checker.one_of(node, keys, allowed);
}
