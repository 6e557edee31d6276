//! `kraft-too-few-controllers`

use crate::index::KafkaCluster;
use crate::index::kafka::{Mode, Pool};
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::words::count;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_controllers: i64,
}

rule!(KraftTooFewControllers, "kafka/kraft-too-few-controllers.md", Params, |params, walk| walk
    .kafka_clusters(|it, cx| judge(params, it, cx)));

fn judge(params: &Params, cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let first = cluster.controller_pools().next().filter(|_| cluster.mode != Mode::ZooKeeper);
    let Some(first) = first.filter(|_| !cluster.controller_pools().all(Pool::is_empty)) else {
        return Verdict::NotApplicable; // `kafka-nodepool-missing` reports it.
    };
    if cx.index().environment().is_fragment && cluster.broker_pools().next().is_none() {
        return Verdict::open("more node pools may stand in another file: run on the whole directory");
    }
    let Some(controllers) = cluster.controllers() else {
        return Verdict::open("the number of controllers is a template placeholder");
    };
    if controllers >= params.min_controllers {
        return Verdict::Pass;
    }
    let place = first.place();
    let span = place.span;
    let nodes = count(controllers, "controller");
    let message = format!("{} has {nodes}; at least {} are required", object.title(), params.min_controllers);
    let adds = |it: &Pool<'_>| {
        let nodes = count(it.scale.floor.unwrap_or(0), "controller");
        (it.place().span, format!("pool {} adds {nodes}", it.object.name()))
    };
    let own = Some(object.name_span()).filter(|it| *it != span);
    let draft = cx
        .fail(object, place, message)
        .evidence("controllers", controllers)
        .evidence("minimum", params.min_controllers)
        .help(help(controllers, params.min_controllers))
        .labels(cluster.controller_pools().skip(1).map(adds))
        .labels(own.map(|it| (it, "the cluster that these nodes belong to")));
    if is_the_brokers_story(cluster) {
        let text =
            format!("the same nodes are the controllers: {nodes}; at least {} are required", params.min_controllers);
        return draft.merged_into(KafkaTooFewBrokers::ID, object, span, text).verdict();
    }
    draft.verdict()
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
