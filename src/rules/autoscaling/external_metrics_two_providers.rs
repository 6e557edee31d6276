//! `external-metrics-two-providers`

use crate::index::{EXTERNAL_METRICS, MetricsProvider};
use crate::rule::{Context, Verdict, rule};

/// The product whose autoscalers know no other server.
const KEDA: &str = "KEDA";

rule!(ExternalMetricsTwoProviders, "autoscaling/external-metrics-two-providers.md", |walk| walk.environment(|cx| {
    let providers = cx.index().external_metrics_providers();
    let Some(first) = providers.first() else { return };
    // Autoscalers of KEDA break without it, so that the other one is where it is told.
    let kept = providers.iter().find(|it| it.product == KEDA).unwrap_or(first);
    let mut others = providers.iter().filter(|it| it.product != kept.product);
    match others.next() {
        Some(other) => report(kept, other, cx),
        None => cx.judge(first.object, Verdict::Pass),
    }
}));

fn report(kept: &MetricsProvider<'_>, other: &MetricsProvider<'_>, cx: &mut Context<'_>) {
    let message = format!(
        "{} and {} both register {EXTERNAL_METRICS}: one of them answers, and what the other scales stands still",
        other.product, kept.product
    );
    cx.fail(other.object, other.place.clone(), message)
        .label(kept.place.span, format!("{} registers it, too", kept.product))
        .help(format!(
            "switch it off in {} and let {} ask the same source: a cluster has one APIService of this name",
            other.product, kept.product
        ));
}
