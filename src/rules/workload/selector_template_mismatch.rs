//! `selector-template-mismatch`

use crate::index::Workload;
use crate::model::{Object, PodTemplate, Selector, WorkloadKind, controller_selector};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::yaml::NodeRef;

pub(crate) struct SelectorTemplateMismatch;

impl Rule for SelectorTemplateMismatch {
    const PAGE: &'static str = include_str!("../../../rules/workload/selector-template-mismatch.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in cx.workloads() {
                let has_selector = workload.kind.is_replicated() || workload.kind == WorkloadKind::DaemonSet;
                if has_selector {
                    check_workload(workload, cx);
                }
            }
        });
    }
}

fn check_workload(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    // A template of another object is that one's affair.
    let Some(template) = PodTemplate::of(object, workload.kind) else { return };
    let Some(selector) = controller_selector(object, workload.kind) else {
        return check_absent(workload, template, cx);
    };
    if selector.is_everything() {
        return check_empty(workload, cx);
    }
    if selector.is_open() || workload.has_open_labels() {
        return cx.not_verifiable(object, "labels are template placeholders");
    }
    let labels = template.labels();
    if selector.matches(&labels) {
        return cx.pass(object);
    }
    let unmet: Vec<String> = selector
        .requirements
        .iter()
        .filter(|it| !it.matches(&labels))
        .map(|it| Selector { requirements: vec![it.clone()] }.to_string())
        .collect();
    let message = format!("{} selects {}, and the labels of its own pods do not fit", object.title(), unmet.join(", "));
    let of_template = object.place_in(template.node(), &["metadata", "labels"]);
    cx.fail(object, place_of_unmet(object, workload.kind, &selector, template), message)
        .label(of_template.span, "the labels of its pods")
        .help(format!("{} refuses it: every label of the selector must be in the template", judge(workload.kind)));
}

/// Who reads the object first: the kinds of others are only looked at by their controller.
fn judge(kind: WorkloadKind) -> &'static str {
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

fn check_absent(workload: &Workload<'_>, template: PodTemplate<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    // A part of an object that is merged into another needs no selector.
    let is_whole = !template.labels().is_empty()
        && template.containers().next().is_some()
        && template.containers().all(|it| it.node().at(&["image"]).is_some_and(|it| !it.text().is_empty()));
    if !is_whole || is_defaulted(object, workload.kind) || object.node().at(&["spec", "workloadRef"]).is_some() {
        return;
    }
    let message = format!("{} has no selector", object.title());
    let help =
        format!("{} refuses it: add spec.selector.matchLabels with labels of the pod template", judge(workload.kind));
    cx.fail(object, object.place(&["spec", "selector"]), message).help(help);
}

fn check_empty(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    let written = object.node().at(&["spec", "selector"]).filter(|it| it.is_map());
    let asks_for_nothing = |it: NodeRef<'_>| it.items_at(&["matchExpressions"]).next().is_none();
    if is_defaulted(object, workload.kind) || !written.is_some_and(asks_for_nothing) {
        return;
    }
    let message = format!("{} has an empty selector", object.title());
    let help = format!("{} refuses it: name labels of the pod template", judge(workload.kind));
    cx.fail(object, object.place(&["spec", "selector"]), message).help(help);
}
