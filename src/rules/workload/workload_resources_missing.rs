//! `workload-resources-missing`

use super::judged::{is_other, judged};
use crate::index::{Requests, Role, ScaledBy, Workload, is_sidecar};
use crate::model::{Container, PodTemplate};
use crate::rule::{Context, NoParams, Rule, Similar, Walk, cases};
use crate::rules::autoscaling::HpaCpuRequestMissing;
use crate::rules::postgres::PostgresResourcesMissing;
use crate::rules::words::list;

pub(crate) struct WorkloadResourcesMissing;

const HELP: &str = "without requests the scheduler counts the pod as nothing, and a node that runs short of memory \
                    evicts it first: set requests for cpu and memory from what the program uses";

const LIMIT_HELP: &str =
    "a leak takes the memory of the node, and the kernel kills whatever pod it likes: set limits.memory";

const RESOURCES: [&str; 2] = ["cpu", "memory"];

cases!(WorkloadResourcesMissing: OTHER_ROLE = "other-role", MEMORY_LIMIT = "memory-limit");

impl Rule for WorkloadResourcesMissing {
    const PAGE: &'static str = include_str!("../../../rules/workload/workload-resources-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in judged(cx) {
                if let Some(template) = workload.template {
                    check_workload(workload, template, cx);
                }
            }
        });
    }
}

/// Containers without a request for a resource.
struct Lack<'a> {
    resource: &'static str,
    containers: Vec<Container<'a>>,
}

fn check_workload<'a>(workload: &Workload<'a>, template: PodTemplate<'a>, cx: &mut Context<'a>) {
    let object = workload.object;
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    for resource in RESOURCES {
        match cx.index().requests(object, template, None, resource) {
            Requests::Complete => {}
            Requests::NoContainer => return,
            Requests::Unknown(reason) => return cx.not_verifiable(object, reason),
            Requests::MissingIn(containers) => {
                // What stands beside the application may be small enough to need none.
                let containers: Vec<Container<'a>> = containers.into_iter().filter(|it| !is_sidecar(*it)).collect();
                if !containers.is_empty() {
                    lacks.push(Lack { resource, containers });
                }
            }
        }
    }
    if lacks.is_empty() {
        return check_limit(workload, template, cx);
    }
    if !cx.index().vertical_scalers_of(object).is_empty() {
        return cx.not_verifiable(object, "a VerticalPodAutoscaler sets the requests while the pods start");
    }
    report(workload, &lacks, cx);
}

fn report<'a>(workload: &Workload<'a>, lacks: &[Lack<'a>], cx: &mut Context<'a>) {
    let object = workload.object;
    let Some(first) = lacks.first().and_then(|it| it.containers.first()) else { return };
    let resources: Vec<&str> = lacks.iter().map(|it| it.resource).collect();
    let mut names: Vec<String> = Vec::new();
    for container in lacks.iter().flat_map(|it| &it.containers) {
        if !names.iter().any(|it| it == container.name()) {
            names.push(container.name().to_owned());
        }
    }
    let (noun, verb) = if names.len() == 1 { ("container", "requests") } else { ("containers", "request") };
    let what = if resources.len() == 2 { "no cpu and no memory".to_owned() } else { format!("no {}", resources[0]) };
    let all = workload.containers().count();
    let is_best_effort = resources.len() == 2 && lacks.iter().all(|it| it.containers.len() == all);
    let end = if is_best_effort { ": its pods are evicted first" } else { "" };
    let message = format!("{noun} {} of {} {verb} {what}{end}", list(&names), object.title());
    let verdict = match resources.as_slice() {
        ["cpu"] => "request no cpu",
        ["memory"] => "request no memory",
        _ => "request no cpu and no memory",
    };
    let is_fragment = cx.index().environment().is_fragment;
    let place = first.place(object, &["resources", "requests"]);
    let span = place.span;
    let mut draft = cx
        .fail(object, place, message)
        .evidence("missing", resources.join(", "))
        .evidence("containers", names.join(", "))
        .help(HELP)
        .listed_with_similar(Similar { noun: "workloads", verdict, name: object.name().to_owned(), help: HELP });
    for other in lacks[0].containers.iter().skip(1).take(3) {
        draft =
            draft.label(other.place(object, &["resources", "requests"]).span, format!("no {} either", resources[0]));
    }
    if is_other(workload) {
        draft = draft.case(OTHER_ROLE);
    }
    if is_fragment {
        draft = draft.heuristic(); // A LimitRange may stand in another file.
    }
    let text = format!("{} {what}", if names.len() == 1 { "it requests" } else { "they request" });
    match (workload.role, workload.scale.by) {
        (Role::Postgres, _) => drop(draft.merged_into(PostgresResourcesMissing::ID, object, span, text)),
        (_, ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler)) if resources.contains(&"cpu") => {
            draft.merged_into(HpaCpuRequestMissing::ID, scaler, span, text);
        }
        _ => {}
    }
}

/// Whether the node's memory is all that a container's is limited by.
fn check_limit<'a>(workload: &Workload<'a>, template: PodTemplate<'a>, cx: &mut Context<'a>) {
    let object = workload.object;
    let whole = template.node().at(&["spec", "resources", "limits", "memory"]);
    let is_given = ["default", "max"].iter().any(|it| cx.index().limit_default(object, it, "memory"));
    let unlimited = |it: &Container<'a>| {
        let resources = it.node().at(&["resources"]);
        !is_sidecar(*it) && resources.is_some_and(|it| it.is_map() && it.at(&["limits", "memory"]).is_none())
    };
    let container = workload.containers().find(unlimited).filter(|_| whole.is_none() && !is_given);
    let Some(container) = container else { return cx.pass(object) };
    let message = format!("container {} of {} has no limit for its memory", container.name(), object.title());
    let verdict = "have no limit for their memory";
    cx.fail(object, container.place(object, &["resources", "limits", "memory"]), message)
        .help(LIMIT_HELP)
        .listed_with_similar(Similar { noun: "workloads", verdict, name: object.name().to_owned(), help: LIMIT_HELP })
        .case(MEMORY_LIMIT);
}
