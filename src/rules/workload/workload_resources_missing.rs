//! `workload-resources-missing`

use super::judged::{is_judged, is_other};
use crate::index::{Requests, Role, ScaledBy, Workload, is_sidecar};
use crate::model::{Container, PodTemplate};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::alike;
use crate::rules::autoscaling::HpaCpuRequestMissing;
use crate::rules::postgres::PostgresResourcesMissing;
use crate::rules::words::list;
use std::collections::HashSet;

const HELP: &str = "without requests the scheduler counts the pod as nothing, and a node that runs short of memory \
                    evicts it first: set requests for cpu and memory from what the program uses";

const LIMIT_HELP: &str =
    "a leak takes the memory of the node, and the kernel kills whatever pod it likes: set limits.memory";

const RESOURCES: [&str; 2] = ["cpu", "memory"];

cases!(WorkloadResourcesMissing: OTHER_ROLE = "other-role", MEMORY_LIMIT = "memory-limit");

rule!(WorkloadResourcesMissing, "workload/workload-resources-missing.md", |walk| walk.workloads(judge));

/// Containers without a request for a resource.
struct Lack<'a> {
    resource: &'static str,
    containers: Vec<Container<'a>>,
}

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let Some(template) = workload.template.filter(|_| is_judged(workload)) else { return Verdict::NotApplicable };
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    for resource in RESOURCES {
        match cx.index().requests(object, template, None, resource) {
            Requests::Complete => {}
            Requests::NoContainer => return Verdict::NotApplicable,
            Requests::Unknown(reason) => return Verdict::open(reason),
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
        return judge_limit(workload, template, cx);
    }
    if !cx.index().vertical_scalers_of(object).is_empty() {
        return Verdict::open("a VerticalPodAutoscaler sets the requests while the pods start");
    }
    report(workload, &lacks, cx)
}

fn report<'a>(workload: &Workload<'a>, lacks: &[Lack<'a>], cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let first = lacks[0].containers[0];
    let resources: Vec<&str> = lacks.iter().map(|it| it.resource).collect();
    let mut seen = HashSet::new();
    let containers = lacks.iter().flat_map(|it| &it.containers).map(|it| it.name());
    let names: Vec<String> = containers.filter(|it| seen.insert(*it)).map(str::to_owned).collect();
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
    let others = lacks[0].containers.iter().skip(1).take(3);
    let mut draft = cx
        .fail(object, place, message)
        .evidence("missing", resources.join(", "))
        .evidence("containers", names.join(", "))
        .help(HELP)
        .listed_with_similar(alike::workloads(object, verdict, HELP))
        .labels(
            others.map(|it| (it.place(object, &["resources", "requests"]).span, format!("no {} either", resources[0]))),
        )
        .maybe_case(is_other(workload).then_some(OTHER_ROLE));
    if is_fragment {
        draft = draft.heuristic(); // A LimitRange may stand in another file.
    }
    let text = format!("{} {what}", if names.len() == 1 { "it requests" } else { "they request" });
    match (workload.role, workload.scale.by) {
        (Role::Postgres, _) => draft.merged_into(PostgresResourcesMissing::ID, object, span, text),
        (_, ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler)) if resources.contains(&"cpu") => {
            draft.merged_into(HpaCpuRequestMissing::ID, scaler, span, text)
        }
        _ => draft,
    }
    .verdict()
}

/// Whether the node's memory is all that a container's is limited by.
fn judge_limit<'a>(workload: &Workload<'a>, template: PodTemplate<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let whole = template.node().at(&["spec", "resources", "limits", "memory"]);
    let is_given = ["default", "max"].iter().any(|it| cx.index().limit_default(object, it, "memory"));
    let unlimited = |it: &Container<'a>| {
        let resources = it.node().at(&["resources"]);
        !is_sidecar(*it) && resources.is_some_and(|it| it.is_map() && it.at(&["limits", "memory"]).is_none())
    };
    let container = workload.containers().find(unlimited).filter(|_| whole.is_none() && !is_given);
    let Some(container) = container else { return Verdict::Pass };
    let message = format!("container {} of {} has no limit for its memory", container.name(), object.title());
    cx.fail(object, container.place(object, &["resources", "limits", "memory"]), message)
        .help(LIMIT_HELP)
        .listed_with_similar(alike::workloads(object, "have no limit for their memory", LIMIT_HELP))
        .case(MEMORY_LIMIT)
        .verdict()
}
