//! `hpa-target-extreme`

use crate::index::{MetricTarget, ResourceMetric};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::parts::judge_parts;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    lowest: i64,
    highest: i64,
}

rule!(HpaTargetExtreme, "autoscaling/hpa-target-extreme.md", Params, |params, walk| walk
    .autoscalers(|it, cx| judge(params, it, cx)));

fn judge<'a>(params: &Params, scaler: &'a Object, cx: &mut Context<'a>) -> Verdict {
    let metrics = cx.resource_metrics(scaler);
    judge_parts(scaler, metrics.iter(), cx, |metric, cx| judge_metric(params, scaler, metric, cx))
}

fn judge_metric(params: &Params, scaler: &Object, metric: &ResourceMetric<'_>, cx: &mut Context<'_>) -> Verdict {
    let MetricTarget::Utilization(target) = metric.target else { return Verdict::NotApplicable };
    let Some(target) = target else { return Verdict::open("a utilization is a template placeholder") };
    let resource = metric.resource;
    let (what, help) = if target > params.highest {
        let help = "new pods take a while to start, and until then nothing is left for the load that grows: aim at \
                    60% to 80%";
        (format!("above {}%", params.highest), help)
    } else if target < params.lowest {
        let help = "most of what the pods request is never used, and small swings scale: aim at 60% to 80%, or \
                    request less";
        (format!("below {}%", params.lowest), help)
    } else {
        return Verdict::Pass;
    };
    cx.fail(scaler, metric.place.clone(), format!("{} aims at {target}% of {resource}, {what}", scaler.title()))
        .evidence("target", target)
        .help(help)
        .verdict()
}
