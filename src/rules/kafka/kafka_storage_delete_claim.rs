//! `kafka-storage-delete-claim`

use crate::index::KafkaCluster;
use crate::index::kafka::{Mode, STRIMZI};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

rule!(KafkaStorageDeleteClaim, "kafka/kafka-storage-delete-claim.md", |walk| {
    walk.kafka_clusters(judge_kafka);
    walk.kafka_clusters(judge_zookeeper);
    walk.of_kinds(&[(STRIMZI, "KafkaNodePool")], judge_pool);
});

fn judge_kafka(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.uses_pools {
        return Verdict::NotApplicable;
    }
    judge_storage(cluster.object, &["spec", "kafka", "storage"], &cluster.object.title(), cx)
}

fn judge_zookeeper(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    if cluster.mode == Mode::Kraft {
        return Verdict::NotApplicable;
    }
    let title = format!("ZooKeeper of {}", cluster.object.title());
    judge_storage(cluster.object, &["spec", "zookeeper", "storage"], &title, cx)
}

fn judge_pool(pool: &Object, cx: &mut Context<'_>) -> Verdict {
    if cx.index().is_ignored_pool(pool) {
        return Verdict::NotApplicable;
    }
    judge_storage(pool, &["spec", "storage"], &pool.title(), cx)
}

fn judge_storage(object: &Object, keys: &[&str], title: &str, cx: &mut Context<'_>) -> Verdict {
    let Some(storage) = object.node().at(keys) else { return Verdict::NotApplicable };
    let all = std::iter::once(storage).chain(storage.items_at(&["volumes"]));
    let claims: Vec<NodeRef<'_>> = all.filter(|it| it.str_at(&["type"]) == Some("persistent-claim")).collect();
    if claims.is_empty() {
        return Verdict::NotApplicable; // Ephemeral storage goes anyway.
    }
    let deleted: Vec<NodeRef<'_>> =
        claims.iter().filter(|it| it.bool_at(&["deleteClaim"]) == Some(true)).copied().collect();
    let Some((first, others)) = deleted.split_first() else {
        let is_unknown = claims.iter().any(|it| it.at(&["deleteClaim"]).is_some_and(|it| is_open(it.text())));
        if is_unknown {
            return Verdict::open("deleteClaim is a template placeholder");
        }
        return Verdict::Pass;
    };
    let message = format!("{title} deletes its volumes when it is deleted: the data goes with it");
    let keep = |repair: Repair, storage: &NodeRef<'_>| repair.set_in(object, *storage, &["deleteClaim"], false);
    let repair = deleted.iter().fold(Repair::new(), keep);
    cx.fail(object, object.place_in(*first, &["deleteClaim"]), message)
        .fix(repair)
        .evidence("volumes", deleted.len())
        .help(
            "set deleteClaim: false, the default: the claims then stay, and a resource of the same name takes them up \
             again",
        )
        .labels(others.iter().map(|it| (it.place(&["deleteClaim"]), "this volume, too")))
        .verdict()
}
