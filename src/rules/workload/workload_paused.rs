//! `workload-paused`

use super::judged::{is_judged, is_other};
use crate::index::{KEDA_PAUSED, KEDA_PAUSED_REPLICAS, Workload};
use crate::model::{Object, WorkloadKind, is_placeholder, products};
use crate::rule::{Context, Repair, Verdict, cases, rule};

/// The annotation that keeps KEDA from adding pods.
const KEDA_PAUSED_SCALE_OUT: &str = "autoscaling.keda.sh/paused-scale-out";

cases!(WorkloadPaused: OTHER_ROLE = "other-role");

rule!(WorkloadPaused, "workload/workload-paused.md", |walk| {
    walk.workloads(judge_workload);
    walk.of_kinds(&[(products::KEDA, "ScaledObject")], judge_scaler);
});

fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    use WorkloadKind::{Deployment, DeploymentConfig, Rollout};
    if !is_judged(workload) || !matches!(workload.kind, Deployment | Rollout | DeploymentConfig) {
        return Verdict::NotApplicable;
    }
    let object = workload.object;
    let keys = ["spec", "paused"];
    if object.node().bool_at(&keys) != Some(true) {
        return Verdict::Pass;
    }
    let message = format!("rollouts of {} are paused: a change of its template reaches no pod", object.title());
    cx.fail(object, object.place(&keys), message)
        .help("remove paused once the change is to go out; until then pods that are replaced come back as they were")
        .fix(Repair::new().remove(object, &keys).effect("changes that waited go out to all pods"))
        .maybe_case(is_other(workload).then_some(OTHER_ROLE))
        .verdict()
}

fn judge_scaler(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let found = [KEDA_PAUSED_REPLICAS, KEDA_PAUSED, KEDA_PAUSED_SCALE_OUT].into_iter().find_map(|key| {
        scaler.annotation(key).filter(|it| key == KEDA_PAUSED_REPLICAS || is_true(it)).map(|it| (key, it))
    });
    let Some((key, value)) = found else { return Verdict::Pass };
    if is_placeholder(value) {
        return Verdict::open(format!("annotation {key} is a template placeholder"));
    }
    let what = match key {
        KEDA_PAUSED_REPLICAS => format!("is paused at {value} pods"),
        KEDA_PAUSED => "is paused".to_owned(),
        _ => "adds no pods: its scale-out is paused".to_owned(),
    };
    let place = scaler.place(&["metadata", "annotations", key]);
    let message = format!("{} {what}, whatever the load", scaler.title());
    let target = cx.index().target_of(scaler);
    cx.fail(scaler, place, message)
        .help("remove the annotation once KEDA is to scale again")
        .fix(Repair::new().titled("let KEDA scale again").remove(scaler, &["metadata", "annotations", key]))
        .labels(target.map(|it| (it.name_span(), format!("{} is what it scales", it.title()))))
        .verdict()
}

/// What KEDA takes for a yes: all that is not plainly a no.
fn is_true(value: &str) -> bool {
    !matches!(value, "false" | "False" | "FALSE" | "f" | "F" | "0")
}
