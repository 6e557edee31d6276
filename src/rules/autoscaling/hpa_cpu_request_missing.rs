//! `hpa-cpu-request-missing`

use crate::index::{MetricTarget, Requests, ResourceMetric, count_metrics, kafka, request};
use crate::model::{Container, Object, PodTemplate};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::repairs::correct;
use crate::rules::words::{is_open, list};
use crate::suggest::nearest_or_only;
use std::collections::HashSet;

cases!(HpaCpuRequestMissing: CONTAINER_UNKNOWN = "container-unknown");

rule!(HpaCpuRequestMissing, "autoscaling/hpa-cpu-request-missing.md", |walk| walk.autoscalers(judge));

fn judge<'a>(scaler: &'a Object, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    let Some(object) = index.target_of(scaler) else { return Verdict::NotApplicable };
    let metrics = cx.resource_metrics(scaler);
    let is_relative = |it: &&ResourceMetric<'_>| matches!(it.target, MetricTarget::Utilization(_));
    let metrics: Vec<_> = metrics.iter().filter(|it| is_relative(it) || it.container.is_some()).collect();
    if metrics.is_empty() {
        return Verdict::NotApplicable;
    }
    if is_pod_maker_of_strimzi(object) {
        return judge_strimzi(scaler, object, &metrics, cx);
    }
    // A store should have no autoscaler at all.
    let workload = index.workload_of(object).filter(|it| !it.role.is_system_store());
    let Some(template) = workload.and_then(|it| it.template) else { return Verdict::NotApplicable };
    let mut overall = Verdict::Pass;
    // What two metrics miss alike is one finding.
    let mut seen = HashSet::new();
    for metric in metrics.iter().filter(|it| seen.insert((it.resource, it.container))) {
        let verdict = judge_metric(scaler, object, template, metric, cx);
        if verdict != Verdict::Pass {
            cx.judge(scaler, verdict);
            overall = Verdict::NotApplicable;
        }
    }
    overall
}

/// Whether the metric can be computed.
fn judge_metric<'a>(
    scaler: &Object,
    object: &Object,
    template: PodTemplate<'a>,
    metric: &ResourceMetric<'_>,
    cx: &mut Context<'a>,
) -> Verdict {
    let index = cx.index();
    match index.requests(object, template, metric.container, metric.resource) {
        Requests::Complete => {
            let injected = index.injected_without(object, template, metric.resource);
            let is_measured = metric.container.is_none() && metric.target != MetricTarget::Amount;
            injected.filter(|_| is_measured).map_or(Verdict::Pass, Verdict::open)
        }
        Requests::NoContainer => no_container(scaler, object, template, metric, cx),
        Requests::Unknown(reason) => Verdict::open(reason),
        Requests::MissingIn(_) if metric.target == MetricTarget::Amount => Verdict::Pass,
        Requests::MissingIn(_) if !index.vertical_scalers_of(object).is_empty() => {
            Verdict::open("a VerticalPodAutoscaler sets the requests while the pods start")
        }
        Requests::MissingIn(containers) => missing(scaler, object, &containers, metric, cx),
    }
}

fn missing(
    scaler: &Object,
    object: &Object,
    containers: &[Container<'_>],
    metric: &ResourceMetric<'_>,
    cx: &mut Context<'_>,
) -> Verdict {
    let resource = metric.resource;
    let names: Vec<String> = containers.iter().map(|it| it.name().to_owned()).collect();
    let (noun, verb) = if names.len() == 1 { ("container", "requests") } else { ("containers", "request") };
    let message = format!(
        "{} is scaled by the utilization of its {resource} requests, and {noun} {} {verb} none",
        object.title(),
        list(&names)
    );
    let is_fragment = cx.index().environment().is_fragment;
    let place = |it: &Container<'_>| it.place(object, &["resources", "requests", resource]);
    let [first, others @ ..] = containers else { return Verdict::NotApplicable };
    let mut draft = cx.fail(scaler, place(first), message).evidence("containers", containers.len());
    for other in others.iter().take(3) {
        draft = draft.label(place(other).span, format!("requests no {resource} either"));
    }
    let draft = draft.label(metric.place.span, target_words(scaler, metric)).help(help(scaler, resource));
    // A LimitRange may stand in another file.
    if is_fragment { draft.heuristic() } else { draft }.verdict()
}

fn target_words(scaler: &Object, metric: &ResourceMetric<'_>) -> String {
    let (name, resource) = (scaler.title(), metric.resource);
    match metric.target {
        MetricTarget::Utilization(Some(target)) => format!("{name} holds {resource} at {target}% of the request"),
        _ => format!("{name} holds {resource} at a share of the request"),
    }
}

fn help(scaler: &Object, resource: &str) -> String {
    let effect = if count_metrics(scaler) > 1 {
        "without it the other metrics scale up only, and never down"
    } else {
        "without it the autoscaler scales neither up nor down"
    };
    format!("a utilization is a share of the request, and {effect}: set resources.requests.{resource}")
}

fn no_container(
    scaler: &Object,
    object: &Object,
    template: PodTemplate<'_>,
    metric: &ResourceMetric<'_>,
    cx: &mut Context<'_>,
) -> Verdict {
    let name = metric.container.unwrap_or_default();
    if is_open(name) {
        return Verdict::open("the container's name is a template placeholder");
    }
    let names: Vec<String> = template.containers().chain(template.sidecars()).map(|it| it.name().to_owned()).collect();
    let message = format!("{} measures container {name}, and {} has {}", scaler.title(), object.title(), list(&names));
    let meant = nearest_or_only(name, &names);
    let repair = meant.zip(metric.container_node(scaler)).map(|(meant, node)| correct(scaler, node, meant));
    cx.fail(scaler, metric.container_place(scaler), message)
        .case(CONTAINER_UNKNOWN)
        .fix(repair)
        .label(object.name_span(), "its containers have other names")
        .help("the autoscaler finds no such container, and the metric yields nothing: name one of them")
        .verdict()
}

/// Custom resources of Strimzi that are scaled like Deployments: one kind of pod, `spec.resources`.
fn is_pod_maker_of_strimzi(object: &Object) -> bool {
    object.group() == kafka::STRIMZI && matches!(object.kind(), "KafkaConnect" | "KafkaBridge" | "KafkaMirrorMaker2")
}

fn judge_strimzi(scaler: &Object, object: &Object, metrics: &[&ResourceMetric<'_>], cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let resources = object.node().at(&["spec", "resources"]);
    let lacks = |it: &&&ResourceMetric<'_>| {
        matches!(it.target, MetricTarget::Utilization(_)) && request(resources, it.resource).is_none()
    };
    let Some(metric) = metrics.iter().find(lacks) else { return Verdict::Pass };
    let is_later = resources.is_some_and(|it| !it.is_map());
    if is_later || index.default_request(object, metric.resource).is_some() {
        return Verdict::open("a LimitRange or a later step may set the request");
    }
    let resource = metric.resource;
    let message = format!(
        "{} is scaled by the utilization of its {resource} requests, and its pods request none",
        object.title()
    );
    let draft = cx
        .fail(scaler, object.place(&["spec", "resources", "requests", resource]), message)
        .label(metric.place.span, target_words(scaler, metric))
        .help(format!("{}; the operator adds no request of its own", help(scaler, resource)));
    if index.environment().is_fragment { draft.heuristic() } else { draft }.verdict()
}
