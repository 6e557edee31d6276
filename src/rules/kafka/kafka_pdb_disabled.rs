//! `kafka-pdb-disabled`

use crate::index::kafka::Mode;
use crate::index::{Index, KafkaCluster, PodSetId};
use crate::model::{Object, Place};
use crate::rule::{NoParams, Rule, Walk};
use crate::rules::kafka::KafkaTooFewBrokers;
use crate::rules::words::count;
use crate::yaml::Path;

pub(crate) struct KafkaPdbDisabled;

impl Rule for KafkaPdbDisabled {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-pdb-disabled.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
        let index = cx.index();
        if index.kafka_clusters().is_empty() {
            return;
        }
        let Some(switch) = index.strimzi_budgets_off() else {
            for cluster in index.kafka_clusters() {
                cx.pass(cluster.object);
            }
            return;
        };
        let mut bare: Vec<(&Object, String)> = Vec::new();
        for cluster in index.kafka_clusters() {
            match unprotected(index, cluster) {
                None => cx.not_verifiable(cluster.object, "the number of nodes is a template placeholder"),
                Some(0) => cx.pass(cluster.object),
                Some(1) => {
                    let text = "its operator makes no budgets either: switch them on with the second node";
                    cx.blocked(cluster.object, KafkaTooFewBrokers::ID, cluster.object, switch, text);
                }
                Some(nodes) => bare.push((cluster.object, count(nodes, "node"))),
            }
        }
        let Some(((first, nodes), others)) = bare.split_first() else { return };
        let message =
            format!("the operator is told to make no budgets, and none covers the {nodes} of {}", first.title());
        let place = Place { span: switch, path: Path::of(&["generatePodDisruptionBudget"]) };
        let mut draft = cx.fail(first, place, message).label(first.name_span(), "the cluster without a budget").help(
            "switch them on again, or add a PodDisruptionBudget with an integer minAvailable: the pods' controller has \
             no scale, so that maxUnavailable and percentages do not work",
        );
        for (other, nodes) in others {
            draft = draft.label(other.name_span(), format!("none covers its {nodes} either"));
        }
        });
    }
}

/// How many nodes of a cluster no budget covers; `None` if a number is a template placeholder.
fn unprotected(index: &Index<'_>, cluster: &KafkaCluster<'_>) -> Option<i64> {
    let has_budget = |pods: &[PodSetId]| pods.iter().any(|it| !index.budgets_of(*it).is_empty());
    let mut all = index.kafka_nodes(cluster);
    if cluster.mode != Mode::Kraft {
        all.push(index.zookeeper_nodes(cluster));
    }
    all.iter().filter(|it| !has_budget(&it.pods)).map(|it| it.floor).sum()
}
