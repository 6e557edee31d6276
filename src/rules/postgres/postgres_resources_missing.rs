//! `postgres-resources-missing`

use crate::index::PostgresCluster;
use crate::index::postgres::Demand;
use crate::model::{Object, Quantity};
use crate::rule::{Context, Repair, Similar, Verdict, cases, rule};
use crate::rules::new_objects::copy;
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;

const HELP: &str = "set requests for cpu and memory and a memory limit that equals its request, with room for shared_buffers \
                    (a quarter of it) and work_mem for each connection";

cases!(PostgresResourcesMissing: OPERATOR_DEFAULTS = "operator-defaults", MEMORY_DIFFERS = "memory-differs");

rule!(PostgresResourcesMissing, "postgres/postgres-resources-missing.md", |walk| walk.postgres_clusters(judge));

fn judge(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if cluster.instances == Some(0) {
        return Verdict::NotApplicable;
    }
    let demands = cx.index().demands_of(cluster);
    if demands.iter().any(|it| it.resources.is_some_and(|it| is_open(it.text()))) {
        return Verdict::open("the resources are template placeholders");
    }
    let lacks: Vec<(&Demand<'_>, Vec<String>)> =
        demands.iter().map(|it| (it, missing(object, it, cx))).filter(|it| !it.1.is_empty()).collect();
    let Some(((first, what), others)) = lacks.split_first() else {
        return judge_memory(object, &demands, cx);
    };
    if let Some(defaults) = &first.defaults {
        let message = format!("{} sets no {}: {defaults}", first.title, list(what));
        let alike = alike(object, "leave requests or limits to their operator");
        let draft = cx.fail(object, first.place.clone(), message).case(OPERATOR_DEFAULTS).help(HELP);
        return draft.listed_with_similar(alike).verdict();
    }
    if !cx.index().vertical_scalers_of(object).is_empty() {
        return Verdict::open("a VerticalPodAutoscaler sets the requests");
    }
    let message = format!("{} lacks {}", first.title, list(what));
    let alike = alike(object, "lack requests or limits");
    let others = others.iter().map(|(it, what)| (it.place.span, format!("{} lacks {}", it.title, list(what))));
    cx.fail(object, first.place.clone(), message)
        .evidence("missing", what.join(" "))
        .help(HELP)
        .listed_with_similar(alike)
        .labels(others)
        .verdict()
}

fn alike(object: &Object, verdict: &'static str) -> Similar {
    Similar { noun: "PostgreSQL databases", verdict, name: object.name().to_owned(), help: HELP }
}

/// What resources lack, unless a LimitRange gives it.
fn missing(object: &Object, demand: &Demand<'_>, cx: &Context<'_>) -> Vec<String> {
    let has_default = |kind: &str, what: &str| cx.index().limit_default(object, kind, what);
    let written = |kind: &str, what: &str| {
        [demand.resources, demand.of_pod].into_iter().flatten().any(|it| it.at(&[kind, what]).is_some())
    };
    // A limit without a request is the request, too.
    let has_request = |what: &str| {
        let is_written = written("requests", what) || written("limits", what);
        is_written || has_default("defaultRequest", what) || has_default("default", what)
    };
    let has_limit = written("limits", "memory") || has_default("default", "memory");
    let wanted = [
        ("requests.cpu", has_request("cpu")),
        ("requests.memory", has_request("memory")),
        ("limits.memory", has_limit),
    ];
    wanted.into_iter().filter(|it| !it.1).map(|it| it.0.to_owned()).collect()
}

/// A pod whose memory may grow beyond its request is among the first that a full node ends.
fn judge_memory(object: &Object, demands: &[Demand<'_>], cx: &mut Context<'_>) -> Verdict {
    for demand in demands {
        let of = |kind: &str| demand.resources.and_then(|it| it.at(&[kind, "memory"]));
        let (Some(request), Some(limit)) = (of("requests"), of("limits")) else { continue };
        let read = |node: NodeRef<'_>| Quantity::read(node);
        if read(request).is_none() || read(request) == read(limit) {
            continue;
        }
        let message = format!(
            "{} requests {} of memory and may use {}: on a full node it is among the first to go",
            demand.title,
            request.text(),
            limit.text()
        );
        return cx
            .fail(object, object.place_in(request, &[]), message)
            .case(MEMORY_DIFFERS)
            .fix(copy(object, limit).map(|it| Repair::new().replace(object, request, it)))
            .absent(&[])
            .label(limit.first_line(), "the limit")
            .help("set the request to the limit")
            .listed_with_similar(alike(object, "may use more memory than they request"))
            .verdict();
    }
    if demands.is_empty() { Verdict::NotApplicable } else { Verdict::Pass }
}
