//! `topology-key-deprecated`

use super::beside_the_system::is_ignored;
use crate::index::postgres::Flavor;
use crate::index::{PodSpec, PostgresCluster};
use crate::model::{Object, Place, node_demand, products};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::repairs::restarts_some;
use crate::rules::words::is_open;
use crate::yaml::{NodeRef, Value};

/// Labels of before Kubernetes 1.17 and 1.14, with their successors.
const FORMER: &[(&str, &str)] = &[
    ("failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"),
    ("failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"),
    ("beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"),
    ("beta.kubernetes.io/arch", "kubernetes.io/arch"),
    ("beta.kubernetes.io/os", "kubernetes.io/os"),
];

rule!(TopologyKeyDeprecated, "scheduling/topology-key-deprecated.md", |walk| {
    walk.pod_specs(judge);
    walk.of_kinds(RACKS, judge_rack);
    walk.postgres_clusters(judge_database);
});

/// Strimzi's resources whose pods learn their zone from a label of their node.
const RACKS: &[(&str, &str)] = &[
    (products::STRIMZI, "Kafka"),
    (products::STRIMZI, "KafkaConnect"),
    (products::STRIMZI, "KafkaMirrorMaker2"),
    (products::STRIMZI, "KafkaBridge"),
];

/// The operator reads the label of the node before a broker starts, and without one the broker does not start
/// (strimzi-kafka-operator, `InitWriter.java`).
fn judge_rack(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let keys: [&[&str]; 2] = [&["spec", "kafka", "rack", "topologyKey"], &["spec", "rack", "topologyKey"]];
    let Some(at) = keys.into_iter().find(|it| object.node().at(it).is_some()) else { return Verdict::NotApplicable };
    judge_key(object, at, cx)
}

/// CloudNativePG keeps its instances apart by a key of its own.
fn judge_database(database: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let keys = ["spec", "affinity", "topologyKey"];
    if database.flavor != Flavor::Cnpg || database.object.node().at(&keys).is_none() {
        return Verdict::NotApplicable;
    }
    judge_key(database.object, &keys, cx)
}

/// One key of one field.
fn judge_key(object: &Object, at: &[&str], cx: &mut Context<'_>) -> Verdict {
    let key = object.node().str_at(at).unwrap_or_default();
    if is_open(key) {
        return Verdict::open("the topologyKey is a template placeholder");
    }
    let Some((_, successor)) = FORMER.iter().find(|it| it.0 == key && !cx.index().node_carries(key)) else {
        return Verdict::Pass;
    };
    let repair = object.node().at(at).map(|it| Repair::new().replace(object, it, Value::text(*successor)));
    cx.fail(object, object.place(at), message(object, key, successor)).help(HELP).fix(repair).verdict()
}

fn message(object: &Object, key: &str, successor: &str) -> String {
    format!("{} goes by the node label {key}, whose name is {successor} today", object.title())
}

const HELP: &str = "nodes that carry the new label alone do not count, so that nothing is spread, or pods stay pending: \
                    use the new name";

fn judge<'a>(spec: &PodSpec<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), spec.object);
    if is_ignored(object, cx) {
        return Verdict::NotApplicable;
    }
    let mut found: Vec<(&str, &str, NodeRef<'_>, Place)> = Vec::new();
    let terms = cx.spread_terms(spec);
    for term in terms.iter() {
        let former = FORMER.iter().find(|it| term.key == Some(it.0));
        found.extend(former.map(|it| (it.0, it.1, term.node, object.place_in(term.node, &["topologyKey"]))));
    }
    for (key, successor) in FORMER {
        let demand = node_demand(spec.node, |it| it.key == *key);
        found.extend(demand.map(|it| (*key, *successor, it.at, object.place_in(it.at, &[it.shown]))));
    }
    found.retain(|it| !index.node_carries(it.0));
    let Some((key, successor, _, place)) = found.first().cloned() else {
        let has_labels = !terms.is_empty() || node_demand(spec.node, |_| true).is_some();
        return match terms.iter().any(|it| it.key.is_some_and(is_open)) {
            true => Verdict::open("a topologyKey is a template placeholder"),
            false if has_labels => Verdict::Pass,
            false => Verdict::NotApplicable,
        };
    };
    let repair = found.iter().try_fold(Repair::new(), |repair, (key, successor, node, _)| {
        let (map, own) = (*node, node.get("topologyKey").or_else(|| node.get("key")));
        match own.filter(|it| it.text() == *key) {
            Some(own) => Some(repair.replace(object, own, Value::text(*successor))),
            None => map.get(key).map(|_| repair.rename_in(object, map, key, *successor)),
        }
    });
    let repair = repair.map(|it| it.effect(restarts_some(object)));
    let mut draft = cx.fail(object, place, message(object, key, successor)).help(HELP).fix(repair);
    for (key, _, _, place) in found.iter().skip(1).take(4) {
        draft = draft.label(place.span, format!("{key}, too"));
    }
    draft.verdict()
}
