//! `zookeeper-too-few-nodes`

use super::who_runs;
use crate::index::kafka::Mode;
use crate::index::{Role, Workload};
use crate::rule::{Context, Rule, Walk};
use crate::rules::words::count;
use serde::Deserialize;

pub(crate) struct ZookeeperTooFewNodes;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_nodes: i64,
}

impl Rule for ZookeeperTooFewNodes {
    const PAGE: &'static str = include_str!("../../../rules/kafka/zookeeper-too-few-nodes.md");
    type Params = Params;

    fn check(params: &Params, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            check_strimzi(params, cx);
            check_self_managed(params, cx);
        });
    }
}

fn check_strimzi(params: &Params, cx: &mut Context<'_>) {
    for cluster in cx.index().kafka_clusters().iter().filter(|it| it.mode != Mode::Kraft) {
        let object = cluster.object;
        let Some(replicas) = object.node().at(&["spec", "zookeeper", "replicas"]) else { continue };
        let Some(nodes) = replicas.as_int() else {
            cx.not_verifiable(object, "the number of ZooKeeper nodes is a template placeholder");
            continue;
        };
        if nodes >= params.min_nodes {
            cx.pass(object);
            continue;
        }
        let message = format!(
            "{} has {}; at least {} are required",
            object.title(),
            count(nodes, "ZooKeeper node"),
            params.min_nodes
        );
        cx.fail(object, object.place(&["spec", "zookeeper", "replicas"]), message)
            .evidence("nodes", nodes)
            .evidence("minimum", params.min_nodes)
            .help(help(nodes, params.min_nodes));
    }
}

fn help(nodes: i64, minimum: i64) -> String {
    let why = match nodes {
        0 | 1 => "without a majority of ZooKeeper nodes no partition finds a new leader",
        2 => "2 nodes are worse than 1: both are needed for a majority",
        _ => "the configuration asks for more",
    };
    format!("{why}; set spec.zookeeper.replicas: {minimum}, or migrate to KRaft")
}

/// Nodes without an operator count together by release or namespace.
fn check_self_managed(params: &Params, cx: &mut Context<'_>) {
    let index = cx.index();
    let nodes: Vec<&Workload<'_>> = index.workloads().iter().filter(|it| it.role == Role::ZooKeeper).collect();
    for group in index.by_release(nodes) {
        let Some(first) = group.first() else { continue };
        let Some(total) = group.iter().map(|it| it.scale.floor).sum::<Option<i64>>() else {
            cx.not_verifiable(first.object, "the number of ZooKeeper nodes is a template placeholder");
            continue;
        };
        if total == 0 {
            continue; // Switched off.
        }
        if total >= params.min_nodes {
            cx.pass(first.object);
            continue;
        }
        let message = format!(
            "{}; at least {} are required",
            who_runs(&group, &count(total, "ZooKeeper node")),
            params.min_nodes
        );
        let mut draft = cx
            .fail(first.object, first.scale_place(), message)
            .evidence("nodes", total)
            .evidence("minimum", params.min_nodes)
            .help("an ensemble of 3 survives the loss of one node; each member needs its own id and the list of all servers");
        for other in &group[1..] {
            draft = draft.label(other.scale_place().span, format!("{} is counted too", other.object.title()));
        }
    }
}
