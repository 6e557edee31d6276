//! `hpa-missing`

use crate::finding::Stage;
use crate::index::{Index, Requests, Role, ScaledBy, Workload};
use crate::model::WorkloadKind;
use crate::rule::{Context, Repair, Similar, Verdict, cases, rule};
use crate::rules::autoscaling::HpaTargetInvalid;
use crate::rules::new_objects::{copy, new_object, written_name};
use crate::rules::workload::{keeps_files, may_run_twice};
use crate::yaml::Value;

const HELP: &str = "load above what the fixed number of pods can bear slows every request down: add a \
                    HorizontalPodAutoscaler with minReplicas of 2 or more, for consumers a KEDA ScaledObject that \
                    follows their queue";

cases!(HpaMissing: OTHER = "other");

rule!(HpaMissing, "autoscaling/hpa-missing.md", |walk| walk.workloads(judge));

/// Deployments, and what stands for them elsewhere.
fn is_deployment(workload: &Workload<'_>) -> bool {
    matches!(workload.kind, WorkloadKind::Deployment | WorkloadKind::Rollout | WorkloadKind::DeploymentConfig)
}

/// Stores, singletons and leaders are not made faster by more pods, and tools are nobody's service.
fn can_be_scaled(workload: &Workload<'_>) -> bool {
    workload.role.is_app() || workload.role == Role::Platform
}

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), workload.object);
    if !is_deployment(workload) || !can_be_scaled(workload) {
        return Verdict::NotApplicable;
    }
    if !index.scalers_of(object).is_empty() || !index.foreign_scalers_of(object).is_empty() {
        return Verdict::Pass;
    }
    if workload.scale.floor == Some(0) || index.single_writer_claim(workload).is_some() {
        return Verdict::NotApplicable;
    }
    if let [scaler, ..] = index.misdirected_scalers_of(object).as_slice() {
        let text = format!("so {} has no autoscaler", object.title());
        return cx.blocked(object, HpaTargetInvalid::ID, scaler, object.name_span(), text);
    }
    if index.environment().is_fragment && !index.keeps_policies() {
        return Verdict::open("an autoscaler may stand in another file: run on the whole directory");
    }
    let is_consumer = workload.role == Role::Consumer;
    let message = format!("{} has no autoscaler", object.title());
    let help = if is_consumer {
        "a growing backlog waits for the fixed number of pods: add a KEDA ScaledObject that follows the queue, with \
         maxReplicaCount of at most the topic's partitions"
    } else {
        "load above what the fixed number of pods can bear slows every request down: add a HorizontalPodAutoscaler \
         with minReplicas of 2 or more"
    };
    let is_usual = workload.role.is_recognised_app() && (is_consumer || index.is_exposed(workload));
    let mut draft = cx
        .fail(object, object.name_place(), message)
        .maybe_case((!is_usual).then_some(OTHER))
        .evidence("role", workload.role.name())
        .fix(new_autoscaler(workload, index))
        .help(help)
        .listed_with_similar(Similar {
            noun: "Deployments",
            verdict: "have no autoscaler",
            name: object.name().to_owned(),
            help: HELP,
        });
    if let Some(floor) = workload.scale.floor {
        draft = draft.evidence("replicas", floor);
    }
    draft.verdict()
}

/// An autoscaler by cpu, where each container requests some: else there is nothing to take a share of.
fn new_autoscaler(workload: &Workload<'_>, index: &Index<'_>) -> Option<Repair> {
    let (object, template) = (workload.object, workload.template?);
    let is_taken = index.is_name_written("autoscaling", "HorizontalPodAutoscaler", written_name(object));
    let is_measured = !is_taken && matches!(index.requests(object, template, None, "cpu"), Requests::Complete);
    let may_be_many =
        workload.role.is_app() && workload.role != Role::Consumer && index.shared_claims(workload).is_empty();
    let floor = workload.scale.floor.filter(|it| (1..=10).contains(it))?;
    // Of two pods without a claim neither takes anything away from the other.
    let runs_many = floor > 1 || may_run_twice(workload, false);
    if !is_measured || !may_be_many || !runs_many || keeps_files(workload).is_some() {
        return None;
    }
    let target = Value::map([
        ("apiVersion", copy(object, object.node().get("apiVersion")?)?),
        ("kind", Value::text(object.kind())),
        ("name", Value::text(written_name(object))),
    ]);
    let utilization = Value::map([("type", Value::text("Utilization")), ("averageUtilization", 70.into())]);
    let resource = Value::map([("name", Value::text("cpu")), ("target", utilization)]);
    let spec = Value::map([
        ("scaleTargetRef", target),
        ("minReplicas", floor.max(2).into()),
        ("maxReplicas", 10.into()),
        ("metrics", Value::list([Value::map([("type", Value::text("Resource")), ("resource", resource)])])),
    ]);
    let head = ("autoscaling/v2", "HorizontalPodAutoscaler");
    let scaler = new_object(object, head, written_name(object), [("spec", spec)])?;
    let repair = Repair::new().append(object, vec![scaler]);
    let title = object.title();
    Some(match workload.scale.by {
        // Without the number there is one pod until the autoscaler adds the second, as there is today.
        ScaledBy::Replicas if floor == 1 => repair
            .at_stage(Stage::Replicas)
            .remove(object, &["spec", "replicas"])
            .effect(format!("{title} runs 2 to 10 pods instead of 1")),
        _ if floor == 1 => repair.at_stage(Stage::Replicas).effect(format!("{title} runs 2 to 10 pods instead of 1")),
        ScaledBy::Replicas => repair.effect(format!(
            "{title} runs up to 10 pods, and each apply resets them to {floor} until replicas is removed"
        )),
        _ => repair.effect(format!("{title} runs up to 10 pods")),
    })
}
