//! `kafka-storage-delete-claim`

use crate::index::kafka::{Mode, STRIMZI};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

pub(crate) struct KafkaStorageDeleteClaim;

impl Rule for KafkaStorageDeleteClaim {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-storage-delete-claim.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for cluster in index.kafka_clusters() {
                let object = cluster.object;
                if !cluster.uses_pools {
                    check_storage(object, &["spec", "kafka", "storage"], &object.title(), cx);
                }
                if cluster.mode != Mode::Kraft {
                    let title = format!("ZooKeeper of {}", object.title());
                    check_storage(object, &["spec", "zookeeper", "storage"], &title, cx);
                }
            }
            for pool in index.of_kind(STRIMZI, "KafkaNodePool").filter(|it| !index.is_ignored_pool(it)) {
                check_storage(pool, &["spec", "storage"], &pool.title(), cx);
            }
        });
    }
}

fn check_storage(object: &Object, keys: &[&str], title: &str, cx: &mut Context<'_>) {
    let Some(storage) = object.node().at(keys) else { return };
    let all = std::iter::once(storage).chain(storage.items_at(&["volumes"]));
    let claims: Vec<NodeRef<'_>> = all.filter(|it| it.str_at(&["type"]) == Some("persistent-claim")).collect();
    if claims.is_empty() {
        return; // Ephemeral storage goes anyway.
    }
    let deleted: Vec<NodeRef<'_>> =
        claims.iter().filter(|it| it.bool_at(&["deleteClaim"]) == Some(true)).copied().collect();
    let Some((first, others)) = deleted.split_first() else {
        let is_unknown = claims.iter().any(|it| it.at(&["deleteClaim"]).is_some_and(|it| is_open(it.text())));
        if is_unknown {
            return cx.not_verifiable(object, "deleteClaim is a template placeholder");
        }
        return cx.pass(object);
    };
    let message = format!("{title} deletes its volumes when it is deleted: the data goes with it");
    let mut draft = cx
        .fail(object, object.place_in(*first, &["deleteClaim"]), message)
        .evidence("volumes", deleted.len())
        .help("set deleteClaim: false, the default: the claims then stay, and a resource of the same name takes them up again");
    for other in others {
        draft = draft.label(other.place(&["deleteClaim"]), "this volume, too");
    }
}
