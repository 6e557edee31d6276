//! `zookeeper-too-few-nodes`

use super::kafka_zookeeper_removed::why_refused;
use super::unmanaged_nodes::{Words, judge_groups};
use crate::index::kafka::Mode;
use crate::index::{KafkaCluster, Role};
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KafkaZookeeperRemoved;
use crate::rules::words::count;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_nodes: i64,
}

const UNMANAGED: Words = Words {
    evidence: "nodes",
    nodes: "ZooKeeper nodes",
    node: "ZooKeeper node",
    help: "an ensemble of 3 survives the loss of one node; each member needs its own id and the list of all servers",
};

rule!(ZookeeperTooFewNodes, "kafka/zookeeper-too-few-nodes.md", Params, |params, walk| {
    walk.kafka_clusters(|it, cx| judge(params, it, cx));
    walk.environment(|cx| judge_groups(|it| it.role == Role::ZooKeeper, params.min_nodes, &UNMANAGED, cx));
});

fn judge(params: &Params, cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let keys = &["spec", "zookeeper", "replicas"];
    let replicas = object.node().at(keys).filter(|_| cluster.mode != Mode::Kraft);
    let Some(replicas) = replicas else { return Verdict::NotApplicable };
    let Some(nodes) = replicas.as_int() else {
        return Verdict::open("the number of ZooKeeper nodes is a template placeholder");
    };
    if nodes >= params.min_nodes {
        return Verdict::Pass;
    }
    let number = count(nodes, "ZooKeeper node");
    let message = format!("{} has {number}; at least {} are required", object.title(), params.min_nodes);
    let place = object.place(keys);
    let span = place.span;
    let draft = cx
        .fail(object, place, message)
        .evidence("nodes", nodes)
        .evidence("minimum", params.min_nodes)
        .help(help(nodes, params.min_nodes));
    // Where nothing runs it any more, more of it are no remedy.
    if why_refused(cluster).is_some() {
        return draft.merged_into(KafkaZookeeperRemoved::ID, object, span, "nor would so few do").verdict();
    }
    draft.verdict()
}

fn help(nodes: i64, minimum: i64) -> String {
    let why = match nodes {
        0 | 1 => "without a majority of ZooKeeper nodes no partition finds a new leader",
        2 => "2 nodes are worse than 1: both are needed for a majority",
        _ => "the configuration asks for more",
    };
    format!("{why}; set spec.zookeeper.replicas: {minimum}, or migrate to KRaft")
}
