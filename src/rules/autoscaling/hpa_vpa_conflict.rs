//! `hpa-vpa-conflict`

use crate::index::{MetricTarget, Requests, ResourceMetric, sets_requests};
use crate::model::{Container, Object};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::Value;

rule!(HpaVpaConflict, "autoscaling/hpa-vpa-conflict.md", |walk| walk.autoscalers(judge));

fn judge<'a>(scaler: &'a Object, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    let Some(object) = index.target_of(scaler) else { return Verdict::NotApplicable };
    let metrics = cx.resource_metrics(scaler);
    cx.judge_each(index.vertical_scalers_of(object), |vertical, cx| {
        let mut relative = metrics.iter().filter(|it| matches!(it.target, MetricTarget::Utilization(_)));
        match relative.find(|it| controls(vertical, it, object, cx)) {
            Some(metric) => report(vertical, scaler, object, metric, cx),
            None => Verdict::Pass,
        }
    });
    Verdict::NotApplicable
}

/// Whether a VPA sets requests that a metric measures against.
fn controls(vertical: &Object, metric: &ResourceMetric<'_>, object: &Object, cx: &Context<'_>) -> bool {
    let workload = cx.index().workload_of(object);
    let names: Vec<&str> = match metric.container {
        Some(name) => vec![name],
        None => workload.into_iter().flat_map(|it| it.containers()).map(Container::name).collect(),
    };
    let sets = |name: &str| sets_requests(vertical, name, Some(metric.resource));
    if names.is_empty() { sets("*") } else { names.iter().any(|it| sets(it)) }
}

fn report(
    vertical: &Object,
    scaler: &Object,
    object: &Object,
    metric: &ResourceMetric<'_>,
    cx: &mut Context<'_>,
) -> Verdict {
    let resource = metric.resource;
    // Without the VPA the requests have to be there.
    let template = cx.index().workload_of(object).and_then(|it| it.template);
    let requests = template.map(|it| cx.index().requests(object, it, metric.container, resource));
    let is_requested = matches!(requests, None | Some(Requests::Complete));
    let repair = Repair::new().set(vertical, &["spec", "updatePolicy", "updateMode"], Value::text("Off"));
    let repair = if is_requested {
        repair
    } else {
        repair.shown_only("not every container requests by itself what is measured")
    };
    let message = format!(
        "{} sets the {resource} requests of {}, and {} scales it by their utilization",
        vertical.title(),
        object.title(),
        scaler.title()
    );
    cx.fail(vertical, vertical.place(&["spec", "targetRef"]), message)
        .label(metric.place.span, format!("a share of the {resource} request"))
        .fix(repair)
        .help(format!(
            "each changes what the other measures: set controlledResources to leave {resource} out, or updateMode: \"Off\" \
             for recommendations only"
        ))
        .verdict()
}
