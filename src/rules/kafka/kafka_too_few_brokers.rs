//! `kafka-too-few-brokers`

use super::replication::{raise, raise_minimum, raise_minimum_of_transactions};
use super::unmanaged_nodes::{Words, judge_groups};
use crate::index::kafka::settings::{DEFAULT_REPLICATION, OFFSETS_REPLICATION, TRANSACTIONS_REPLICATION};
use crate::index::kafka::{Mode, Pool};
use crate::index::{Chart, Index, KafkaCluster, Role, Standing, Store, Workload};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::count;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_brokers: i64,
}

const UNMANAGED: Words = Words {
    evidence: "brokers",
    nodes: "brokers",
    node: "Kafka broker",
    help: "each broker needs its own identity and its own volume: raise replicas together with both, or adopt an operator",
};

rule!(KafkaTooFewBrokers, "kafka/kafka-too-few-brokers.md", Params, |params, walk| {
    walk.kafka_clusters(|it, cx| judge_cluster(params, it, cx));
    walk.environment(|cx| judge_groups(is_broker, params.min_brokers, &UNMANAGED, cx));
    walk.each(|index| index.chart_releases(), |it, cx| judge_chart(params, it, cx));
});

fn judge_cluster(params: &Params, cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if cluster.uses_pools && cluster.broker_pools().all(Pool::is_empty) {
        return Verdict::NotApplicable; // `kafka-nodepool-missing` reports it.
    }
    if cluster.uses_pools && cx.index().environment().is_fragment && !has_all_roles(cluster) {
        return Verdict::open("more node pools may stand in another file: run on the whole directory");
    }
    let Some(brokers) = cluster.brokers() else {
        return Verdict::open("the number of brokers is a template placeholder");
    };
    if !cluster.uses_pools && object.node().at(&["spec", "kafka", "replicas"]).is_none() {
        return Verdict::NotApplicable; // Required by the resource's own schema: not a matter of availability.
    }
    if brokers >= params.min_brokers {
        return Verdict::Pass;
    }
    let pools: Vec<&Pool<'_>> = cluster.broker_pools().filter(|_| cluster.uses_pools).collect();
    let place = pools.first().map_or_else(|| object.place(&["spec", "kafka", "replicas"]), |it| it.place());
    let has = if pools.iter().any(|it| it.is_autoscaled()) { "goes down to" } else { "has" };
    let message =
        format!("{} {has} {}; at least {} are required", object.title(), count(brokers, "broker"), params.min_brokers);
    let adds = |it: &&Pool<'_>| {
        let nodes = count(it.scale.floor.unwrap_or(0), "broker");
        (it.place().span, format!("pool {} adds {nodes}", it.object.name()))
    };
    let repair = three_brokers(cluster, &pools, params.min_brokers, cx.index());
    cx.fail(object, place, message)
        .evidence("brokers", brokers)
        .evidence("minimum", params.min_brokers)
        .fix(repair)
        .help(help(brokers, params.min_brokers, &pools))
        .labels(pools.iter().skip(1).map(adds))
        .labels(pools.first().map(|_| (object.name_span(), "the cluster that these nodes belong to")))
        .verdict()
}

/// Three brokers, and as many copies as they can hold: where one pool or the resource itself says how many there are.
fn three_brokers(cluster: &KafkaCluster<'_>, pools: &[&Pool<'_>], least: i64, index: &Index<'_>) -> Option<Repair> {
    let object = cluster.object;
    let repair = match pools {
        _ if least != 3 => return None,
        [] if cluster.uses_pools => return None,
        [] => Repair::new().set(object, &["spec", "kafka", "replicas"], 3),
        [pool] if !pool.is_autoscaled() => {
            let repair = Repair::new().set(pool.object, &["spec", "replicas"], 3);
            // The number of voters of a quorum that exists is not changed by adding pods.
            if pool.is_controller { repair.shown_only("the pool's nodes are controllers, too") } else { repair }
        }
        _ => return None,
    };
    let repair = raise(repair, object, DEFAULT_REPLICATION, 3, true);
    let repair = raise_minimum(repair, cluster, index);
    let repair = raise(repair, object, OFFSETS_REPLICATION, 3, false);
    let repair = raise(repair, object, TRANSACTIONS_REPLICATION, 3, false);
    let repair = raise_minimum_of_transactions(repair, cluster);
    Some(repair.effect("existing partitions stay where they are until they are reassigned"))
}

/// Brokers that a chart runs, by its values.
fn judge_chart(params: &Params, chart: &Chart<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = chart.object;
    if chart.store() != Some(Store::Kafka) {
        return Verdict::NotApplicable;
    }
    let (brokers, fact) = match chart.standing(Store::Kafka) {
        Standing::Members(brokers, fact) => (brokers, fact),
        Standing::NoFailover(_) => return Verdict::NotApplicable,
        Standing::Unknown(reason) => return Verdict::open(format!("how many brokers run: {reason}")),
    };
    if brokers == 0 {
        return Verdict::NotApplicable; // Switched off.
    }
    if brokers >= params.min_brokers {
        return Verdict::Pass;
    }
    let (title, number) = (object.title(), count(brokers, "broker"));
    let message = format!("{title} has {number}; at least {} are required: {}", params.min_brokers, fact.words);
    cx.fail(object, fact.place, message)
        .evidence("brokers", brokers)
        .evidence("minimum", params.min_brokers)
        .absent(&[])
        .help("raise it in the values, then the replication factors, and reassign partitions")
        .verdict()
}

/// Whether pools of every role are there, so that they are the whole cluster.
fn has_all_roles(cluster: &KafkaCluster<'_>) -> bool {
    cluster.mode == Mode::ZooKeeper || cluster.controller_pools().next().is_some()
}

fn help(brokers: i64, minimum: i64, pools: &[&Pool<'_>]) -> String {
    let why = match brokers {
        0 => "without brokers nothing is stored or served",
        1 => "every partition has one copy, and any restart of the broker stops all producers and consumers",
        2 => "with one broker down, writes that need two in-sync replicas fail",
        _ => "the configuration asks for more",
    };
    let raise = if pools.iter().any(|it| it.is_autoscaled()) {
        "remove the autoscaler and raise the broker pools' replicas"
    } else if pools.is_empty() {
        "raise spec.kafka.replicas"
    } else {
        "raise the broker pools' replicas"
    };
    format!(
        "{why}; {raise} to {minimum}, then the replication factors, and reassign partitions: \
         existing topics keep their copies where they are"
    )
}

/// Whether a node is a broker, not a controller alone.
fn is_broker(workload: &Workload<'_>) -> bool {
    let roles = ["KAFKA_PROCESS_ROLES", "KAFKA_CFG_PROCESS_ROLES"];
    workload.role == Role::Kafka
        && !workload.containers().any(|it| roles.iter().any(|name| it.env_value(name) == Some("controller")))
}
