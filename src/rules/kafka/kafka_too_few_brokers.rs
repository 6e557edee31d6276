//! `kafka-too-few-brokers`

use super::who_runs;
use crate::index::kafka::{Mode, Pool};
use crate::index::{Chart, KafkaCluster, Role, Standing, Store, Workload};
use crate::rule::{Context, Rule, Walk};
use crate::rules::words::count;
use serde::Deserialize;

pub(crate) struct KafkaTooFewBrokers;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_brokers: i64,
}

impl Rule for KafkaTooFewBrokers {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-too-few-brokers.md");
    type Params = Params;

    fn check(params: &Params, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters() {
                check_cluster(params, cluster, cx);
            }
            check_self_managed(params, cx);
            for chart in cx.index().chart_releases().iter().filter(|it| it.store() == Some(Store::Kafka)) {
                check_chart(params, chart, cx);
            }
        });
    }
}

fn check_cluster(params: &Params, cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    if cluster.uses_pools && cluster.broker_pools().all(Pool::is_empty) {
        return; // `kafka-nodepool-missing` reports it.
    }
    if cluster.uses_pools && cx.index().environment().is_fragment && !has_all_roles(cluster) {
        return cx.not_verifiable(object, "more node pools may stand in another file: run on the whole directory");
    }
    let Some(brokers) = cluster.brokers() else {
        return cx.not_verifiable(object, "the number of brokers is a template placeholder");
    };
    if !cluster.uses_pools && object.node().at(&["spec", "kafka", "replicas"]).is_none() {
        return; // Required by the resource's own schema: not a matter of availability.
    }
    if brokers >= params.min_brokers {
        return cx.pass(object);
    }
    let pools: Vec<&Pool<'_>> = cluster.broker_pools().filter(|_| cluster.uses_pools).collect();
    let place = pools.first().map_or_else(|| object.place(&["spec", "kafka", "replicas"]), |it| it.place());
    let has = if pools.iter().any(|it| it.is_autoscaled()) { "goes down to" } else { "has" };
    let message =
        format!("{} {has} {}; at least {} are required", object.title(), count(brokers, "broker"), params.min_brokers);
    let mut draft = cx
        .fail(object, place, message)
        .evidence("brokers", brokers)
        .evidence("minimum", params.min_brokers)
        .help(help(brokers, params.min_brokers, &pools));
    for pool in pools.iter().skip(1) {
        let nodes = count(pool.scale.floor.unwrap_or(0), "broker");
        draft = draft.label(pool.place().span, format!("pool {} adds {nodes}", pool.object.name()));
    }
    if !pools.is_empty() {
        draft.label(object.name_span(), "the cluster that these nodes belong to");
    }
}

/// Brokers that a chart runs, by its values.
fn check_chart(params: &Params, chart: &Chart<'_>, cx: &mut Context<'_>) {
    let object = chart.object;
    let (brokers, fact) = match chart.standing(Store::Kafka) {
        Standing::Members(brokers, fact) => (brokers, fact),
        Standing::NoFailover(_) => return,
        Standing::Unknown(reason) => return cx.not_verifiable(object, format!("how many brokers run: {reason}")),
    };
    if brokers == 0 {
        return; // Switched off.
    }
    if brokers >= params.min_brokers {
        return cx.pass(object);
    }
    let (title, number) = (object.title(), count(brokers, "broker"));
    let message = format!("{title} has {number}; at least {} are required: {}", params.min_brokers, fact.words);
    let draft =
        cx.fail(object, fact.place, message).evidence("brokers", brokers).evidence("minimum", params.min_brokers);
    draft.absent(&[]).help("raise it in the values, then the replication factors, and reassign partitions");
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

/// Brokers without an operator count together by release or namespace: each may be a workload of its own.
fn check_self_managed(params: &Params, cx: &mut Context<'_>) {
    let index = cx.index();
    let brokers: Vec<&Workload<'_>> =
        index.workloads().iter().filter(|it| it.role == Role::Kafka && is_broker(it)).collect();
    for group in index.by_release(brokers) {
        let Some(first) = group.first() else { continue };
        let Some(total) = group.iter().map(|it| it.scale.floor).sum::<Option<i64>>() else {
            cx.not_verifiable(first.object, "the number of brokers is a template placeholder");
            continue;
        };
        if total == 0 {
            continue; // Switched off.
        }
        if total >= params.min_brokers {
            cx.pass(first.object);
            continue;
        }
        let message = format!(
            "{}; at least {} are required",
            who_runs(&group, &count(total, "Kafka broker")),
            params.min_brokers
        );
        let mut draft = cx
            .fail(first.object, first.scale_place(), message)
            .evidence("brokers", total)
            .evidence("minimum", params.min_brokers)
            .help("each broker needs its own identity and its own volume: raise replicas together with both, or adopt an operator");
        for other in &group[1..] {
            draft = draft.label(other.scale_place().span, format!("{} is counted too", other.object.title()));
        }
    }
}

/// Whether a node without an operator is a broker, not a controller alone.
fn is_broker(workload: &Workload<'_>) -> bool {
    let roles = ["KAFKA_PROCESS_ROLES", "KAFKA_CFG_PROCESS_ROLES"];
    !workload.containers().any(|it| roles.iter().any(|name| it.env_value(name) == Some("controller")))
}
