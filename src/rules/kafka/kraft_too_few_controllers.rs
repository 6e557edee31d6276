//! `kraft-too-few-controllers`

use crate::index::KafkaCluster;
use crate::index::kafka::{Mode, Pool};
use crate::rule::{Context, Rule, Walk};
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::words::count;
use serde::Deserialize;

pub(crate) struct KraftTooFewControllers;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_controllers: i64,
}

impl Rule for KraftTooFewControllers {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kraft-too-few-controllers.md");
    type Params = Params;

    fn check(params: &Params, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters().iter().filter(|it| it.mode != Mode::ZooKeeper) {
                check_cluster(params, cluster, cx);
            }
        });
    }
}

fn check_cluster(params: &Params, cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    let Some(pool) = cluster.controller_pools().next().filter(|_| !cluster.controller_pools().all(Pool::is_empty))
    else {
        return; // `kafka-nodepool-missing` reports it.
    };
    if cx.index().environment().is_fragment && cluster.broker_pools().next().is_none() {
        return cx.not_verifiable(object, "more node pools may stand in another file: run on the whole directory");
    }
    let Some(controllers) = cluster.controllers() else {
        return cx.not_verifiable(object, "the number of controllers is a template placeholder");
    };
    if controllers >= params.min_controllers {
        return cx.pass(object);
    }
    let place = pool.place();
    let nodes = count(controllers, "controller");
    let message = format!("{} has {nodes}; at least {} are required", object.title(), params.min_controllers);
    let first = place.span;
    let mut draft = cx
        .fail(object, place, message)
        .evidence("controllers", controllers)
        .evidence("minimum", params.min_controllers)
        .help(help(controllers, params.min_controllers));
    for pool in cluster.controller_pools().skip(1) {
        let nodes = count(pool.scale.floor.unwrap_or(0), "controller");
        draft = draft.label(pool.place().span, format!("pool {} adds {nodes}", pool.object.name()));
    }
    if first != object.name_span() {
        draft = draft.label(object.name_span(), "the cluster that these nodes belong to");
    }
    if is_the_brokers_story(cluster) {
        let text =
            format!("the same nodes are the controllers: {nodes}; at least {} are required", params.min_controllers);
        draft.merged_into(KafkaTooFewBrokers::ID, object, first, text);
    }
}

/// Whether the controllers are exactly the brokers, so that too few of one is too few of the other.
fn is_the_brokers_story(cluster: &KafkaCluster<'_>) -> bool {
    cluster.pools.iter().all(|it| it.is_broker == it.is_controller)
}

fn help(controllers: i64, minimum: i64) -> String {
    let why = match controllers {
        0 | 1 => "while the controller restarts no partition finds a new leader",
        2 => "2 controllers are worse than 1: both are needed for a majority",
        _ => "the configuration asks for more",
    };
    format!(
        "{why}; Strimzi does not add controllers to a running quorum (KAFKA-16538), so plan {minimum} from the start"
    )
}
