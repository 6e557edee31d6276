//! `kafka-storage-file-based`

use crate::index::kafka::{Mode, Pool};
use crate::index::{Claim, FileStorage, KafkaCluster, Role, Workload};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};

rule!(KafkaStorageFileBased, "kafka/kafka-storage-file-based.md", |walk| {
    walk.kafka_clusters(judge_zookeeper);
    walk.kafka_clusters(judge_kafka);
    walk.each(|index| index.kafka_clusters().iter().filter(|it| it.uses_pools).flat_map(|it| &it.pools), judge_pool);
    walk.workloads(judge_workload);
});

fn judge_zookeeper<'a>(cluster: &KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    if cluster.mode == Mode::Kraft {
        return Verdict::NotApplicable;
    }
    let claims = cx.index().claims_of_storage(cluster.object, &["spec", "zookeeper", "storage"]);
    judge_claims(cluster.object, &claims, "ZooKeeper nodes", cx)
}

fn judge_kafka<'a>(cluster: &KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    if cluster.uses_pools {
        return Verdict::NotApplicable;
    }
    let claims = cx.index().claims_of_storage(cluster.object, &["spec", "kafka", "storage"]);
    judge_claims(cluster.object, &claims, "Kafka nodes", cx)
}

fn judge_pool<'a>(pool: &Pool<'a>, cx: &mut Context<'a>) -> Verdict {
    if pool.is_empty() {
        return Verdict::NotApplicable;
    }
    let claims = cx.index().claims_of_storage(pool.object, &["spec", "storage"]);
    judge_claims(pool.object, &claims, "Kafka nodes", cx)
}

fn judge_workload<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let nodes = match workload.role {
        Role::Kafka => "Kafka nodes",
        Role::ZooKeeper => "ZooKeeper nodes",
        _ => return Verdict::NotApplicable,
    };
    if !workload.kind.is_replicated() || workload.is_switched_off() {
        return Verdict::NotApplicable;
    }
    judge_claims(workload.object, &cx.index().claims_of(workload), nodes, cx)
}

fn judge_claims(object: &Object, claims: &[Claim<'_>], nodes: &str, cx: &mut Context<'_>) -> Verdict {
    let mut is_unknown = false;
    for claim in claims {
        match claim.class.map(|it| (it, cx.index().file_storage(it))) {
            Some((class, FileStorage::Share(whose, span))) => {
                let title = cx.index().storage_fact(class).title;
                let message = format!("{} keeps the data of its {nodes} on file shares ({title})", object.title());
                return cx
                    .fail(object, claim.place.clone(), message)
                    .label(span, whose)
                    .help(
                        "use a class of block volumes: disks of the cloud, of a SAN, or of the machines; an existing \
                         claim keeps its class, so add nodes on new volumes and move the partitions",
                    )
                    .verdict();
            }
            Some((_, FileStorage::Disk)) => {}
            Some((_, FileStorage::Unknown)) | None => is_unknown = true,
        }
    }
    if is_unknown {
        return Verdict::open(format!("no manifest describes the storage class of the {nodes}"));
    }
    if claims.is_empty() { Verdict::NotApplicable } else { Verdict::Pass }
}
