//! `hpa-scale-down-storm`

use crate::index::Role;
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::Value;

rule!(HpaScaleDownStorm, "autoscaling/hpa-scale-down-storm.md", |walk| walk.autoscalers(judge));

/// Where HPAs and ScaledObjects say how fast they scale down.
fn behaviour(scaler: &Object) -> &'static [&'static str] {
    if scaler.kind() == "ScaledObject" {
        &["spec", "advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleDown"]
    } else {
        &["spec", "behavior", "scaleDown"]
    }
}

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let workload = index.target_of(scaler).and_then(|it| index.workload_of(it));
    let Some(workload) = workload.filter(|it| it.role == Role::Consumer) else { return Verdict::NotApplicable };
    let keys = behaviour(scaler);
    if scaler.node().at(keys).is_some() {
        return Verdict::Pass;
    }
    let message = format!("{} does not say how fast it takes consumers away", scaler.title());
    let policy = Value::map([("type", Value::text("Pods")), ("value", 1.into()), ("periodSeconds", 60.into())]);
    let repair = Repair::new().set(scaler, keys, Value::map([("policies", Value::list([policy]))]));
    cx.fail(scaler, scaler.place(keys), message)
        .fix(repair)
        .label(workload.object.name_span(), "each pod that comes or goes makes its consumer group rebalance")
        .help(
            "by default all pods above the need may go at once after 5 minutes: set behavior.scaleDown with a policy of \
             one pod a minute or slower",
        )
        .verdict()
}
