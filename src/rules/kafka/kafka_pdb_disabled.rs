//! `kafka-pdb-disabled`

use crate::index::kafka::Mode;
use crate::index::{Index, KafkaCluster, PodSetId};
use crate::model::{Object, Place};
use crate::rule::{Context, Verdict, rule};
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::words::count;
use crate::source::Span;
use crate::yaml::Path;

rule!(KafkaPdbDisabled, "kafka/kafka-pdb-disabled.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let clusters = index.kafka_clusters();
    let Some(switch) = clusters.first().and_then(|_| index.strimzi_budgets_off()) else {
        return cx.judge_each(clusters, |_, _| Verdict::Pass);
    };
    let mut bare = Vec::new();
    cx.judge_each(clusters, |it, cx| match unprotected(index, it) {
        None => Verdict::open("the number of nodes is a template placeholder"),
        Some(0) => Verdict::Pass,
        Some(1) => {
            let text = "its operator makes no budgets either: switch them on with the second node";
            cx.blocked(it.object, KafkaTooFewBrokers::ID, it.object, switch, text)
        }
        Some(nodes) => {
            bare.push((it.object, count(nodes, "node")));
            Verdict::Fail
        }
    });
    report(&bare, switch, cx);
}));

/// One finding, about the first cluster; its labels are the others.
fn report(bare: &[(&Object, String)], switch: Span, cx: &mut Context<'_>) {
    let Some(((first, nodes), others)) = bare.split_first() else { return };
    let message = format!("the operator is told to make no budgets, and none covers the {nodes} of {}", first.title());
    let place = Place { span: switch, path: Path::of(&["generatePodDisruptionBudget"]) };
    cx.fail(first, place, message)
        .label(first.name_span(), "the cluster without a budget")
        .help(
            "switch them on again, or add a PodDisruptionBudget with an integer minAvailable: the pods' controller has \
             no scale, so that maxUnavailable and percentages do not work",
        )
        .labels(others.iter().map(|(other, nodes)| (other.name_span(), format!("none covers its {nodes} either"))));
}

/// How many nodes of a cluster no budget covers; `None` if a number is a template placeholder.
fn unprotected(index: &Index<'_>, cluster: &KafkaCluster<'_>) -> Option<i64> {
    let has_budget = |pods: &[PodSetId]| pods.iter().any(|it| index.has_budgets(*it));
    let mut all = index.kafka_nodes(cluster);
    if cluster.mode != Mode::Kraft {
        all.push(index.zookeeper_nodes(cluster));
    }
    all.iter().filter(|it| !has_budget(&it.pods)).map(|it| it.floor).sum()
}
