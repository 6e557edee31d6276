//! `kafka-storage-ephemeral`

use crate::index::kafka::{Mode, STRIMZI};
use crate::index::{Role, Store, Workload};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::chart_values;
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;

pub(crate) struct KafkaStorageEphemeral;

impl Rule for KafkaStorageEphemeral {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-storage-ephemeral.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for chart in cx.index().chart_releases() {
                if let Some(store @ (Store::Kafka | Store::Redpanda)) = chart.store() {
                    chart_values::check_persistence(chart, store, "broker", cx);
                }
            }
            for cluster in cx.index().kafka_clusters() {
                let object = cluster.object;
                if !cluster.uses_pools {
                    check_storage(object, &["spec", "kafka", "storage"], object.title().as_str(), "broker", cx);
                }
                if cluster.mode != Mode::Kraft {
                    let title = format!("ZooKeeper of {}", object.title());
                    check_storage(object, &["spec", "zookeeper", "storage"], &title, "ZooKeeper node", cx);
                }
            }
            for pool in cx.index().of_kind(STRIMZI, "KafkaNodePool") {
                // A pool that the operator ignores, or that runs nothing, keeps no data.
                if !cx.index().is_ignored_pool(pool) && pool.node().int_at(&["spec", "replicas"]) != Some(0) {
                    check_storage(pool, &["spec", "storage"], &pool.title(), node_word(pool), cx);
                }
            }
            let nodes = cx.index().workloads().iter().filter(|it| it.role.is_kafka());
            for workload in nodes.filter(|it| it.kind.is_replicated() && !it.is_switched_off()) {
                check_workload(workload, cx);
            }
        });
    }
}

/// Judges nodes without an operator: whatever folder they use, something has to outlive the pod.
fn check_workload(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let object = workload.object;
    let Some(template) = workload.template else { return };
    if object.node().items_at(&["spec", "volumeClaimTemplates"]).next().is_some() {
        return cx.pass(object);
    }
    let files = ["configMap", "secret", "projected", "downwardAPI"];
    let is_temporary = |it: &NodeRef<'_>| it.get("emptyDir").is_some() || it.get("ephemeral").is_some();
    let volumes: Vec<NodeRef<'_>> = template.volumes().collect();
    let others = volumes.iter().filter(|it| !files.iter().any(|key| it.get(key).is_some()));
    let (temporary, kept): (Vec<NodeRef<'_>>, Vec<NodeRef<'_>>) = others.partition(|it| is_temporary(it));
    if !kept.is_empty() {
        return cx.pass(object);
    }
    let node = if workload.role == Role::Kafka { "broker" } else { "ZooKeeper node" };
    let message = format!("no volume of {} outlives its pod: a {node} that moves loses its data", object.title());
    let mut draft = cx.fail(object, object.place(&["spec", "template", "spec", "volumes"]), message).help(
        "run it as a StatefulSet with volumeClaimTemplates for its data folder; a restart with an empty disk has to copy \
         all partitions again, and loses those that have no other copy",
    );
    for volume in temporary.iter().take(1) {
        draft = draft.label(volume.place(&["name"]), "gone with the pod");
    }
}

/// What the nodes of a pool are called.
fn node_word(pool: &Object) -> &'static str {
    let has = |role: &str| pool.node().items_at(&["spec", "roles"]).any(|it| it.text() == role);
    if has("broker") { "broker" } else { "controller" }
}

/// Judges a storage; one that is absent is refused by the operator, and not ephemeral.
fn check_storage(object: &Object, keys: &[&str], title: &str, node_word: &str, cx: &mut Context<'_>) {
    let Some(storage) = object.node().at(keys) else { return };
    let kind = storage.at(&["type"]).map(NodeRef::text).unwrap_or_default();
    if is_open(kind) {
        return cx.not_verifiable(object, "the type of the storage is a template placeholder");
    }
    let help = help(keys);
    match kind {
        "ephemeral" => {
            let message = format!("{title} keeps its data in ephemeral storage: a {node_word} that moves loses it");
            cx.fail(object, object.place_in(storage, &["type"]), message).help(help);
        }
        "jbod" => {
            let volumes: Vec<NodeRef<'_>> = storage.items_at(&["volumes"]).collect();
            let is_ephemeral = |it: &&NodeRef<'_>| it.str_at(&["type"]) == Some("ephemeral");
            let lost: Vec<NodeRef<'_>> = volumes.iter().filter(is_ephemeral).copied().collect();
            let Some((first, others)) = lost.split_first() else { return cx.pass(object) };
            let ids: Vec<String> = lost.iter().map(|it| volume_name(*it)).collect();
            let message = format!(
                "{title} keeps data on {} of {} volumes in ephemeral storage ({}): a {node_word} that moves loses it",
                lost.len(),
                volumes.len(),
                list(&ids)
            );
            let mut draft = cx.fail(object, object.place_in(*first, &["type"]), message).help(help);
            for (volume, id) in others.iter().zip(&ids[1..]) {
                draft = draft.label(volume.place(&["type"]), format!("{id} is ephemeral, too"));
            }
        }
        "persistent-claim" => cx.pass(object),
        _ => {}
    }
}

fn volume_name(volume: NodeRef<'_>) -> String {
    volume.at(&["id"]).map_or_else(|| "a volume without id".to_owned(), |it| format!("volume {}", it.text()))
}

fn help(keys: &[&str]) -> &'static str {
    match keys {
        ["spec", "zookeeper", ..] => {
            "with a majority of the pods gone at once the metadata of the whole cluster is gone; the operator does not \
             change the type of existing storage, so migrate to KRaft with persistent-claim storage"
        }
        ["spec", "kafka", ..] => {
            "a drain or a rolling node upgrade empties the broker, and all its partitions are copied again or lost; \
             the operator does not change the type of existing storage: create the cluster with type: \
             persistent-claim, or jbod of such volumes"
        }
        _ => {
            "a drain or a rolling node upgrade empties the node; the operator does not change the type of an existing \
             pool's storage: add a pool with type: persistent-claim, or jbod of such volumes, move the partitions to \
             it, and remove this one"
        }
    }
}
