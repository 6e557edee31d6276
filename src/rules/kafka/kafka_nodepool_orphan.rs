//! `kafka-nodepool-orphan`

use crate::index::kafka::{CLUSTER_LABEL, STRIMZI};
use crate::model::{Object, Place};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::is_open;

pub(crate) struct KafkaNodepoolOrphan;

impl Rule for KafkaNodepoolOrphan {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-nodepool-orphan.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for pool in cx.index().of_kind(STRIMZI, "KafkaNodePool") {
                check_pool(pool, cx);
            }
        });
    }
}

fn check_pool(pool: &Object, cx: &mut Context<'_>) {
    let place: Place = pool.place(&["metadata", "labels", CLUSTER_LABEL]);
    let title = pool.title();
    let Some(name) = pool.label(CLUSTER_LABEL) else {
        let message = format!("{title} has no label {CLUSTER_LABEL}: it belongs to no cluster");
        cx.fail(pool, place, message).help(format!("add the label {CLUSTER_LABEL} with the name of its Kafka"));
        return;
    };
    if is_open(name) {
        return cx.not_verifiable(pool, "the name of its cluster is a template placeholder");
    }
    if let Some(cluster) = cx.index().cluster_of_pool(pool) {
        if !cx.index().is_ignored_pool(pool) {
            return cx.pass(pool);
        }
        let message = format!("{title} is ignored: {} does not use node pools", cluster.title());
        cx.fail(pool, place, message)
            .label(cluster.name_span(), "it lacks the annotation strimzi.io/node-pools: enabled")
            .help("add the annotation to the Kafka once its nodes are described by pools");
        return;
    }
    let index = cx.index();
    let is_elsewhere = cx.run().with_object(STRIMZI, "Kafka", name).next().is_some();
    // What might be its cluster is judged; where there is no Kafka at all, the pools stand alone.
    let others: Vec<&Object> = index.of_kind(STRIMZI, "Kafka").collect();
    let same_name = index.named(STRIMZI, "Kafka", name);
    if index.environment().is_fragment || (others.is_empty() && !is_elsewhere) || (is_elsewhere && same_name.is_empty())
    {
        return cx.not_verifiable(pool, format!("Kafka {name} is not in the manifests"));
    }
    let message = format!("{title} belongs to Kafka {name}, which is not in its namespace");
    let mut draft = cx.fail(pool, place, message).help("name the cluster, and put the pool into its namespace");
    for other in others.iter().take(3) {
        let namespace = other.namespace().map_or_else(String::new, |it| format!(" in namespace {it}"));
        draft = draft.label(other.name_span(), format!("{}{namespace}", other.title()));
    }
}
