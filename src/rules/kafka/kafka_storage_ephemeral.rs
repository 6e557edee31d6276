//! `kafka-storage-ephemeral`

use crate::index::kafka::{Mode, STRIMZI};
use crate::index::{Chart, KafkaCluster, Role, Store, Workload};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::chart_values;
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;

rule!(KafkaStorageEphemeral, "kafka/kafka-storage-ephemeral.md", |walk| {
    walk.each(|index| index.chart_releases(), judge_chart);
    walk.kafka_clusters(judge_kafka);
    walk.kafka_clusters(judge_zookeeper);
    walk.of_kinds(&[(STRIMZI, "KafkaNodePool")], judge_pool);
    walk.workloads(judge_workload);
});

fn judge_chart(chart: &Chart<'_>, cx: &mut Context<'_>) -> Verdict {
    match chart.store() {
        Some(store @ (Store::Kafka | Store::Redpanda)) => chart_values::judge_persistence(chart, store, "broker", cx),
        _ => Verdict::NotApplicable,
    }
}

fn judge_kafka(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.uses_pools {
        return Verdict::NotApplicable;
    }
    judge_storage(cluster.object, &["spec", "kafka", "storage"], &cluster.object.title(), "broker", cx)
}

fn judge_zookeeper(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.mode == Mode::Kraft {
        return Verdict::NotApplicable;
    }
    let title = format!("ZooKeeper of {}", cluster.object.title());
    judge_storage(cluster.object, &["spec", "zookeeper", "storage"], &title, "ZooKeeper node", cx)
}

/// A pool that the operator ignores, or that runs nothing, keeps no data.
fn judge_pool(pool: &Object, cx: &mut Context<'_>) -> Verdict {
    if cx.index().is_ignored_pool(pool) || pool.node().int_at(&["spec", "replicas"]) == Some(0) {
        return Verdict::NotApplicable;
    }
    judge_storage(pool, &["spec", "storage"], &pool.title(), node_word(pool), cx)
}

/// Judges nodes without an operator: whatever folder they use, something has to outlive the pod.
fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let runs_nodes = workload.role.is_kafka() && workload.kind.is_replicated() && !workload.is_switched_off();
    let Some(template) = workload.template.filter(|_| runs_nodes) else { return Verdict::NotApplicable };
    if object.node().items_at(&["spec", "volumeClaimTemplates"]).next().is_some() {
        return Verdict::Pass;
    }
    let files = ["configMap", "secret", "projected", "downwardAPI"];
    let is_temporary = |it: &NodeRef<'_>| it.get("emptyDir").is_some() || it.get("ephemeral").is_some();
    let volumes: Vec<NodeRef<'_>> = template.volumes().collect();
    let others = volumes.iter().filter(|it| !files.iter().any(|key| it.get(key).is_some()));
    let (temporary, kept): (Vec<NodeRef<'_>>, Vec<NodeRef<'_>>) = others.partition(|it| is_temporary(it));
    if !kept.is_empty() {
        return Verdict::Pass;
    }
    let node = if workload.role == Role::Kafka { "broker" } else { "ZooKeeper node" };
    let message = format!("no volume of {} outlives its pod: a {node} that moves loses its data", object.title());
    cx.fail(object, object.place(&["spec", "template", "spec", "volumes"]), message)
        .help(
            "run it as a StatefulSet with volumeClaimTemplates for its data folder; a restart with an empty disk has \
             to copy all partitions again, and loses those that have no other copy",
        )
        .labels(temporary.first().map(|it| (it.place(&["name"]), "gone with the pod")))
        .verdict()
}

/// What the nodes of a pool are called.
fn node_word(pool: &Object) -> &'static str {
    let has = |role: &str| pool.node().items_at(&["spec", "roles"]).any(|it| it.text() == role);
    if has("broker") { "broker" } else { "controller" }
}

/// Judges a storage; one that is absent is refused by the operator, and not ephemeral.
fn judge_storage(object: &Object, keys: &[&str], title: &str, node_word: &str, cx: &mut Context<'_>) -> Verdict {
    let Some(storage) = object.node().at(keys) else { return Verdict::NotApplicable };
    let kind = storage.at(&["type"]).map(NodeRef::text).unwrap_or_default();
    if is_open(kind) {
        return Verdict::open("the type of the storage is a template placeholder");
    }
    match kind {
        "ephemeral" => {
            let message = format!("{title} keeps its data in ephemeral storage: a {node_word} that moves loses it");
            cx.fail(object, object.place_in(storage, &["type"]), message).help(help(keys)).verdict()
        }
        "jbod" => {
            let volumes: Vec<NodeRef<'_>> = storage.items_at(&["volumes"]).collect();
            let is_ephemeral = |it: &&NodeRef<'_>| it.str_at(&["type"]) == Some("ephemeral");
            let lost: Vec<NodeRef<'_>> = volumes.iter().filter(is_ephemeral).copied().collect();
            let Some((first, others)) = lost.split_first() else {
                let is_right = |it: &NodeRef<'_>| it.str_at(&["type"]) == Some("persistent-claim");
                return if volumes.iter().all(is_right) {
                    Verdict::Pass
                } else {
                    Verdict::open("the type of a volume is not known")
                };
            };
            let ids: Vec<String> = lost.iter().map(|it| volume_name(*it)).collect();
            let message = format!(
                "{title} keeps data on {} of {} volumes in ephemeral storage ({}): a {node_word} that moves loses it",
                lost.len(),
                volumes.len(),
                list(&ids)
            );
            let others = others.iter().zip(&ids[1..]);
            cx.fail(object, object.place_in(*first, &["type"]), message)
                .help(help(keys))
                .labels(others.map(|(volume, id)| (volume.place(&["type"]), format!("{id} is ephemeral, too"))))
                .verdict()
        }
        "persistent-claim" => Verdict::Pass,
        "" => Verdict::open("the storage has no type"),
        _ => Verdict::open(format!("storage of type {kind} is not known")),
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
