//! `monitor-namespace-forbidden`

use crate::index::monitoring::ScrapeRights;
use crate::model::{Object, Place, products};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::{is_open, list};
use std::collections::BTreeMap;

/// A monitor with the place where it names a namespace.
type Named<'a> = (&'a Object, Place);

rule!(MonitorNamespaceForbidden, "monitoring/monitor-namespace-forbidden.md", |walk| walk.environment(judge));

fn judge(cx: &mut Context<'_>) {
    let index = cx.index();
    let rights = index.scrape_rights();
    let mut forbidden: BTreeMap<&str, (&ScrapeRights<'_>, Vec<Named<'_>>)> = BTreeMap::new();
    let kinds = ["ServiceMonitor", "PodMonitor"].into_iter();
    cx.judge_each(kinds.flat_map(|it| index.of_kind(products::PROMETHEUS, it)), |monitor, _| {
        // It is enough that one of several may.
        let taking = index.may_take(monitor).map(|at| &rights[at]);
        let known: Option<Vec<&ScrapeRights<'_>>> = taking.map(|it| it.1.as_ref()).collect();
        let Some(known) = known.filter(|it| !it.is_empty()) else { return Verdict::NotApplicable };
        let mut verdict = Verdict::Pass;
        for (namespace, place) in targets(monitor) {
            if is_open(namespace) || known.iter().any(|it| it.namespaces.contains_key(namespace)) {
                continue;
            }
            verdict = Verdict::Fail;
            forbidden.entry(namespace).or_insert_with(|| (known[0], Vec::new())).1.push((monitor, place));
        }
        verdict
    });
    for (namespace, (rights, monitors)) in forbidden {
        report(namespace, rights, monitors, cx);
    }
}

/// The namespaces in which a monitor looks for targets, each with its place; none where that is everywhere.
fn targets(monitor: &Object) -> Vec<(&str, Place)> {
    let node = monitor.node();
    if node.bool_at(&["spec", "namespaceSelector", "any"]) == Some(true) {
        return Vec::new();
    }
    let names: Vec<(&str, Place)> = node
        .items_at(&["spec", "namespaceSelector", "matchNames"])
        .map(|it| {
            let place = monitor.place(&["spec", "namespaceSelector", "matchNames"]);
            (it.text(), Place { span: it.first_line(), ..place })
        })
        .collect();
    if !names.is_empty() {
        return names;
    }
    let own = monitor.namespace().map(|it| (it, monitor.place(&["metadata", "namespace"])));
    own.into_iter().collect()
}

fn report(namespace: &str, rights: &ScrapeRights<'_>, monitors: Vec<Named<'_>>, cx: &mut Context<'_>) {
    let mut monitors = monitors.into_iter();
    let Some((first, place)) = monitors.next() else { return };
    let prometheus = rights.prometheus;
    let message = format!(
        "{} has targets in namespace {namespace}, where {} may not list any",
        first.title(),
        prometheus.title()
    );
    let allowed: Vec<String> = rights.namespaces.keys().map(|it| (*it).to_owned()).collect();
    let mut draft = cx
        .fail(first, place, message)
        .evidence("namespaces", allowed.join(" "))
        .label(prometheus.name_span(), format!("may list targets in {} only", list(&allowed)))
        .help(format!(
            "Prometheus finds no target there and says so in its log only: add a Role and a RoleBinding for its \
             ServiceAccount in {namespace}, as it has in the others"
        ));
    for (monitor, place) in monitors.take(3) {
        draft = draft.label(place.span, format!("{}, too", monitor.title()));
    }
}
