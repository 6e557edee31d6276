//! `metrics-api-evidence`

use crate::index::{Index, NodeMaker, resource_metrics};
use crate::model::{Object, products};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

rule!(MetricsApiEvidence, "autoscaling/metrics-api-evidence.md", |walk| walk.environment(|cx| {
    let scalers = cx.index().autoscalers().filter(|it| !resource_metrics(it).is_empty());
    let scalers: Vec<&Object> = scalers.collect();
    let Some(first) = scalers.first().copied() else { return };
    if cx.once_in_run("serves metrics", serves_metrics) {
        return cx.judge_each(scalers, |_, _| Verdict::Pass);
    }
    let verdict = judge(first, scalers.len(), cx);
    cx.judge(first, verdict);
}));

/// Nothing in the manifests serves the metrics of autoscalers: a kind cluster brings nothing, others may.
fn judge(first: &Object, number: usize, cx: &mut Context<'_>) -> Verdict {
    let evidence = cx.index().node_evidence();
    let Some(cluster) = evidence.iter().find(|it| it.maker == NodeMaker::Kind).map(|it| it.object) else {
        return Verdict::open("whether the cluster serves metrics.k8s.io is not in the manifests");
    };
    let message = format!(
        "{} {} cpu or memory, and nothing here serves metrics.k8s.io on a kind cluster",
        count(i64::try_from(number).unwrap_or(i64::MAX), "autoscaler"),
        if number == 1 { "measures" } else { "measure" }
    );
    let place = resource_metrics(first).swap_remove(0).place;
    cx.fail(first, place, message)
        .evidence("autoscalers", number)
        .label(cluster.name_span(), "kind brings no metrics-server along")
        .help("without it the autoscaler only keeps to its minimum and maximum: deploy metrics-server")
        .verdict()
}

/// Whether an environment has what serves resource metrics.
fn serves_metrics(index: &Index<'_>) -> bool {
    let is_server = |name: &str| name.contains("metrics-server") || name.contains("prometheus-adapter");
    let mut services = index.of_kind("apiregistration.k8s.io", "APIService");
    let mut releases = index.of_kind(products::FLUX_HELM, "HelmRelease");
    let mut applications = index.of_kind(products::ARGO, "Application");
    services.any(|it| it.name().ends_with(".metrics.k8s.io"))
        || index.workloads().iter().any(|it| is_server(it.object.name()))
        || releases.any(|it| it.node().str_at(&["spec", "chart", "spec", "chart"]).is_some_and(is_server))
        || applications.any(|it| is_server(it.name()) || is_server_chart(it, is_server))
}

fn is_server_chart(application: &Object, is_server: impl Fn(&str) -> bool) -> bool {
    let one = application.node().at(&["spec", "source"]).into_iter();
    let mut sources = one.chain(application.node().items_at(&["spec", "sources"]));
    sources.any(|it| it.str_at(&["chart"]).is_some_and(&is_server))
}
