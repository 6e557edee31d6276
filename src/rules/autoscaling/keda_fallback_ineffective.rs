//! `keda-fallback-ineffective`

use crate::index::{floor_place, scale_by};
use crate::model::{Object, products};
use crate::rule::{Context, Verdict, cases, rule};

cases!(KedaFallbackIneffective: RESOURCES = "resources");

rule!(KedaFallbackIneffective, "autoscaling/keda-fallback-ineffective.md", |walk| walk
    .of_kinds(&[(products::KEDA, "ScaledObject")], judge));

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let node = scaler.node();
    if node.at(&["spec", "fallback"]).is_none() {
        return Verdict::NotApplicable;
    }
    let mut types = node.items_at(&["spec", "triggers"]).map(|it| it.str_at(&["type"]).unwrap_or_default()).peekable();
    let has_formula = node.at(&["spec", "advanced", "scalingModifiers", "formula"]).is_some();
    let only_resources = !has_formula && types.peek().is_some() && types.all(|it| matches!(it, "cpu" | "memory"));
    let place = scaler.place(&["spec", "fallback"]);
    if only_resources {
        let message = format!(
            "the fallback of {} never works: it has triggers of cpu and memory alone, which Kubernetes measures itself",
            scaler.title()
        );
        let help = "remove it: KEDA refuses the ScaledObject with it";
        return cx.fail(scaler, place, message).case(RESOURCES).help(help).verdict();
    }
    let replicas = node.int_at(&["spec", "fallback", "replicas"]);
    let floor = scale_by(scaler).floor;
    if floor != Some(0) || replicas == Some(0) {
        return Verdict::Pass;
    }
    let (minimum, _) = floor_place(scaler);
    let message = format!("the fallback of {} does not lift it from 0 pods when its source fails", scaler.title());
    cx.fail(scaler, place, message)
        .label(minimum.span, "it may rest at 0")
        .help(
            "at 0 the autoscaler is asleep, so that nothing consumes while the source is away: set minReplicaCount: 1",
        )
        .verdict()
}
