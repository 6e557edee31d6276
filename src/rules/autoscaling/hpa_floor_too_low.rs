//! `hpa-floor-too-low`

use super::hpa_target_not_scalable;
use crate::index::{
    KEDA_PAUSED_REPLICAS, Role, SCALES_TO_ZERO, ScaledBy, Workload, floor_place, follows_a_queue, has_external_metric,
    kafka, postgres, scale_by, scale_target,
};
use crate::model::{Object, kind_in_other_letters};
use crate::rule::{CaseName, Context, Repair, Verdict, cases, rule};
use crate::rules::words::count;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_replicas: i64,
}

cases!(HpaFloorTooLow: FROM_ZERO = "from-zero", OTHER = "other", QUEUE = "queue", REFUSED = "refused", SWITCHED_OFF = "switched-off", UNRECOGNISED = "unrecognised", UNSEEN = "unseen");

rule!(HpaFloorTooLow, "autoscaling/hpa-floor-too-low.md", Params, |params, walk| walk
    .autoscalers(|it, cx| judge(params, it, cx)));

fn judge<'a>(params: &Params, scaler: &'a Object, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    let Some(target) = scale_target(scaler) else { return Verdict::NotApplicable };
    let group = target.group.unwrap_or_default();
    let is_nothing = target.group.is_none()
        || kind_in_other_letters(group, target.kind).is_some()
        || hpa_target_not_scalable::lack(target).is_some();
    if is_nothing || kafka::is_node_kind(group, target.kind) || postgres::is_database_kind(group, target.kind) {
        return Verdict::NotApplicable; // It scales nothing, or another rule reports it.
    }
    let Some(floor) = scale_by(scaler).floor else {
        return Verdict::open("the least number of pods is not in the manifests");
    };
    if let Some(reason) = refusal(scaler, floor, cx) {
        let message = format!("minReplicas {floor} {reason}: the API server refuses {}", scaler.title());
        return cx
            .fail(scaler, scaler.place(&["spec", "minReplicas"]), message)
            .case(REFUSED)
            .evidence("floor", floor)
            .help(format!("set minReplicas: {}", params.min_replicas))
            .verdict();
    }
    let object = index.target_of(scaler);
    let workload = object.and_then(|it| index.workload_of(it));
    let case = match workload {
        Some(workload) => match case_of(workload, scaler, floor, cx) {
            Ok(case) => case,
            Err(verdict) => return verdict,
        },
        None if object.is_none() && index.has_workload_near(scaler) && index.unseen_maker_near(scaler).is_none() => {
            return Verdict::open("its target is not in the manifests");
        }
        None if follows_a_queue(scaler) && floor > 0 => Some(QUEUE),
        None if follows_a_queue(scaler) || floor == 0 && has_external_metric(scaler) => return Verdict::Pass,
        None => Some(UNSEEN),
    };
    if floor >= params.min_replicas {
        return Verdict::Pass;
    }
    let name = format!("{} {}", target.kind, target.name);
    report(params, scaler, &name, (floor, workload, case), cx)
}

/// The case of the page in which a floor that low is a mistake, or the verdict where it is none.
fn case_of(
    workload: &Workload<'_>,
    scaler: &Object,
    floor: i64,
    cx: &Context<'_>,
) -> Result<Option<CaseName>, Verdict> {
    let is_decisive = match workload.scale.by {
        ScaledBy::Hpa(it) | ScaledBy::Keda(it) => it.id() == scaler.id(),
        _ => false,
    };
    if !is_decisive {
        return Err(Verdict::NotApplicable); // Another autoscaler has the higher floor, or the workload is switched off.
    }
    let is_keda = scaler.kind() == "ScaledObject";
    if scaler.annotation(KEDA_PAUSED_REPLICAS).is_some() && floor == 0 {
        return Ok(Some(SWITCHED_OFF));
    }
    Ok(match workload.role {
        Role::Postgres | Role::Kafka | Role::ZooKeeper | Role::Ignored => return Err(Verdict::NotApplicable),
        Role::Singleton | Role::Controller | Role::Platform | Role::Tool | Role::Datastore => Some(OTHER),
        Role::Consumer if follows_a_queue(scaler) => match floor {
            0 => return Err(Verdict::Pass), // No messages, no pods: that is what KEDA is for.
            _ => Some(QUEUE),
        },
        Role::Consumer if floor == 0 && has_external_metric(scaler) => return Err(Verdict::Pass),
        Role::Consumer => None,
        Role::App if is_keda && !cx.index().is_exposed(workload) => Some(UNRECOGNISED),
        Role::Backend | Role::Frontend | Role::App if is_keda && floor == 0 => Some(FROM_ZERO),
        Role::App if !cx.index().is_entry(workload) => Some(UNRECOGNISED),
        Role::Backend | Role::Frontend | Role::App => None,
    })
}

fn report(
    params: &Params,
    scaler: &Object,
    name: &str,
    (floor, workload, case): (i64, Option<&Workload<'_>>, Option<CaseName>),
    cx: &mut Context<'_>,
) -> Verdict {
    let (place, is_written) = floor_place(scaler);
    let pods = count(floor, "pod");
    let minimum = params.min_replicas;
    let by_default = if is_written { "" } else { " (the default)" };
    let message = if scaler.annotation(KEDA_PAUSED_REPLICAS).is_some() {
        format!("{} is paused and holds {name} at {pods}; at least {minimum} are required", scaler.title())
    } else {
        format!("{} lets {name} go down to {pods}{by_default}; at least {minimum} are required", scaler.title())
    };
    let replicas = workload.and_then(|it| it.object.node().int_at(&["spec", "replicas"]));
    let mut draft = cx
        .fail(scaler, place, message)
        .maybe_case(case)
        .evidence("floor", floor)
        .evidence("minimum", minimum)
        .fix(raised(scaler, minimum))
        .help(help(scaler, floor, minimum));
    if let (Some(workload), Some(replicas)) = (workload, replicas.filter(|it| *it >= minimum)) {
        let text = format!("replicas {replicas} does not hold: the autoscaler decides");
        draft = draft.label(workload.object.place(&["spec", "replicas"]).span, text);
    }
    draft.verdict()
}

/// A higher floor, where the ceiling has room for it and nothing pauses the autoscaler.
fn raised(scaler: &Object, minimum: i64) -> Option<Repair> {
    let keys: [&'static [&'static str]; 2] = match scaler.kind() {
        "ScaledObject" => [&["spec", "minReplicaCount"], &["spec", "maxReplicaCount"]],
        _ => [&["spec", "minReplicas"], &["spec", "maxReplicas"]],
    };
    let ceiling = scaler.node().int_at(keys[1]).or((scaler.kind() == "ScaledObject").then_some(100))?;
    let is_idle =
        scaler.annotation(KEDA_PAUSED_REPLICAS).is_some() || scaler.node().at(&["spec", "idleReplicaCount"]).is_some();
    if ceiling < minimum || is_idle || follows_a_queue(scaler) {
        return None;
    }
    let repair = Repair::new().set(scaler, keys[0], minimum);
    let repair =
        if minimum == 2 { repair } else { repair.titled(format!("set the least number of pods to {minimum}")) };
    Some(repair.effect(format!("at low load {minimum} pods run")))
}

fn help(scaler: &Object, floor: i64, minimum: i64) -> String {
    if scaler.annotation(KEDA_PAUSED_REPLICAS).is_some() {
        return format!("remove the annotation when the pause is over, or pause at {minimum} or more");
    }
    let why = match floor {
        0 => "at low load no pod is left, and nothing answers until a trigger fires and a pod has started",
        _ => "at low load its crash, its drain or a node failure is an outage until another has started",
    };
    let field = if scaler.kind() == "ScaledObject" { "minReplicaCount" } else { "minReplicas" };
    if scaler.node().at(&["spec", "idleReplicaCount"]).is_some() {
        return format!("{why}; remove idleReplicaCount and set {field}: {minimum}");
    }
    format!("{why}; set {field}: {minimum}")
}

/// Why the API server refuses a floor of an HPA below 1.
fn refusal(scaler: &Object, floor: i64, cx: &Context<'_>) -> Option<String> {
    if scaler.kind() == "ScaledObject" || floor > 0 {
        return None;
    }
    if floor < 0 {
        return Some("is below 0".to_owned());
    }
    if !has_external_metric(scaler) {
        return Some("has no Object or External metric to scale up by".to_owned());
    }
    let version = cx.index().configured_kubernetes()?;
    (version < SCALES_TO_ZERO).then(|| {
        let (first, own) = (SCALES_TO_ZERO.short(), version.short());
        format!("is accepted from Kubernetes {first} on, and the cluster has {own}")
    })
}
