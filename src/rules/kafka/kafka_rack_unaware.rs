//! `kafka-rack-unaware`

use crate::index::kafka::{Nodes, RackSpread};
use crate::index::{Index, KafkaCluster};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::kafka::KafkaAntiAffinityMissing;
use crate::rules::words::{count, is_open};

pub(crate) struct KafkaRackUnaware;

/// The number of brokers from which copies can be in different zones and still in sync when one is away.
const ENOUGH: i64 = 3;

cases!(KafkaRackUnaware: UNSPREAD = "unspread");

impl Rule for KafkaRackUnaware {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-rack-unaware.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            // A cluster on one machine has no zones.
            let evidence = cx.index().node_evidence();
            if !evidence.is_empty() && evidence.iter().all(|it| it.maker.is_one_machine()) {
                return;
            }
            if cx.index().config().cluster.zones.is_some_and(|(zones, _)| zones == 1) {
                return;
            }
            for cluster in cx.index().kafka_clusters() {
                check_cluster(cluster, cx);
            }
        });
    }
}

fn check_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    let index = cx.index();
    let Some(brokers) = cluster.brokers() else {
        return cx.not_verifiable(object, "the number of brokers is a template placeholder");
    };
    if brokers < ENOUGH {
        return; // Too few to spread.
    }
    let rack = object.node().at(&["spec", "kafka", "rack"]);
    let own = object.node().at(&["spec", "kafka", "config", "broker.rack"]);
    let Some(rack) = rack else {
        if own.is_some() {
            return cx.pass(object);
        }
        let message = format!(
            "{} does not tell its {} in which zone each is: all copies of a partition may be in one",
            object.title(),
            count(brokers, "broker")
        );
        cx.fail(object, object.place(&["spec", "kafka", "rack"]), message).help(
            "set spec.kafka.rack with topologyKey: topology.kubernetes.io/zone, and spread the brokers over the zones",
        );
        return;
    };
    let Some(key) = rack.str_at(&["topologyKey"]) else { return cx.pass(object) };
    if is_open(key) {
        return cx.not_verifiable(object, "the rack's topologyKey is a template placeholder");
    }
    match index.rack_spread(cluster) {
        RackSpread::Asked(_) => cx.pass(object),
        RackSpread::Open => cx.not_verifiable(object, "whether the rack spreads depends on the operator's release"),
        RackSpread::No => check_spread(cluster, key, cx),
    }
}

/// Racks put copies apart only as far as the brokers are.
fn check_spread(cluster: &KafkaCluster<'_>, key: &str, cx: &mut Context<'_>) {
    let object = cluster.object;
    let index = cx.index();
    let brokers: Vec<Nodes<'_>> = index
        .kafka_nodes(cluster)
        .into_iter()
        .filter(|it| !cluster.uses_pools || cluster.broker_pools().any(|pool| pool.object.id() == it.owner.id()))
        .collect();
    let mut lone = brokers.iter().filter(|it| !is_spread_by(index, it, key));
    let Some(first) = lone.next() else { return cx.pass(object) };
    let place = object.place(&["spec", "kafka", "rack"]);
    let asks = |it: &Nodes<'_>| {
        it.pod_spec().is_some_and(|spec| index.spread_terms(&spec).iter().any(|it| index.keeps_apart(it)))
    };
    if !asks(first) {
        let text = "since Strimzi 0.49 the rack asks for no spread by itself";
        cx.blocked(object, KafkaAntiAffinityMissing::ID, object, place.span, text);
        return;
    }
    let message = format!("{} tells racks by {key}, and nothing spreads the brokers over them", object.title());
    cx.fail(object, place, message)
        .case(UNSPREAD)
        .label(first.template.object.place(first.template.keys).span, "spread by another key only")
        .help(format!(
            "since Strimzi 0.49 the operator asks for none by itself: add a topologySpreadConstraint on {key} with \
             strimzi.io/name: {}-kafka as its labels",
            object.name()
        ));
}

/// Whether some nodes are spread over racks, or placed in one by hand.
fn is_spread_by(index: &Index<'_>, nodes: &Nodes<'_>, key: &str) -> bool {
    let Some(spec) = nodes.pod_spec() else { return false };
    let required = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
    let mut expressions = spec.node.items_at(&required).flat_map(|it| it.items_at(&["matchExpressions"]));
    let is_placed = expressions.any(|it| it.str_at(&["key"]) == Some(key));
    let mut terms = index.spread_terms(&spec).into_iter();
    is_placed || terms.any(|it| it.key == Some(key) && index.keeps_apart(&it))
}
