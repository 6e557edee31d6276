//! `selector-template-mismatch`

use crate::index::Workload;
use crate::model::{Object, PodTemplate, Selector, WorkloadKind, controller_selector};
use crate::rule::{Context, Verdict, rule};
use crate::yaml::NodeRef;

rule!(SelectorTemplateMismatch, "workload/selector-template-mismatch.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let (object, kind) = (workload.object, workload.kind);
    let has_selector = kind.is_replicated() || kind == WorkloadKind::DaemonSet;
    // A template of another object is that one's affair.
    let Some(template) = PodTemplate::of(object, kind).filter(|_| has_selector) else { return Verdict::NotApplicable };
    let Some(selector) = controller_selector(object, kind) else { return judge_absent(object, kind, template, cx) };
    if selector.is_everything() {
        return judge_empty(object, kind, cx);
    }
    if selector.is_open() || workload.has_open_labels() {
        return Verdict::open("labels are template placeholders");
    }
    let labels = template.labels();
    if selector.matches(&labels) {
        return Verdict::Pass;
    }
    let unmet: Vec<String> = selector
        .requirements
        .iter()
        .filter(|it| !it.matches(&labels))
        .map(|it| Selector { requirements: vec![it.clone()] }.to_string())
        .collect();
    let message = format!("{} selects {}, and the labels of its own pods do not fit", object.title(), unmet.join(", "));
    let of_template = object.place_in(template.node(), &["metadata", "labels"]);
    cx.fail(object, place_of_unmet(object, kind, &selector, template), message)
        .label(of_template.span, "the labels of its pods")
        .help(format!("{} refuses it: every label of the selector must be in the template", reader(kind)))
        .verdict()
}

/// Who reads the object first: the kinds of others are only looked at by their controller.
fn reader(kind: WorkloadKind) -> &'static str {
    if kind == WorkloadKind::Rollout { "Argo Rollouts" } else { "the API server" }
}

/// The first label of the selector that the template has not, else the selector.
fn place_of_unmet(
    object: &Object,
    kind: WorkloadKind,
    selector: &Selector<'_>,
    template: PodTemplate<'_>,
) -> crate::model::Place {
    let is_map = matches!(kind, WorkloadKind::ReplicationController | WorkloadKind::DeploymentConfig);
    let keys: &[&str] = if is_map { &["spec", "selector"] } else { &["spec", "selector", "matchLabels"] };
    let labels = template.labels();
    let unmet = selector.requirements.iter().find(|it| !it.matches(&labels));
    let written = unmet.zip(object.node().at(keys)).filter(|(it, map)| map.get(&it.key).is_some());
    match written {
        Some((it, map)) => object.place_in(map, &[&it.key]),
        None => object.place(&["spec", "selector"]),
    }
}

/// Where the API takes the template's labels for a selector that is left out.
fn is_defaulted(object: &Object, kind: WorkloadKind) -> bool {
    kind == WorkloadKind::ReplicationController
        || kind == WorkloadKind::DeploymentConfig
        || object.group() == "extensions"
        || object.version() == "v1beta1"
}

fn judge_absent(object: &Object, kind: WorkloadKind, template: PodTemplate<'_>, cx: &mut Context<'_>) -> Verdict {
    // A part of an object that is merged into another needs no selector.
    let is_whole = !template.labels().is_empty()
        && template.containers().next().is_some()
        && template.containers().all(|it| it.node().at(&["image"]).is_some_and(|it| !it.text().is_empty()));
    if !is_whole || is_defaulted(object, kind) || object.node().at(&["spec", "workloadRef"]).is_some() {
        return Verdict::NotApplicable;
    }
    let message = format!("{} has no selector", object.title());
    let help = format!("{} refuses it: add spec.selector.matchLabels with labels of the pod template", reader(kind));
    cx.fail(object, object.place(&["spec", "selector"]), message).help(help).verdict()
}

fn judge_empty(object: &Object, kind: WorkloadKind, cx: &mut Context<'_>) -> Verdict {
    let written = object.node().at(&["spec", "selector"]).filter(|it| it.is_map());
    let asks_for_nothing = |it: NodeRef<'_>| it.items_at(&["matchExpressions"]).next().is_none();
    if is_defaulted(object, kind) || !written.is_some_and(asks_for_nothing) {
        return Verdict::NotApplicable;
    }
    let message = format!("{} has an empty selector", object.title());
    let help = format!("{} refuses it: name labels of the pod template", reader(kind));
    cx.fail(object, object.place(&["spec", "selector"]), message).help(help).verdict()
}
