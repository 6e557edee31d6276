//! `hpa-replicas-drift`

use crate::index::{AUTOSCALERS, Index, kafka, scale_by};
use crate::model::{Object, ObjectId, products};
use crate::rule::{Context, Similar, Verdict, rule};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// What to do about many of them.
const HELP: &str = "each apply sets the number of pods back, even under load: leave spec.replicas to the autoscaler";

/// The annotation and its values by which Flux leaves fields of an object alone.
const FLUX: (&str, [&str; 3]) = ("kustomize.toolkit.fluxcd.io/ssa", ["Merge", "IfNotPresent", "Ignore"]);

rule!(HpaReplicasDrift, "autoscaling/hpa-replicas-drift.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let mut firsts: HashMap<ObjectId, Option<ObjectId>> = HashMap::new();
    let scalers = AUTOSCALERS.iter().flat_map(|(group, kind)| index.of_kind(group, kind));
    for scaler in scalers.filter(|it| !it.is_made()) {
        let Some(object) = index.target_of(scaler) else { continue };
        // With two autoscalers on one target, the first speaks for both.
        let first = firsts.entry(object.id()).or_insert_with(|| index.scalers_of(object).first().map(|it| it.id()));
        if *first == Some(scaler.id()) {
            let verdict = judge_target(scaler, object, cx);
            cx.judge(object, verdict);
        }
    }
}));

fn judge_target(scaler: &Object, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let Some(replicas) = object.node().at(&["spec", "replicas"]) else { return Verdict::Pass };
    let Some(replicas) = replicas.as_int() else {
        return Verdict::open("the number of replicas is a template placeholder");
    };
    if replicas == 0 {
        return Verdict::NotApplicable; // Switched off on purpose.
    }
    // In a cluster it is the autoscaler that wrote it.
    if object.is_live()
        || object.annotation(FLUX.0).is_some_and(|it| FLUX.1.contains(&it))
        || cx.once_in_run("ignores replicas", ignores_replicas)
    {
        return Verdict::Pass;
    }
    let scale = scale_by(scaler);
    let range = match (scale.floor, scale.ceiling) {
        (Some(floor), Some(ceiling)) => format!(" between {floor} and {ceiling}"),
        _ => String::new(),
    };
    let message = format!("{} has replicas {replicas}, and {} scales it{range}", object.title(), scaler.title());
    cx.fail(object, object.place(&["spec", "replicas"]), message)
        .evidence("replicas", replicas)
        .label(scaler.place(&["spec", "scaleTargetRef"]).span, "the autoscaler that chooses the number of pods")
        .help(help(object, replicas))
        .listed_with_similar(Similar {
            noun: "workloads",
            verdict: "have spec.replicas beside an autoscaler",
            name: object.name().to_owned(),
            help: HELP,
        })
        .verdict()
}

fn help(object: &Object, replicas: i64) -> String {
    if object.is(kafka::STRIMZI, "KafkaNodePool") {
        return format!(
            "each apply sets the brokers back to {replicas}, and removes those above: remove the autoscaler"
        );
    }
    format!(
        "each apply sets the pods back to {replicas}, even under load: remove replicas, with kubectl first from the \
         last-applied configuration (kubectl apply edit-last-applied), or the pods drop to 1 once"
    )
}

/// Whether an Argo CD Application leaves `spec.replicas` alone.
fn ignores_replicas(index: &Index<'_>) -> bool {
    let mentions = |it: NodeRef<'_>| {
        let paths = it.items_at(&["jsonPointers"]).chain(it.items_at(&["jqPathExpressions"]));
        paths.into_iter().any(|it| it.text().contains("replicas"))
            || it.items_at(&["managedFieldsManagers"]).next().is_some()
    };
    index.of_kind(products::ARGO, "Application").any(|it| {
        let mut differences = it.node().items_at(&["spec", "ignoreDifferences"]);
        differences.any(mentions)
    })
}
