//! `postgres-logical-slot-lost`

use crate::index::PostgresCluster;
use crate::index::kafka::STRIMZI;
use crate::index::postgres::{Flavor, Host};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};

pub(crate) struct PostgresLogicalSlotLost;

/// How the classes of Debezium's connectors for PostgreSQL begin.
const CLASS: &str = "io.debezium.connector.postgresql.";

impl Rule for PostgresLogicalSlotLost {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-logical-slot-lost.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for connector in index.of_kind(STRIMZI, "KafkaConnector") {
                let is_debezium = connector.node().str_at(&["spec", "class"]).is_some_and(|it| it.starts_with(CLASS));
                let host = connector.node().at(&["spec", "config"]).and_then(|it| it.get("database.hostname"));
                let (true, Some(host)) = (is_debezium, host) else { continue };
                if let Host::Cluster(cluster, "-rw") = index.postgres_host(connector, host.text())
                    && cluster.flavor == Flavor::Cnpg
                {
                    check_connector(connector, cluster, cx);
                }
            }
        });
    }
}

fn check_connector(connector: &Object, cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    if cluster.instances.is_some_and(|it| it < 2) {
        return; // Nothing fails over.
    }
    let spec = object.node();
    let slots = ["spec", "replicationSlots", "highAvailability"];
    let [is_on, synchronizes] =
        ["enabled", "synchronizeLogicalDecoding"].map(|key| spec.bool_at(&[slots[0], slots[1], slots[2], key]));
    if is_on != Some(false) && synchronizes == Some(true) {
        return cx.pass(connector);
    }
    let config = connector.node().at(&["spec", "config"]);
    let parameter = spec.at(&["spec", "postgresql", "parameters", "sync_replication_slots"]);
    let is_failover = config.and_then(|it| it.get("slot.failover")).is_some_and(|it| it.text() == "true");
    if is_failover && parameter.is_some_and(|it| matches!(it.text(), "on" | "true")) {
        return cx.pass(connector);
    }
    // The extension of the time before version 17.
    let libraries: Vec<_> = spec.items_at(&["spec", "postgresql", "shared_preload_libraries"]).collect();
    if libraries.iter().any(|it| it.text() == "pg_failover_slots") {
        return cx.pass(connector);
    }
    let message = format!(
        "{} reads from {}, whose standbys do not have its replication slot: it is lost in a failover",
        connector.title(),
        object.title()
    );
    let keys = [&slots[..], &["synchronizeLogicalDecoding"]].concat();
    let here = spec.at(&["spec", "replicationSlots"]).map_or(object.name_span(), |_| object.place(&keys).span);
    let mut place = connector.place(&["spec", "config"]);
    if let Some(config) = config {
        place = connector.place_in(config, &["database.hostname"]);
    }
    cx.fail(connector, place, message).label(here, "nothing here copies logical slots to the standbys").help(
        "set replicationSlots.highAvailability.synchronizeLogicalDecoding: true in the Cluster (PostgreSQL 17, with \
             sync_replication_slots and hot_standby_feedback on), and slot.failover: true in the connector",
    );
}
