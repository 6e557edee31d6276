//! `kafka-anti-affinity-missing`

use crate::finding::RuleId;
use crate::index::kafka::{Mode, Nodes, RackSpread};
use crate::index::{KafkaCluster, Reach};
use crate::model::HOSTNAME;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::kafka::ZookeeperTooFewNodes;
use crate::rules::new_objects::written_name;
use crate::rules::scheduling::SpreadSelectorMismatch;
use crate::rules::scheduling::fault::judge;
use crate::rules::words::{count, list};
use crate::source::Span;
use crate::yaml::{NodeRef, Value};

const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

rule!(KafkaAntiAffinityMissing, "kafka/kafka-anti-affinity-missing.md", |walk| {
    walk.kafka_clusters(judge_kafka);
    walk.kafka_clusters(judge_zookeeper);
});

fn judge_kafka<'a>(cluster: &KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    match index.rack_spread(cluster) {
        RackSpread::Asked(_) => Verdict::Pass,
        RackSpread::Open => Verdict::open(
            "spec.kafka.rack asks for spread before Strimzi 0.49 and not since, and no manifest pins the operator",
        ),
        RackSpread::No => judge_nodes(cluster, &index.kafka_nodes(cluster), "Kafka node", KafkaTooFewBrokers::ID, cx),
    }
}

fn judge_zookeeper<'a>(cluster: &KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    if cluster.mode == Mode::Kraft {
        return Verdict::NotApplicable;
    }
    let nodes = [cx.index().zookeeper_nodes(cluster)];
    judge_nodes(cluster, &nodes, "ZooKeeper node", ZookeeperTooFewNodes::ID, cx)
}

fn judge_nodes<'a>(
    cluster: &KafkaCluster<'a>,
    all: &[Nodes<'a>],
    word: &str,
    too_few: RuleId,
    cx: &mut Context<'a>,
) -> Verdict {
    let object = cluster.object;
    let Some(total) = all.iter().map(|it| it.floor).sum::<Option<i64>>() else {
        return Verdict::open("the number of nodes is a template placeholder");
    };
    if total == 0 {
        return Verdict::NotApplicable; // Node pools are missing, or switched off.
    }
    let is_single = total == 1 || (word == "Kafka node" && cluster.brokers() == Some(1));
    if is_single {
        let text = "it also has no anti-affinity: add it together with the second replica";
        let is_spread = all.iter().any(|it| matches!(state(it, all, cx), State::Spread));
        return if is_spread { Verdict::Pass } else { cx.blocked(object, too_few, object, object.name_span(), text) };
    }
    let mut lone: Vec<&Nodes<'_>> = Vec::new();
    for nodes in all {
        match state(nodes, all, cx) {
            State::Spread => cx.judge(nodes.owner, Verdict::Pass),
            State::Open(reason) => return Verdict::open(reason),
            State::Broken(term) => {
                let carrier = nodes.template.object;
                let text = "nothing else asks to spread these pods";
                cx.blocked(nodes.owner, SpreadSelectorMismatch::ID, carrier, term.place(&["topologyKey"]), text);
            }
            State::Lone => lone.push(nodes),
        }
    }
    let together: i64 = lone.iter().filter_map(|it| it.floor).sum();
    if together < 2 {
        return Verdict::Pass; // One pod beside others that keep apart.
    }
    report(cluster, &lone, together, word, cx)
}

/// What is known of the spread of some nodes.
enum State<'a> {
    Spread,
    Open(&'static str),
    /// A constraint that misses its own pods, which is another rule's finding.
    Broken(NodeRef<'a>),
    Lone,
}

fn state<'a>(nodes: &Nodes<'a>, all: &[Nodes<'a>], cx: &Context<'a>) -> State<'a> {
    if nodes.template.is_open {
        return State::Open("which template counts, the pool's or the cluster's, depends on the operator's release");
    }
    let Some(spec) = nodes.pod_spec() else { return State::Lone };
    if nodes.floor == Some(1) && is_placed_apart(nodes, all) {
        return State::Spread;
    }
    let index = cx.index();
    let terms = index.spread_terms(&spec);
    if terms.iter().any(|it| index.keeps_apart(it)) {
        return State::Spread;
    }
    if terms.iter().any(|it| it.reach == Reach::Unknown) {
        return State::Open("labels or namespaces of a spread constraint are not in the manifests");
    }
    match terms.iter().find(|it| judge(it, &terms, &spec, cx).is_reported()) {
        Some(broken) => State::Broken(broken.node),
        None => State::Lone,
    }
}

/// Whether a node's place is another than that of all other nodes: a pool for each zone, as some have it.
fn is_placed_apart(nodes: &Nodes<'_>, all: &[Nodes<'_>]) -> bool {
    let place = |it: &Nodes<'_>| Some(format!("{:?}", it.template.node?.at(&["affinity", "nodeAffinity"])?));
    let own = place(nodes);
    own.is_some() && all.iter().filter(|it| place(it) == own).count() == 1
}

/// One finding: the templates that need the constraint besides the first are its labels.
fn report(cluster: &KafkaCluster<'_>, lone: &[&Nodes<'_>], together: i64, word: &str, cx: &mut Context<'_>) -> Verdict {
    let Some(template) = lone.first().map(|it| it.template) else { return Verdict::NotApplicable };
    let place = if template.node.is_some() {
        template.object.place(&[template.keys, &["topologySpreadConstraints"]].concat())
    } else {
        template.object.place(template.keys)
    };
    let pools: Vec<String> = lone.iter().filter(|_| cluster.uses_pools).map(|it| it.owner.name().to_owned()).collect();
    let of_pools = match pools.as_slice() {
        _ if word != "Kafka node" || pools.is_empty() => String::new(),
        [one] => format!(" in pool {one}"),
        _ => format!(" in pools {}", list(&pools)),
    };
    let message = format!(
        "{} runs {}{of_pools} and has no anti-affinity or spread constraint over nodes",
        cluster.object.title(),
        count(together, word)
    );
    let name = if word == "Kafka node" { "kafka" } else { "zookeeper" };
    let elsewhere = lone.iter().skip(1).filter(|it| it.template.object.id() != template.object.id());
    cx.fail(cluster.object, place, message)
        .evidence("nodes", together)
        .fix(prefer_nodes_of_their_own(cluster, lone, name))
        .help(format!(
            "add {}.affinity.podAntiAffinity on kubernetes.io/hostname, preferred or required, with strimzi.io/name: \
             {}-{name} as its labels: the operator asks for none by itself",
            template.keys.join("."),
            cluster.object.name()
        ))
        .labels(
            elsewhere.map(|it| {
                (it.template.object.place(it.template.keys).span, format!("here for pool {}", it.owner.name()))
            }),
        )
        .verdict()
}

/// A preference in each template that the operator's release reads.
fn prefer_nodes_of_their_own(cluster: &KafkaCluster<'_>, lone: &[&Nodes<'_>], name: &str) -> Option<Repair> {
    cluster.operator.as_ref()?;
    let labels = Value::map([
        ("strimzi.io/cluster", Value::text(cluster.object.name())),
        ("strimzi.io/name", Value::text(format!("{}-{name}", cluster.object.name()))),
    ]);
    let term =
        Value::map([("topologyKey", Value::text(HOSTNAME)), ("labelSelector", Value::map([("matchLabels", labels)]))]);
    let preference = Value::map([("weight", 100.into()), ("podAffinityTerm", term)]);
    let mut done: Vec<Span> = Vec::new();
    let mut repair = Repair::new();
    for nodes in lone {
        let (object, keys) = (nodes.template.object, nodes.template.keys);
        if done.contains(&object.name_span()) {
            continue;
        }
        done.push(object.name_span());
        let keys: Vec<&'static str> = keys.iter().copied().chain(["affinity", "podAntiAffinity", PREFERRED]).collect();
        repair = repair.push_in(object, object.node(), &keys, preference.clone());
    }
    if written_name(cluster.object) != cluster.object.name() {
        repair = repair.shown_only("a kustomization gives the cluster another name");
    }
    Some(repair.effect(format!("the operator restarts the pods of {}", cluster.object.title())))
}
