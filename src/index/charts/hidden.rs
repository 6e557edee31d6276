//! What a chart makes that the manifests do not show.

use crate::index::charts::{Chart, Reading, chart_of};
use crate::model::{KnownChart, Made, Object, Unseen, UnseenKinds, products};
use crate::source::SourceId;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Kinds that matter beyond their own namespace, or that have none.
pub const EVERYWHERE: &[&str] = &[
    "APIService.apiregistration.k8s.io",
    "IngressClass.networking.k8s.io",
    "PrometheusRule.monitoring.coreos.com",
    "Schedule.velero.io",
    "ServiceMonitor.monitoring.coreos.com",
    "StorageClass.storage.k8s.io",
];

/// The resources that install charts.
const INSTALLERS: &[(&str, &str)] =
    &[(products::FLUX_HELM, "HelmRelease"), (products::K3S_HELM, "HelmChart"), (products::ARGO, "Application")];

/// What an object hides that installs charts.
pub fn hidden_by<'a>(object: &'a Object, reading: &Reading<'_, 'a>) -> Vec<Unseen> {
    if (object.group(), object.kind()) == (products::ARGO, "ApplicationSet") {
        return by_set(object);
    }
    if !INSTALLERS.contains(&(object.group(), object.kind())) {
        return Vec::new();
    }
    let charts = chart_of(object, reading);
    let reason = format!("{} installs a chart that is not rendered here", object.title());
    if charts.is_empty() && object.kind() != "Application" {
        // A chart that nobody names here may be any.
        let spec = object.node();
        let target = spec.str_at(&["spec", "targetNamespace"]).or(object.namespace());
        return vec![Unseen { reason, kinds: UnseenKinds::All, namespace: target.map(str::to_owned) }];
    }
    charts.iter().flat_map(|it| hidden(it.known(), it, &reason)).collect()
}

/// What the Applications of a set hide whose template names a chart.
fn by_set(object: &Object) -> Vec<Unseen> {
    let Some(spec) = object.node().at(&["spec", "template", "spec"]) else { return Vec::new() };
    let namespace = spec.str_at(&["destination", "namespace"]).filter(|it| !it.contains("{{"));
    let sources = spec.get("source").into_iter().chain(spec.items_at(&["sources"]));
    let reason = format!("{} installs charts that are not rendered here", object.title());
    let hidden = sources.filter_map(|it| Some((it.str_at(&["chart"])?, it.str_at(&["repoURL"]))));
    hidden.map(|(name, repository)| hidden_by_name(name, repository, namespace, reason.clone())).collect()
}

fn hidden(known: Option<&KnownChart>, chart: &Chart<'_>, reason: &str) -> Vec<Unseen> {
    let unseen = |kinds, namespace: Option<&str>| Unseen {
        reason: reason.to_owned(),
        kinds,
        namespace: namespace.map(str::to_owned),
    };
    let Some(known) = known else { return vec![unseen(UnseenKinds::All, chart.namespace)] };
    let kinds = known.kinds(|made, key| match made {
        Made::Unless => chart.switch(key).value() != Some(&false),
        _ => chart.has_more || chart.has(key) && chart.switch(key).value() != Some(&false),
    });
    let (everywhere, near): (BTreeSet<String>, BTreeSet<String>) =
        kinds.into_iter().partition(|it| EVERYWHERE.contains(&it.as_str()));
    let parts = [(everywhere, None), (near, chart.namespace)];
    let parts = parts.into_iter().filter(|it| !it.0.is_empty());
    parts.map(|(kinds, namespace)| unseen(UnseenKinds::Only(kinds), namespace)).collect()
}

/// What a chart of this name hides by its defaults, in a namespace.
pub fn hidden_by_name(name: &str, repository: Option<&str>, namespace: Option<&str>, reason: String) -> Unseen {
    let known = crate::model::known_chart(name);
    let known = known.filter(|it| repository.is_none_or(|url| it.vendors.iter().any(|word| url.contains(word))));
    let kinds = known.map_or(UnseenKinds::All, |it| UnseenKinds::Only(it.kinds(|_, _| true)));
    Unseen { reason, kinds, namespace: namespace.map(str::to_owned) }
}

/// The text of no file, where places in values do not matter.
pub fn no_text(_: SourceId) -> Option<Arc<str>> {
    None
}
