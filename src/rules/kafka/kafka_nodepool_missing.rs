//! `kafka-nodepool-missing`

use crate::index::KafkaCluster;
use crate::index::kafka::{CLUSTER_LABEL, Mode, Pool};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KafkaZookeeperRemoved;
use crate::rules::words::count;
use crate::yaml::NodeRef;

rule!(KafkaNodepoolMissing, "kafka/kafka-nodepool-missing.md", |walk| walk.kafka_clusters(|it, cx| match it.mode {
    Mode::ZooKeeper => judge_zookeeper(it, cx),
    Mode::Kraft | Mode::Migration => judge_kraft(it, cx),
}));

/// With ZooKeeper, Strimzi accepts pools whose only role is broker (`NodePoolUtils`, 0.36 to 0.45).
fn judge_zookeeper(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if !cluster.uses_pools {
        return Verdict::NotApplicable;
    }
    for pool in cluster.controller_pools() {
        let title = pool.object.title();
        let name = cluster.object.name();
        cx.fail(
            pool.object,
            pool.object.place(&["spec", "roles"]),
            format!("{title} has role controller, but Kafka {name} uses ZooKeeper"),
        )
        .label(cluster.object.place(&["spec", "zookeeper"]).span, "ZooKeeper keeps the metadata")
        .help("with ZooKeeper the operator accepts only roles: [broker], and refuses the whole cluster");
    }
    if cluster.broker_pools().next().is_none() {
        return missing(cluster, &["broker"], cx);
    }
    if cluster.controller_pools().next().is_some() { Verdict::Fail } else { Verdict::Pass }
}

fn judge_kraft(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let lacks_brokers = cluster.broker_pools().all(Pool::is_empty);
    let lacks_controllers = cluster.controller_pools().all(Pool::is_empty);
    match (lacks_brokers, lacks_controllers) {
        (false, false) => Verdict::Pass,
        (true, true) => missing(cluster, &["broker", "controller"], cx),
        (true, false) => missing(cluster, &["broker"], cx),
        (false, true) => missing(cluster, &["controller"], cx),
    }
}

fn missing(cluster: &KafkaCluster<'_>, roles: &[&str], cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if cx.index().environment().is_fragment {
        return Verdict::open("node pools may stand in another file: run on the whole directory");
    }
    if let Some(maker) = cx.index().unseen_maker_of_pools(object) {
        return Verdict::open(format!("{} may install the node pools", maker.title()));
    }
    let message = match cluster.pools.len() {
        0 => format!("{} has no KafkaNodePool", object.title()),
        pools => {
            let roles = roles.join(" or ");
            format!(
                "{} has no node with role {roles} in its {}",
                object.title(),
                count(i64::try_from(pools).unwrap_or(i64::MAX), "KafkaNodePool")
            )
        }
    };
    let strays = cx.index().stray_pools().take(if cluster.pools.is_empty() { 4 } else { 0 });
    let draft = cx
        .fail(object, object.name_place(), message)
        .evidence("pools", cluster.pools.len())
        .help(format!(
            "the operator refuses the cluster: add a KafkaNodePool with label {CLUSTER_LABEL}: {}, roles: [{}] and \
             replicas",
            object.name(),
            roles.join(", ")
        ))
        .labels(cluster.pools.iter().take(4).map(|it| (it.object.place(&["spec", "roles"]).span, facts(it))))
        .labels(strays.map(|it| (it.place(&["metadata", "labels"]).span, stray(it))));
    if object.node().at(&["spec", "zookeeper"]).is_some() {
        let text = "nor has it the node pools that every operator without ZooKeeper asks for";
        return draft.merged_into(KafkaZookeeperRemoved::ID, object, object.name_span(), text).verdict();
    }
    draft.verdict()
}

/// What there is of a pool.
fn facts(pool: &Pool<'_>) -> String {
    let roles: Vec<&str> = pool.object.node().items_at(&["spec", "roles"]).map(NodeRef::text).collect();
    let nodes = pool.scale.floor.map_or("an unknown number of nodes".to_owned(), |it| count(it, "node"));
    format!("pool {} has {nodes} with role {}", pool.object.name(), roles.join(" and "))
}

/// What is amiss with a pool that belongs to no cluster.
fn stray(pool: &Object) -> String {
    match pool.label(CLUSTER_LABEL) {
        None => format!("this pool has no label {CLUSTER_LABEL}"),
        Some(name) => {
            let namespace = pool.namespace().map(|it| format!(" in namespace {it}")).unwrap_or_default();
            format!("this pool belongs to Kafka {name}{namespace}, which is not there")
        }
    }
}
