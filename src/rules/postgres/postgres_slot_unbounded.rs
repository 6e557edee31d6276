//! `postgres-slot-unbounded`

use crate::index::PostgresCluster;
use crate::index::postgres::{Flavor, Server};
use crate::model::{Object, Place};
use crate::rule::{Context, Similar, Verdict, rule};
use crate::rules::words::is_open;

const SETTING: &str = "max_slot_wal_keep_size";

const HELP: &str = "set max_slot_wal_keep_size well below the volume's size: a standby that falls further behind is made \
                    anew, instead of stopping the primary";

rule!(PostgresSlotUnbounded, "postgres/postgres-slot-unbounded.md", |walk| {
    walk.postgres_clusters(judge_cluster);
    walk.each(|index| index.postgres_servers(), judge_server);
});

fn judge_server(server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), server.object());
    let texts = index.texts_of(&server);
    let Some(slot) = texts.iter().find(|it| it.text.contains("create_physical_replication_slot")) else {
        return Verdict::NotApplicable;
    };
    if texts.iter().any(|it| it.text.contains(SETTING)) {
        return Verdict::Pass;
    }
    if server.has_open_variables || index.missing_config_map(&server).is_some() {
        return Verdict::open("its configuration is not among the manifests");
    }
    let place = Place { span: slot.span, path: object.name_place().path };
    cx.fail(object, place, message(object)).help(HELP).heuristic().verdict()
}

fn message(object: &Object) -> String {
    format!(
        "{}: a replication slot keeps WAL without limit, on the volume of the data, until its standby returns",
        object.title()
    )
}

fn judge_cluster(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    let spec = object.node();
    let has_slots = spec.bool_at(&["spec", "replicationSlots", "highAvailability", "enabled"]) != Some(false);
    if cluster.flavor != Flavor::Cnpg || cluster.instances.is_some_and(|it| it < 2) || !has_slots {
        return Verdict::NotApplicable; // One instance has no slots for standbys.
    }
    if spec.at(&["spec", "walStorage"]).is_some() {
        return Verdict::Pass; // The data has room of its own.
    }
    let keys = ["spec", "postgresql", "parameters", SETTING];
    match spec.at(&keys).map(|it| it.text().trim()) {
        Some(value) if is_open(value) => Verdict::open("the limit is a template placeholder"),
        Some(value) if !value.starts_with('-') => Verdict::Pass,
        _ => {
            let similar = Similar {
                noun: "Clusters",
                verdict: "let replication slots keep WAL without limit on the volume of the data",
                name: object.name().to_owned(),
                help: HELP,
            };
            cx.fail(object, object.place(&keys), message(object)).help(HELP).listed_with_similar(similar).verdict()
        }
    }
}
