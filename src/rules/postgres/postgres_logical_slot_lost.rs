//! `postgres-logical-slot-lost`

use crate::index::kafka::STRIMZI;
use crate::index::postgres::{Flavor, Host};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};

/// How the classes of Debezium's connectors for PostgreSQL begin.
const CLASS: &str = "io.debezium.connector.postgresql.";

rule!(PostgresLogicalSlotLost, "postgres/postgres-logical-slot-lost.md", |walk| walk
    .of_kinds(&[(STRIMZI, "KafkaConnector")], judge));

fn judge<'a>(connector: &'a Object, cx: &mut Context<'a>) -> Verdict {
    if !connector.node().str_at(&["spec", "class"]).is_some_and(|it| it.starts_with(CLASS)) {
        return Verdict::NotApplicable;
    }
    let Some(config) = connector.node().at(&["spec", "config"]) else { return Verdict::NotApplicable };
    let Some(host) = config.get("database.hostname") else { return Verdict::NotApplicable };
    let Host::Cluster(cluster, "-rw") = cx.index().postgres_host(connector, host.text()) else {
        return Verdict::NotApplicable;
    };
    if cluster.flavor != Flavor::Cnpg || cluster.instances.is_some_and(|it| it < 2) {
        return Verdict::NotApplicable; // Nothing fails over.
    }
    let object = cluster.object;
    let spec = object.node();
    let slots = ["spec", "replicationSlots", "highAvailability"];
    let [is_on, synchronizes] =
        ["enabled", "synchronizeLogicalDecoding"].map(|key| spec.bool_at(&[slots[0], slots[1], slots[2], key]));
    if is_on != Some(false) && synchronizes == Some(true) {
        return Verdict::Pass;
    }
    let parameter = spec.at(&["spec", "postgresql", "parameters", "sync_replication_slots"]);
    let is_failover = config.get("slot.failover").is_some_and(|it| it.text() == "true");
    if is_failover && parameter.is_some_and(|it| matches!(it.text(), "on" | "true")) {
        return Verdict::Pass;
    }
    // The extension of the time before version 17.
    let libraries: Vec<_> = spec.items_at(&["spec", "postgresql", "shared_preload_libraries"]).collect();
    if libraries.iter().any(|it| it.text() == "pg_failover_slots") {
        return Verdict::Pass;
    }
    let message = format!(
        "{} reads from {}, whose standbys do not have its replication slot: it is lost in a failover",
        connector.title(),
        object.title()
    );
    let keys = [&slots[..], &["synchronizeLogicalDecoding"]].concat();
    let here = spec.at(&["spec", "replicationSlots"]).map_or(object.name_span(), |_| object.place(&keys).span);
    cx.fail(connector, connector.place_in(config, &["database.hostname"]), message)
        .label(here, "nothing here copies logical slots to the standbys")
        .help(
            "set replicationSlots.highAvailability.synchronizeLogicalDecoding: true in the Cluster (PostgreSQL 17, with \
             sync_replication_slots and hot_standby_feedback on), and slot.failover: true in the connector",
        )
        .verdict()
}
