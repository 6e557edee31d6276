//! `kafka-nodepool-orphan`

use crate::index::kafka::{CLUSTER_LABEL, STRIMZI};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::new_objects::written_name;
use crate::rules::words::is_open;
use crate::yaml::Value;

rule!(KafkaNodepoolOrphan, "kafka/kafka-nodepool-orphan.md", |walk| walk
    .of_kinds(&[(STRIMZI, "KafkaNodePool")], judge));

fn judge(pool: &Object, cx: &mut Context<'_>) -> Verdict {
    let place = pool.place(&["metadata", "labels", CLUSTER_LABEL]);
    let title = pool.title();
    let Some(name) = pool.label(CLUSTER_LABEL) else {
        let message = format!("{title} has no label {CLUSTER_LABEL}: it belongs to no cluster");
        let help = format!("add the label {CLUSTER_LABEL} with the name of its Kafka");
        let only = cx.index().all_beside(pool, STRIMZI, "Kafka", 1).and_then(|it| it.first().copied());
        let keys = &["metadata", "labels", CLUSTER_LABEL];
        let repair = only.map(|it| Repair::new().set(pool, keys, Value::text(written_name(it))));
        return cx.fail(pool, place, message).help(help).fix(repair).verdict();
    };
    if is_open(name) {
        return Verdict::open("the name of its cluster is a template placeholder");
    }
    if let Some(cluster) = cx.index().cluster_of_pool(pool) {
        if !cx.index().is_ignored_pool(pool) {
            return Verdict::Pass;
        }
        let message = format!("{title} is ignored: {} does not use node pools", cluster.title());
        return cx
            .fail(pool, place, message)
            .label(cluster.name_span(), "it lacks the annotation strimzi.io/node-pools: enabled")
            .help("add the annotation to the Kafka once its nodes are described by pools")
            .verdict();
    }
    let index = cx.index();
    let is_elsewhere = cx.run().with_object(STRIMZI, "Kafka", name).next().is_some();
    // What might be its cluster is judged; where there is no Kafka at all, the pools stand alone.
    let others: Vec<&Object> = index.of_kind(STRIMZI, "Kafka").collect();
    let same_name = index.named(STRIMZI, "Kafka", name);
    if index.environment().is_fragment || (others.is_empty() && !is_elsewhere) || (is_elsewhere && same_name.is_empty())
    {
        return Verdict::open(format!("Kafka {name} is not in the manifests"));
    }
    let message = format!("{title} belongs to Kafka {name}, which is not in its namespace");
    let named = |it: &&Object| {
        let namespace = it.namespace().map_or_else(String::new, |it| format!(" in namespace {it}"));
        (it.name_span(), format!("{}{namespace}", it.title()))
    };
    cx.fail(pool, place, message)
        .help("name the cluster, and put the pool into its namespace")
        .labels(others.iter().take(3).map(named))
        .verdict()
}
