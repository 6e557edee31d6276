//! `hpa-memory-only`

use crate::index::count_metrics;
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};

rule!(HpaMemoryOnly, "autoscaling/hpa-memory-only.md", |walk| walk.autoscalers(judge));

fn judge<'a>(scaler: &'a Object, cx: &mut Context<'a>) -> Verdict {
    let metrics = cx.resource_metrics(scaler);
    let is_all = !metrics.is_empty() && metrics.len() == count_metrics(scaler);
    if !is_all || metrics.iter().any(|it| it.resource != "memory") {
        return Verdict::Pass;
    }
    let help = "most runtimes keep the memory that they once had, so that pods are added and never taken away: scale by \
                cpu, requests or a queue, and give memory a limit";
    cx.fail(scaler, metrics[0].place.clone(), format!("{} scales by memory alone", scaler.title())).help(help).verdict()
}
