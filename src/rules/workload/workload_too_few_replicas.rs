//! `workload-too-few-replicas`

use super::judged::{keeps_files, may_run_twice};
use crate::index::{Role, ScaledBy, SharedClaim, Workload};
use crate::model::WorkloadKind;
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::autoscaling::{HpaFloorTooLow, HpaMissing};
use crate::rules::kafka::StrimziOperatorSingleReplica;
use crate::rules::words::count;
use crate::rules::workload::DatastoreSingle;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_replicas: i64,
}

cases!(WorkloadTooFewReplicas: CONTROLLER = "controller", DATASTORE = "datastore", SINGLE_WRITER = "single-writer", SINGLETON = "singleton", SWITCHED_OFF = "switched-off", TOOL = "tool", UNRECOGNISED = "unrecognised");

rule!(WorkloadTooFewReplicas, "workload/workload-too-few-replicas.md", Params, |params, walk| walk
    .workloads(|it, cx| judge(params, it, cx)));

fn judge(params: &Params, workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let has_own_rule = matches!(workload.role, Role::Postgres | Role::Kafka | Role::ZooKeeper | Role::Ignored);
    if !workload.kind.is_replicated() || has_own_rule {
        return Verdict::NotApplicable;
    }
    let Some(floor) = workload.scale.floor else {
        return Verdict::open(workload.scale.doubt());
    };
    if floor >= params.min_replicas {
        return Verdict::Pass;
    }
    let text = format!("so {} runs with {} at times", object.title(), count(floor, "pod"));
    match workload.scale.by {
        // Down to nothing may be what it is for.
        ScaledBy::Keda(scaler) => cx.blocked(object, HpaFloorTooLow::ID, scaler, object.name_span(), text),
        ScaledBy::Hpa(scaler) => {
            let (replicas, least) = (count(floor, "replica"), params.min_replicas);
            let message = format!("{} goes down to {replicas}; at least {least} are required", object.title());
            cx.fail(object, workload.scale_place(), message)
                .label(object.name_span(), text.clone())
                .help(format!("set minReplicas: {least}"))
                .merged_into(HpaFloorTooLow::ID, scaler, object.name_span(), text)
                .verdict()
        }
        _ => report(params, workload, floor, cx),
    }
}

/// Reports what nobody scales.
fn report(params: &Params, workload: &Workload<'_>, floor: i64, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let replicas = count(floor, "replica");
    let by_default = if matches!(workload.scale.by, ScaledBy::Default) { " (the default)" } else { "" };
    let message = match floor {
        0 => format!("{} is switched off: 0 replicas{by_default}", object.title()),
        _ if workload.role.is_app() => {
            format!("{} has {replicas}{by_default}; at least {} are required", object.title(), params.min_replicas)
        }
        _ => {
            let (role, reason) = (workload.role.name(), &workload.role_reason);
            format!("{} has {replicas}{by_default} (recognised as a {role}: {reason})", object.title())
        }
    };
    let is_strimzi = cx.index().strimzi_installations().iter().any(|it| it.object.id() == object.id());
    let is_entry = cx.index().is_entry(workload);
    let claim = cx.index().single_writer_claim(workload).filter(|_| floor > 0);
    let case = match workload.role {
        _ if floor == 0 => Some(SWITCHED_OFF),
        Role::Singleton => Some(SINGLETON),
        Role::Controller | Role::Platform => Some(CONTROLLER),
        Role::Datastore => Some(DATASTORE),
        Role::Tool => Some(TOOL),
        _ if claim.is_some() && workload.is_recreated() => Some(SINGLE_WRITER),
        Role::App if !is_entry => Some(UNRECOGNISED),
        _ => None,
    };
    let place = workload.scale_place();
    let span = place.span;
    let repair = second_replica(workload, params, claim.is_some());
    let draft = cx
        .fail(object, place, message)
        .evidence("replicas", floor)
        .evidence("minimum", params.min_replicas)
        .evidence("role", workload.role.name())
        .help(help(workload, params, claim.is_some()))
        .labels(claim.iter().map(|it| (it.span(), why_single(it))))
        .maybe_case(case)
        .fix(repair);
    if case == Some(DATASTORE) {
        draft.merged_into(DatastoreSingle::ID, object, span, "the one pod of a store that others need").verdict()
    } else if is_strimzi {
        draft.merged_into(StrimziOperatorSingleReplica::ID, object, span, "the one pod of the operator").verdict()
    } else {
        draft.verdict()
    }
}

fn help(workload: &Workload<'_>, params: &Params, has_claim: bool) -> String {
    if workload.scale.floor == Some(0) {
        return "nothing runs until somebody scales it up".to_owned();
    }
    let lost_node = match workload.kind {
        WorkloadKind::StatefulSet => {
            "after a node failure a StatefulSet's pod is not replaced until someone deletes the node or taints it \
             out-of-service"
        }
        _ => "a node failure, a drain or a crash of the one pod is an outage until another has started",
    };
    if has_claim {
        return format!("{lost_node}; a second replica needs storage that two nodes can mount, or none");
    }
    match workload.role {
        Role::Controller | Role::Platform => {
            "a second replica of a program that elects a leader waits, and takes over the lease".to_owned()
        }
        Role::Datastore => {
            format!("{lost_node}; more replicas are separate stores, unless the program replicates its data")
        }
        Role::Singleton | Role::Tool => lost_node.to_owned(),
        Role::App if workload.kind == WorkloadKind::StatefulSet => {
            format!("{lost_node}; set replicas: {} if the program keeps its replicas in step", params.min_replicas)
        }
        _ => format!("{lost_node}; set replicas: {}", params.min_replicas),
    }
}

/// A second replica, where nothing keeps it from running beside the first. Where an autoscaler comes, it brings the second
/// one, and a number beside it would only be in its way.
fn second_replica(workload: &Workload<'_>, params: &Params, has_claim: bool) -> Option<Repair> {
    if workload.scale.floor != Some(1) || !may_run_twice(workload, has_claim) {
        return None;
    }
    let least = params.min_replicas;
    let repair = Repair::new().set(workload.object, &["spec", "replicas"], least).yields_to(HpaMissing::ID);
    let repair = if least == 2 { repair } else { repair.titled(format!("run {least} replicas")) };
    let repair = match keeps_files(workload) {
        Some(_) => repair.shown_only("it keeps files in an emptyDir, and a second pod would not have them"),
        None => repair,
    };
    Some(repair.effect(format!("{} runs {least} pods instead of 1", workload.object.title())))
}

/// What to say of a claim that only one node can mount.
fn why_single(claim: &SharedClaim<'_>) -> String {
    match claim.access().mode() {
        Some(mode) => format!("cannot run twice: claim {} is {mode}", claim.name),
        None => format!("claim {} is not in the manifests, and its pod is recreated", claim.name),
    }
}
