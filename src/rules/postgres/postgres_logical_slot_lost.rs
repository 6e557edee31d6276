//! `postgres-logical-slot-lost`

use crate::index::Index;
use crate::index::kafka::STRIMZI;
use crate::index::postgres::{Flavor, Host};
use crate::model::{Container, ImageName, Object, Version, leading_number, products};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::Value;

/// How the classes of Debezium's connectors for PostgreSQL begin.
const CLASS: &str = "io.debezium.connector.postgresql.";

/// Where a cluster sets PostgreSQL's parameters.
const PARAMETERS: [&str; 3] = ["spec", "postgresql", "parameters"];
/// The first major version of PostgreSQL that copies slots by itself.
const FIRST_MAJOR: u64 = 17;
/// The first release of the operator with the switch (cloudnative-pg, `docs/src/release_notes/old/v1.27.md`).
const FIRST_RELEASE: Version = Version::new(1, 27, 0);

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
    let parameter = spec.at(&[&PARAMETERS[..], &["sync_replication_slots"]].concat());
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
    let repair = Some(()).filter(|()| is_on != Some(false)).and_then(|()| keep(connector, object, cx));
    cx.fail(connector, connector.place_in(config, &["database.hostname"]), message)
        .fix(repair)
        .label(here, "nothing here copies logical slots to the standbys")
        .help(
            "set replicationSlots.highAvailability.synchronizeLogicalDecoding: true in the Cluster (PostgreSQL 17, with \
             sync_replication_slots and hot_standby_feedback on), and slot.failover: true in the connector",
        )
        .verdict()
}

/// The switch in the cluster with the parameters that it needs from PostgreSQL 17 on, and a slot that survives. Nothing
/// for older versions, which need an extension in the image.
fn keep<'a>(connector: &Object, cluster: &'a Object, cx: &Context<'a>) -> Option<Repair> {
    let image = ImageName::read(cx.index().cnpg_image(cluster)?.text);
    let major = image.tag.and_then(leading_number)?;
    if major < FIRST_MAJOR {
        return None;
    }
    let set = |repair: Repair, keys: &[&'static str], value: Value| repair.set(cluster, keys, value);
    let mut repair = set(
        Repair::new(),
        &["spec", "replicationSlots", "highAvailability", "synchronizeLogicalDecoding"],
        Value::plain("true"),
    );
    for parameter in ["hot_standby_feedback", "sync_replication_slots"] {
        let keys = [PARAMETERS[0], PARAMETERS[1], PARAMETERS[2], parameter];
        repair = set(repair, &keys, Value::text("on"));
    }
    let repair = repair.set(connector, &["spec", "config", "slot.failover"], Value::plain("true"));
    match cx.run().all().iter().flat_map(operator_releases).min() {
        Some(release) if release >= FIRST_RELEASE => Some(repair),
        Some(_) => None,
        None => {
            Some(repair.shown_only("CloudNativePG 1.27 or later is needed, and its release is not in the manifests"))
        }
    }
}

/// The releases of CloudNativePG that an environment runs.
fn operator_releases(index: &Index<'_>) -> Vec<Version> {
    let images = index.workloads().iter().flat_map(|it| it.containers()).map(Container::image_parts);
    let own = images.filter(|it| it.name() == products::CNPG_OPERATOR);
    own.filter_map(|it| it.tag.and_then(Version::read)).collect()
}
