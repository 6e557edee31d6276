//! `alert-total-outage-only`

use crate::index::monitoring::{AlertRule, Condition, Covered, Selection};
use crate::index::{Index, Workload};
use crate::model::WorkloadKind;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

/// Metrics that count the pods of an object, with the label that names it.
const COUNTS: &[(&str, &str, WorkloadKind)] = &[
    ("kube_deployment_status_replicas_available", "deployment", WorkloadKind::Deployment),
    ("kube_deployment_status_replicas_ready", "deployment", WorkloadKind::Deployment),
    ("kube_deployment_status_replicas", "deployment", WorkloadKind::Deployment),
    ("kube_statefulset_status_replicas_ready", "statefulset", WorkloadKind::StatefulSet),
    ("kube_statefulset_status_replicas_available", "statefulset", WorkloadKind::StatefulSet),
];

/// Metrics that report a single pod, whatever they are compared with.
const DEGRADED: &[&str] = &[
    "kube_deployment_status_replicas_unavailable",
    "kube_deployment_status_condition",
    "kube_pod_status_ready",
    "kube_pod_status_phase",
    "kube_pod_container_status_ready",
    "kube_pod_container_status_waiting_reason",
    "kube_pod_container_status_restarts_total",
];

rule!(AlertTotalOutageOnly, "monitoring/alert-total-outage-only.md", |walk| walk
    .each(|index| index.alert_rules().iter().filter(|it| it.is_alert), judge));

fn judge(rule: &AlertRule<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(counted) = counted(rule) else { return Verdict::NotApplicable };
    if cx.once_in_run("reports degradation", tells_of_degradation) {
        return Verdict::Pass;
    }
    let is_watched = |it: &&Workload<'_>| {
        let own = it.object.namespace();
        it.kind == counted.kind
            && counted.selection.wanted(counted.label).all(|wanted| wanted.fits(it.object.name()))
            && counted.selection.wanted("namespace").all(|wanted| own.is_none_or(|own| wanted.fits(own)))
            // For a single pod there is nothing between all and none.
            && it.scale.floor.is_none_or(|floor| floor > 1)
    };
    let name = counted.selection.wanted(counted.label).find(|it| it.is_positive() && it.is_literal());
    let watched = match name {
        Some(name) => {
            let kind = if counted.kind == WorkloadKind::Deployment { "Deployment" } else { "StatefulSet" };
            let named = index.named("apps", kind, name.text).into_iter();
            named.filter_map(|it| index.workload_of(it)).find(is_watched)
        }
        None => index.workloads().iter().find(is_watched),
    };
    let Some(workload) = watched else { return Verdict::NotApplicable };
    let title = workload.object.title();
    let message = if counted.is_absent {
        format!("alert {} fires only once {title} itself is gone, not when its pods are", rule.name)
    } else {
        format!("alert {} fires only once no pod of {title} is left", rule.name)
    };
    let pods = workload.scale.floor.map_or_else(|| "several pods".to_owned(), |it| count(it, "pod"));
    let help = "the first pods that fail go unseen: alert on fewer pods than wanted, too, as in \
                kube_deployment_status_replicas_available < kube_deployment_spec_replicas; and once the object is \
                deleted its series is gone, which only absent() tells";
    let span = workload.object.name_span();
    cx.fail(rule.object, rule.place.clone(), message).label(span, format!("runs {pods}")).help(help).verdict()
}

/// What an alert counts that fires once nothing is left of it.
struct Counted<'r> {
    selection: Selection<'r>,
    label: &'static str,
    kind: WorkloadKind,
    /// Whether the series itself must be gone.
    is_absent: bool,
}

fn counted<'r>(rule: &'r AlertRule<'_>) -> Option<Counted<'r>> {
    let expression = rule.expression()?;
    let (none_left, series_gone) = (expression.none_left(), expression.series_gone());
    let is_absent = none_left.is_none();
    let selection = none_left.or(series_gone)?;
    let metric = selection.metric()?;
    let of = COUNTS.iter().find(|it| it.0 == metric)?;
    Some(Counted { selection, label: of.1, kind: of.2, is_absent })
}

/// Whether any alert of an environment reports single pods.
fn tells_of_degradation(index: &Index<'_>) -> bool {
    let tells = |rule: &AlertRule<'_>| {
        let Some(expression) = rule.expression() else { return true };
        let selections = expression.selections();
        let has = |names: &[&str]| selections.iter().any(|it| it.metric().is_some_and(|it| names.contains(&it)));
        let compares = expression.compares_series() && COUNTS.iter().any(|it| has(&[it.0]));
        let above_one = counted(rule).is_none() && COUNTS.iter().any(|it| has(&[it.0]));
        has(DEGRADED) || compares || above_one
    };
    let by_rule = index.alert_rules().iter().filter(|it| it.is_alert).any(tells);
    // A chart's default rules compare the numbers, too.
    let by_chart = index.alerts_of(Condition::Ceiling) == Some(Covered::Yes) && !index.chart_releases().is_empty();
    by_rule || by_chart
}
