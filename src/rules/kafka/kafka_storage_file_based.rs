//! `kafka-storage-file-based`

use crate::index::kafka::Mode;
use crate::index::{Claim, FileStorage, Role};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};

pub(crate) struct KafkaStorageFileBased;

impl Rule for KafkaStorageFileBased {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-storage-file-based.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for cluster in index.kafka_clusters() {
                let object = cluster.object;
                if cluster.mode != Mode::Kraft {
                    let claims = index.claims_of_storage(object, &["spec", "zookeeper", "storage"]);
                    check_claims(object, &claims, "ZooKeeper nodes", cx);
                }
                if cluster.uses_pools {
                    for pool in cluster.pools.iter().filter(|it| !it.is_empty()) {
                        let claims = index.claims_of_storage(pool.object, &["spec", "storage"]);
                        check_claims(pool.object, &claims, "Kafka nodes", cx);
                    }
                } else {
                    check_claims(
                        object,
                        &index.claims_of_storage(object, &["spec", "kafka", "storage"]),
                        "Kafka nodes",
                        cx,
                    );
                }
            }
            for workload in index.workloads().iter().filter(|it| it.kind.is_replicated() && !it.is_switched_off()) {
                match workload.role {
                    Role::Kafka => check_claims(workload.object, &index.claims_of(workload), "Kafka nodes", cx),
                    Role::ZooKeeper => check_claims(workload.object, &index.claims_of(workload), "ZooKeeper nodes", cx),
                    _ => {}
                }
            }
        });
    }
}

fn check_claims(object: &Object, claims: &[Claim<'_>], nodes: &str, cx: &mut Context<'_>) {
    let mut is_unknown = false;
    for claim in claims {
        match claim.class.map(|it| (it, cx.index().file_storage(it))) {
            Some((class, FileStorage::Share(whose, span))) => {
                let title = cx.index().storage_fact(class).title;
                let message = format!("{} keeps the data of its {nodes} on file shares ({title})", object.title());
                cx.fail(object, claim.place.clone(), message).label(span, whose).help(
                    "use a class of block volumes: disks of the cloud, of a SAN, or of the machines; an existing claim \
                     keeps its class, so add nodes on new volumes and move the partitions",
                );
                return;
            }
            Some((_, FileStorage::Disk)) => {}
            Some((_, FileStorage::Unknown)) | None => is_unknown = true,
        }
    }
    if is_unknown {
        cx.not_verifiable(object, format!("no manifest describes the storage class of the {nodes}"));
    } else if !claims.is_empty() {
        cx.pass(object);
    }
}
