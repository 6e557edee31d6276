//! `hpa-target-extreme`

use crate::index::MetricTarget;
use crate::model::Object;
use crate::rule::{Context, Rule, Walk};
use serde::Deserialize;

pub(crate) struct HpaTargetExtreme;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    lowest: i64,
    highest: i64,
}

impl Rule for HpaTargetExtreme {
    const PAGE: &'static str = include_str!("../../../rules/autoscaling/hpa-target-extreme.md");
    type Params = Params;

    fn check(params: &Params, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for scaler in cx.autoscalers() {
                check_scaler(params, scaler, cx);
            }
        });
    }
}

fn check_scaler<'a>(params: &Params, scaler: &'a Object, cx: &mut Context<'a>) {
    let mut is_right = false;
    for metric in cx.resource_metrics(scaler).iter() {
        let MetricTarget::Utilization(target) = metric.target else { continue };
        let Some(target) = target else {
            cx.not_verifiable(scaler, "a utilization is a template placeholder");
            continue;
        };
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
            is_right = true;
            continue;
        };
        cx.fail(scaler, metric.place.clone(), format!("{} aims at {target}% of {resource}, {what}", scaler.title()))
            .evidence("target", target)
            .help(help);
    }
    if is_right {
        cx.pass(scaler);
    }
}
