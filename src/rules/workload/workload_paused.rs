//! `workload-paused`

use super::judged::{is_other, judged};
use crate::index::{KEDA_PAUSED, KEDA_PAUSED_REPLICAS};
use crate::model::{Object, WorkloadKind, is_placeholder, products};
use crate::rule::{Context, NoParams, Rule, Walk, cases};

pub(crate) struct WorkloadPaused;

/// The annotation that keeps KEDA from adding pods.
const KEDA_PAUSED_SCALE_OUT: &str = "autoscaling.keda.sh/paused-scale-out";

cases!(WorkloadPaused: OTHER_ROLE = "other-role");

impl Rule for WorkloadPaused {
    const PAGE: &'static str = include_str!("../../../rules/workload/workload-paused.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in judged(cx) {
                let can_pause = matches!(
                    workload.kind,
                    WorkloadKind::Deployment | WorkloadKind::Rollout | WorkloadKind::DeploymentConfig
                );
                if can_pause {
                    check_workload(workload.object, is_other(workload), cx);
                }
            }
            for scaler in cx.of_kind(products::KEDA, "ScaledObject") {
                check_scaler(scaler, cx);
            }
        });
    }
}

fn check_workload(object: &Object, is_other: bool, cx: &mut Context<'_>) {
    let keys = ["spec", "paused"];
    if object.node().bool_at(&keys) != Some(true) {
        return cx.pass(object);
    }
    let message = format!("rollouts of {} are paused: a change of its template reaches no pod", object.title());
    let draft = cx
        .fail(object, object.place(&keys), message)
        .help("remove paused once the change is to go out; until then pods that are replaced come back as they were");
    if is_other {
        draft.case(OTHER_ROLE);
    }
}

fn check_scaler(scaler: &Object, cx: &mut Context<'_>) {
    let found = [KEDA_PAUSED_REPLICAS, KEDA_PAUSED, KEDA_PAUSED_SCALE_OUT].into_iter().find_map(|key| {
        scaler.annotation(key).filter(|it| key == KEDA_PAUSED_REPLICAS || is_true(it)).map(|it| (key, it))
    });
    let Some((key, value)) = found else { return cx.pass(scaler) };
    if is_placeholder(value) {
        return cx.not_verifiable(scaler, format!("annotation {key} is a template placeholder"));
    }
    let what = match key {
        KEDA_PAUSED_REPLICAS => format!("is paused at {value} pods"),
        KEDA_PAUSED => "is paused".to_owned(),
        _ => "adds no pods: its scale-out is paused".to_owned(),
    };
    let place = scaler.place(&["metadata", "annotations", key]);
    let message = format!("{} {what}, whatever the load", scaler.title());
    let target = cx.index().target_of(scaler);
    let draft = cx.fail(scaler, place, message).help("remove the annotation once KEDA is to scale again");
    if let Some(target) = target {
        draft.label(target.name_span(), format!("{} is what it scales", target.title()));
    }
}

/// What KEDA takes for a yes: all that is not plainly a no.
fn is_true(value: &str) -> bool {
    !matches!(value, "false" | "False" | "FALSE" | "f" | "F" | "0")
}
