//! `hpa-max-too-low`

use crate::index::{KEDA_PAUSED, KEDA_PAUSED_REPLICAS, Scale, floor_place, kafka, postgres, scale_by, scale_target};
use crate::model::{Object, Place};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::autoscaling::HpaFloorTooLow;
use crate::rules::words::count;
use crate::yaml::NodeRef;

cases!(HpaMaxTooLow: REFUSED = "refused");

rule!(HpaMaxTooLow, "autoscaling/hpa-max-too-low.md", |walk| walk.autoscalers(judge));

/// The words for the two ends of the range, as the scaler's kind writes them.
fn keys(scaler: &Object) -> (&'static str, &'static str) {
    if scaler.kind() == "ScaledObject" {
        ("minReplicaCount", "maxReplicaCount")
    } else {
        ("minReplicas", "maxReplicas")
    }
}

/// Where the upper end of the range stands.
fn place(scaler: &Object) -> Place {
    scaler.place(&["spec", keys(scaler).1])
}

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let is_paused = [KEDA_PAUSED, KEDA_PAUSED_REPLICAS].iter().any(|it| scaler.annotation(it).is_some());
    let Some(target) = scale_target(scaler).filter(|_| !is_paused) else { return Verdict::NotApplicable };
    let (minimum, maximum) = keys(scaler);
    let is_keda = scaler.kind() == "ScaledObject";
    let Scale { floor, ceiling, .. } = scale_by(scaler);
    let is_written = scaler.node().at(&["spec", maximum]).is_some();
    if !is_written && !is_keda {
        let message = format!("{} has no maxReplicas: the API server refuses it", scaler.title());
        let draft = cx.fail(scaler, place(scaler), message).case(REFUSED);
        return draft.help("set maxReplicas to what the load may need").verdict();
    }
    // The lower end that has to be below the upper one; a ScaledObject at rest may be lower still.
    let floor = if is_keda { lower_end(scaler) } else { floor };
    let (Some(floor), Some(ceiling)) = (floor, ceiling) else {
        return Verdict::open("the least or greatest number of pods is not in the manifests");
    };
    if ceiling < floor || (ceiling < 1 && !is_keda) {
        return refused(scaler, (floor, ceiling), cx);
    }
    let group = target.group.unwrap_or_default();
    if kafka::is_node_kind(group, target.kind) || postgres::is_database_kind(group, target.kind) {
        return Verdict::NotApplicable; // Other rules report those.
    }
    if ceiling > floor {
        return judge_replicas(scaler, ceiling, cx);
    }
    if floor < 2 {
        let text = format!("{maximum} {ceiling} leaves no room above it either");
        return cx.blocked(scaler, HpaFloorTooLow::ID, scaler, place(scaler).span, text);
    }
    let message = format!("{} never scales: {minimum} and {maximum} are both {floor}", scaler.title());
    cx.fail(scaler, place(scaler), message)
        .evidence("floor", floor)
        .evidence("ceiling", ceiling)
        .label(floor_place(scaler).0.span, "the least number of pods")
        .help(format!("set {maximum} to what the load may need, or remove the autoscaler and write replicas: {floor}"))
        .verdict()
}

/// `minReplicaCount`, whatever the object does at rest.
fn lower_end(scaler: &Object) -> Option<i64> {
    scaler.node().at(&["spec", "minReplicaCount"]).map_or(Some(0), NodeRef::as_int)
}

fn refused(scaler: &Object, (floor, ceiling): (i64, i64), cx: &mut Context<'_>) -> Verdict {
    let (minimum, maximum) = keys(scaler);
    let who = if scaler.kind() == "ScaledObject" { "KEDA" } else { "the API server" };
    let message = if ceiling < 1 {
        format!("{maximum} {ceiling} is below 1: {who} refuses {}", scaler.title())
    } else {
        format!("{maximum} {ceiling} is below {minimum} {floor}: {who} refuses {}", scaler.title())
    };
    cx.fail(scaler, place(scaler), message)
        .case(REFUSED)
        .evidence("floor", floor)
        .evidence("ceiling", ceiling)
        .help(format!("set {maximum} to what the load may need, more than {minimum}"))
        .verdict()
}

/// An autoscaler that takes pods away from what the workload was given.
fn judge_replicas(scaler: &Object, ceiling: i64, cx: &mut Context<'_>) -> Verdict {
    let Some(object) = cx.index().target_of(scaler) else { return Verdict::Pass };
    let replicas = object.node().int_at(&["spec", "replicas"]);
    // In a cluster it is the autoscaler that wrote it.
    let Some(replicas) = replicas.filter(|it| *it > ceiling && !object.is_live()) else { return Verdict::Pass };
    let (_, maximum) = keys(scaler);
    let message =
        format!("{} is written with {}, and {maximum} is {ceiling}", object.title(), count(replicas, "replica"));
    cx.fail(scaler, place(scaler), message)
        .evidence("replicas", replicas)
        .evidence("ceiling", ceiling)
        .label(object.place(&["spec", "replicas"]).span, "does not hold: the autoscaler decides")
        .help(format!(
            "the autoscaler takes {} away: raise {maximum}, or lower replicas",
            count(replicas - ceiling, "pod")
        ))
        .verdict()
}
