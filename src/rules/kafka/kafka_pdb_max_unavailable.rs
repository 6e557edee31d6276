//! `kafka-pdb-max-unavailable`

use crate::finding::Safety;
use crate::index::kafka::Mode;
use crate::index::{Cleaner, KafkaCluster};
use crate::model::{Object, whole_number};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::words::{count, is_open};
use crate::yaml::NodeRef;

cases!(KafkaPdbMaxUnavailable: NOT_NEEDED = "not-needed");

rule!(KafkaPdbMaxUnavailable, "kafka/kafka-pdb-max-unavailable.md", |walk| {
    walk.kafka_clusters(judge_kafka);
    walk.kafka_clusters(judge_zookeeper);
});

fn judge_kafka<'a>(cluster: &KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let nodes = cx.index().kafka_nodes(cluster).iter().map(|it| it.floor).sum();
    judge_part(cluster, &KAFKA, nodes, tolerances(cluster), cx)
}

fn judge_zookeeper(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.mode == Mode::Kraft {
        return Verdict::NotApplicable;
    }
    let nodes = cluster.zookeepers();
    judge_part(cluster, &ZOOKEEPER, nodes, vec![Bound::quorum(nodes, "ZooKeeper node")], cx)
}

/// A part of the resource with a budget of its own.
struct Part {
    keys: &'static [&'static str],
    nodes: &'static str,
}

const KAFKA: Part =
    Part { keys: &["spec", "kafka", "template", "podDisruptionBudget", "maxUnavailable"], nodes: "Kafka node" };
const ZOOKEEPER: Part =
    Part { keys: &["spec", "zookeeper", "template", "podDisruptionBudget", "maxUnavailable"], nodes: "ZooKeeper node" };

/// How many nodes may be away at once.
struct Bound {
    most: i64,
    why: String,
}

impl Bound {
    /// A quorum of this many needs more than half of them.
    fn quorum(nodes: Option<i64>, node: &str) -> Option<Bound> {
        let nodes = nodes?;
        let most = (nodes - 1).max(0) / 2;
        let why = format!("{} can do without {most}", count(nodes, node));
        Some(Bound { most, why })
    }
}

/// What the brokers' data and the controllers' quorum can do without; `None` stands for a number filled in later.
fn tolerances(cluster: &KafkaCluster<'_>) -> Vec<Option<Bound>> {
    let mut bounds = Vec::new();
    if cluster.mode != Mode::ZooKeeper && cluster.controller_pools().next().is_some() {
        bounds.push(Bound::quorum(cluster.controllers(), "controller"));
    }
    let config = |key: &str| {
        let node = cluster.object.node().at(&["spec", "kafka", "config", key]);
        // Numbers are as often written as texts. Both settings are 1 by default.
        node.map_or(Some(1), |it: NodeRef<'_>| whole_number(it.text()))
    };
    let (factor, minimum) = (config("default.replication.factor"), config("min.insync.replicas"));
    bounds.push(factor.zip(minimum).map(|(factor, minimum)| Bound {
        most: factor - minimum,
        why: format!("{factor} copies of which {minimum} must be in sync can do without {}", factor - minimum),
    }));
    bounds
}

fn judge_part(
    cluster: &KafkaCluster<'_>,
    part: &Part,
    nodes: Option<i64>,
    bounds: Vec<Option<Bound>>,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = cluster.object;
    // The default of 1 is right; where it is not, the rules on replication say so.
    let Some(written) = object.node().at(part.keys) else { return Verdict::Pass };
    if cx.index().strimzi_budgets_off().is_some() {
        return Verdict::NotApplicable; // The template describes a budget that nobody makes.
    }
    let Some(value) = written.as_int() else {
        if is_open(written.text()) {
            return Verdict::open("maxUnavailable is a template placeholder");
        }
        return Verdict::NotApplicable; // The resource's own schema wants a number.
    };
    if value == 0 {
        let allows_one =
            nodes.is_some_and(|it| it >= 2) && bounds.iter().all(|it| it.as_ref().is_some_and(|it| it.most >= 1));
        let repair = allows_one.then(|| Repair::new().set(object, part.keys, 1));
        return judge_zero(object, part, repair, cx);
    }
    let has_all =
        !cluster.uses_pools || (cluster.mode == Mode::ZooKeeper || cluster.controller_pools().next().is_some());
    if value > 1 && !has_all {
        return Verdict::open("node pools of the cluster are not in the manifests");
    }
    let is_unknown = nodes.is_none() || bounds.iter().any(Option::is_none);
    // One that allows nothing at all is the finding of the rules on replicas and on replication.
    let mut broken: Vec<Bound> = bounds.into_iter().flatten().filter(|it| it.most > 0 && it.most < value).collect();
    broken.sort_by_key(|it| it.most);
    if let Some(strictest) = broken.first() {
        let most = strictest.most;
        let why: Vec<String> = broken.iter().map(|it| it.why.clone()).collect();
        return too_many(object, part, value, most, &why.join(", "), cx);
    }
    if let Some(nodes) = nodes.filter(|it| *it >= 2 && value >= *it) {
        return too_many(object, part, value, 1, &format!("there are {}", count(nodes, part.nodes)), cx);
    }
    if is_unknown {
        return Verdict::open("the number of nodes, or a replication factor, is a template placeholder");
    }
    Verdict::Pass
}

fn too_many(object: &Object, part: &Part, value: i64, most: i64, why: &str, cx: &mut Context<'_>) -> Verdict {
    let nodes = count(value, part.nodes);
    let message = format!("the budget of {} lets {nodes} go at once: {why}", object.title());
    cx.fail(object, object.place(part.keys), message)
        .evidence("max-unavailable", value)
        .evidence("tolerated", most)
        .fix(Repair::new().set(object, part.keys, 1).at_most(Safety::Unsafe))
        .help(if most == 1 {
            "remove maxUnavailable: the default of 1 is right".to_owned()
        } else {
            format!("remove maxUnavailable, or set {most} at most: the default of 1 is right")
        })
        .verdict()
}

/// With 0 every eviction is refused, which is right only for a Drain Cleaner that relies on it.
fn judge_zero(object: &Object, part: &Part, repair: Option<Repair>, cx: &mut Context<'_>) -> Verdict {
    if cx.index().environment().is_fragment {
        return Verdict::open("a Drain Cleaner that moves the pods may stand in another file");
    }
    if cx.index().strimzi_drain_cleaner() == Some(Cleaner::Denies) {
        let message =
            format!("the budget of {} allows no eviction, which its Drain Cleaner needs no longer", object.title());
        return cx
            .fail(object, object.place(part.keys), message)
            .case(NOT_NEEDED)
            .help(
                "remove maxUnavailable: the Drain Cleaner refuses evictions by itself, and without it the default of 1 \
                 lets drains go on",
            )
            .verdict();
    }
    if cx.once_in_run("has a drain cleaner", |it| it.strimzi_drain_cleaner().is_some()) {
        return Verdict::Pass;
    }
    let message =
        format!("the budget of {} allows no eviction: every drain of a node with such a pod blocks", object.title());
    cx.fail(object, object.place(part.keys), message)
        .evidence("max-unavailable", 0)
        // Also where a Drain Cleaner is elsewhere one pod may go at a time, as by default.
        .fix(repair)
        .heuristic()
        .help(
            "remove maxUnavailable, so that one pod may go at a time, or install the Strimzi Drain Cleaner, which \
             moves the pods of a node that is drained; no manifest here shows one",
        )
        .verdict()
}
