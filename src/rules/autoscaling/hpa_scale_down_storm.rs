//! `hpa-scale-down-storm`

use crate::index::{Role, Workload};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};

pub(crate) struct HpaScaleDownStorm;

impl Rule for HpaScaleDownStorm {
    const PAGE: &'static str = include_str!("../../../rules/autoscaling/hpa-scale-down-storm.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for scaler in index.autoscalers() {
                let workload = index.target_of(scaler).and_then(|it| index.workload_of(it));
                if let Some(workload) = workload.filter(|it| it.role == Role::Consumer) {
                    check_scaler(scaler, workload, cx);
                }
            }
        });
    }
}

/// Where HPAs and ScaledObjects say how fast they scale down.
fn behaviour(scaler: &Object) -> &'static [&'static str] {
    if scaler.kind() == "ScaledObject" {
        &["spec", "advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleDown"]
    } else {
        &["spec", "behavior", "scaleDown"]
    }
}

fn check_scaler(scaler: &Object, workload: &Workload<'_>, cx: &mut Context<'_>) {
    let keys = behaviour(scaler);
    if scaler.node().at(keys).is_some() {
        return cx.pass(scaler);
    }
    let message = format!("{} does not say how fast it takes consumers away", scaler.title());
    cx.fail(scaler, scaler.place(keys), message)
        .label(workload.object.name_span(), "each pod that comes or goes makes its consumer group rebalance")
        .help(
            "by default all pods above the need may go at once after 5 minutes: set behavior.scaleDown with a policy of \
             one pod a minute or slower",
        );
}
