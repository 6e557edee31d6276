//! `kafka-rack-unaware`

use crate::index::kafka::{Nodes, RackSpread};
use crate::index::{Index, KafkaCluster, ZONE};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::kafka::KafkaAntiAffinityMissing;
use crate::rules::words::{count, is_open};
use crate::yaml::Value;

/// The number of brokers from which copies can be in different zones and still in sync when one is away.
const ENOUGH: i64 = 3;

cases!(KafkaRackUnaware: UNSPREAD = "unspread");

rule!(KafkaRackUnaware, "kafka/kafka-rack-unaware.md", |walk| walk.kafka_clusters(judge));

/// Whether there is nothing to spread over: one machine, or one zone.
fn has_one_zone(index: &Index<'_>) -> bool {
    let evidence = index.node_evidence();
    let is_one_machine = !evidence.is_empty() && evidence.iter().all(|it| it.maker.is_one_machine());
    is_one_machine || index.config().cluster.zones.is_some_and(|(zones, _)| zones == 1)
}

fn judge<'a>(cluster: &KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = cluster.object;
    let index = cx.index();
    if has_one_zone(index) {
        return Verdict::NotApplicable;
    }
    let Some(brokers) = cluster.brokers() else {
        return Verdict::open("the number of brokers is a template placeholder");
    };
    if brokers < ENOUGH {
        return Verdict::NotApplicable; // Too few to spread.
    }
    let rack = object.node().at(&["spec", "kafka", "rack"]);
    let own = object.node().at(&["spec", "kafka", "config", "broker.rack"]);
    let Some(rack) = rack else {
        if own.is_some() {
            return Verdict::Pass;
        }
        let message = format!(
            "{} does not tell its {} in which zone each is: all copies of a partition may be in one",
            object.title(),
            count(brokers, "broker")
        );
        let knows_zones = index.domains(ZONE).is_some();
        let repair = Repair::new().set(object, &["spec", "kafka", "rack", "topologyKey"], Value::text(ZONE));
        let repair = if knows_zones { repair } else { repair.shown_only("whether the nodes have zones is not known") };
        return cx
            .fail(object, object.place(&["spec", "kafka", "rack"]), message)
            .fix(repair.effect("the operator restarts the brokers one by one"))
            .help(
                "set spec.kafka.rack with topologyKey: topology.kubernetes.io/zone, and spread the brokers over the \
                 zones",
            )
            .verdict();
    };
    let Some(key) = rack.str_at(&["topologyKey"]) else { return Verdict::Pass };
    if is_open(key) {
        return Verdict::open("the rack's topologyKey is a template placeholder");
    }
    match index.rack_spread(cluster) {
        RackSpread::Asked(_) => Verdict::Pass,
        RackSpread::Open => Verdict::open("whether the rack spreads depends on the operator's release"),
        RackSpread::No => judge_spread(cluster, key, cx),
    }
}

/// Racks put copies apart only as far as the brokers are.
fn judge_spread<'a>(cluster: &KafkaCluster<'a>, key: &str, cx: &mut Context<'a>) -> Verdict {
    let object = cluster.object;
    let index = cx.index();
    let brokers: Vec<Nodes<'_>> = index
        .kafka_nodes(cluster)
        .into_iter()
        .filter(|it| !cluster.uses_pools || cluster.broker_pools().any(|pool| pool.object.id() == it.owner.id()))
        .collect();
    let mut lone = brokers.iter().filter(|it| !is_spread_by(index, it, key));
    let Some(first) = lone.next() else { return Verdict::Pass };
    let place = object.place(&["spec", "kafka", "rack"]);
    let asks = |it: &Nodes<'_>| {
        it.pod_spec().is_some_and(|spec| index.spread_terms(&spec).iter().any(|it| index.keeps_apart(it)))
    };
    if !asks(first) {
        let text = "since Strimzi 0.49 the rack asks for no spread by itself";
        return cx.blocked(object, KafkaAntiAffinityMissing::ID, object, place.span, text);
    }
    let message = format!("{} tells racks by {key}, and nothing spreads the brokers over them", object.title());
    cx.fail(object, place, message)
        .case(UNSPREAD)
        .label(first.template.object.place(first.template.keys).span, "spread by another key only")
        .help(format!(
            "since Strimzi 0.49 the operator asks for none by itself: add a topologySpreadConstraint on {key} with \
             strimzi.io/name: {}-kafka as its labels",
            object.name()
        ))
        .verdict()
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
