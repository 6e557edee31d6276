//! `hpa-memory-only`

use crate::index::count_metrics;
use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct HpaMemoryOnly;

impl Rule for HpaMemoryOnly {
    const PAGE: &'static str = include_str!("../../../rules/autoscaling/hpa-memory-only.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
        for scaler in cx.autoscalers() {
            let metrics = cx.resource_metrics(scaler);
            let is_all = !metrics.is_empty() && metrics.len() == count_metrics(scaler);
            if !is_all || metrics.iter().any(|it| it.resource != "memory") {
                cx.pass(scaler);
                continue;
            }
            let place = metrics[0].place.clone();
            cx.fail(scaler, place, format!("{} scales by memory alone", scaler.title())).help(
                "most runtimes keep the memory that they once had, so that pods are added and never taken away: scale by \
                 cpu, requests or a queue, and give memory a limit",
            );
        }
        });
    }
}
