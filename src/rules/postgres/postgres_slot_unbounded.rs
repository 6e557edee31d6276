//! `postgres-slot-unbounded`

use crate::index::PostgresCluster;
use crate::index::postgres::Flavor;
use crate::model::{Object, Place};
use crate::rule::{Context, NoParams, Rule, Similar, Walk};
use crate::rules::words::is_open;

pub(crate) struct PostgresSlotUnbounded;

const SETTING: &str = "max_slot_wal_keep_size";

const HELP: &str = "set max_slot_wal_keep_size well below the volume's size: a standby that falls further behind is made \
                    anew, instead of stopping the primary";

impl Rule for PostgresSlotUnbounded {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-slot-unbounded.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for cluster in index.postgres_clusters().iter().filter(|it| it.flavor == Flavor::Cnpg) {
                check_cluster(cluster, cx);
            }
            for server in index.postgres_servers() {
                let texts = index.texts_of(&server);
                let slot = texts.iter().find(|it| it.text.contains("create_physical_replication_slot"));
                let Some(slot) = slot else { continue };
                let object = server.workload.object;
                if texts.iter().any(|it| it.text.contains(SETTING)) {
                    cx.pass(object);
                } else if server.has_open_variables || index.missing_config_map(&server).is_some() {
                    cx.not_verifiable(object, "its configuration is not among the manifests");
                } else {
                    let message = message(object);
                    let place = Place { span: slot.span, path: object.name_place().path };
                    cx.fail(object, place, message).help(HELP).heuristic();
                }
            }
        });
    }
}

fn message(object: &Object) -> String {
    format!(
        "{}: a replication slot keeps WAL without limit, on the volume of the data, until its standby returns",
        object.title()
    )
}

fn check_cluster(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    let spec = object.node();
    let has_slots = spec.bool_at(&["spec", "replicationSlots", "highAvailability", "enabled"]) != Some(false);
    if cluster.instances.is_some_and(|it| it < 2) || !has_slots {
        return; // One instance has no slots for standbys.
    }
    if spec.at(&["spec", "walStorage"]).is_some() {
        return cx.pass(object); // The data has room of its own.
    }
    let keys = ["spec", "postgresql", "parameters", SETTING];
    match spec.at(&keys).map(|it| it.text().trim()) {
        Some(value) if is_open(value) => cx.not_verifiable(object, "the limit is a template placeholder"),
        Some(value) if !value.starts_with('-') => cx.pass(object),
        _ => {
            cx.fail(object, object.place(&keys), message(object)).help(HELP).listed_with_similar(Similar {
                noun: "Clusters",
                verdict: "let replication slots keep WAL without limit on the volume of the data",
                name: object.name().to_owned(),
                help: HELP,
            });
        }
    }
}
