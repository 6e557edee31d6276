//! `hpa-scale-up-disabled`

use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

rule!(HpaScaleUpDisabled, "autoscaling/hpa-scale-up-disabled.md", |walk| walk.autoscalers(judge));

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let of_hpa: &[&str] = &["spec", "behavior", "scaleUp", "selectPolicy"];
    let of_keda: &[&str] =
        &["spec", "advanced", "horizontalPodAutoscalerConfig", "behavior", "scaleUp", "selectPolicy"];
    let keys = if scaler.kind() == "ScaledObject" { of_keda } else { of_hpa };
    match scaler.node().at(keys).map(NodeRef::text) {
        Some("Disabled") => {}
        Some(policy) if is_open(policy) => return Verdict::open("its selectPolicy is a template placeholder"),
        _ => return Verdict::Pass,
    }
    let message =
        format!("{} never adds a pod: scaling up is switched off, and it only takes pods away", scaler.title());
    let repair = Repair::new().remove(scaler, keys).effect("under load pods are added");
    cx.fail(scaler, scaler.place(keys), message).fix(repair).help(
        "remove selectPolicy, whose default is Max: the load of the next peak meets the pods that the last lull has left",
    ).verdict()
}
