//! `backup-destination-shared`

use crate::index::postgres::{CNPG, Destination, EDB};
use crate::rule::{Context, Verdict, rule};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

rule!(BackupDestinationShared, "postgres/backup-destination-shared.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    let clusters = index.of_kind(CNPG, "Cluster").chain(index.of_kind(EDB, "Cluster"));
    let mut first: BTreeMap<(String, String), Destination<'_>> = BTreeMap::new();
    cx.judge_each(clusters.filter_map(|it| index.archive_destination(it)), |it, cx| {
        match first.entry((it.endpoint.clone(), it.folder.clone())) {
            Entry::Occupied(other) => report(&it, other.get(), cx),
            Entry::Vacant(place) => {
                place.insert(it);
                Verdict::Pass
            }
        }
    });
}));

fn report(destination: &Destination<'_>, other: &Destination<'_>, cx: &mut Context<'_>) -> Verdict {
    let cluster = destination.cluster;
    // Clusters of one store differ by the names of their servers only.
    let is_one_store = destination.holder.id() == other.holder.id();
    let named = |it: &Destination<'_>| it.server.clone().filter(|_| is_one_store).unwrap_or_else(|| it.path.clone());
    let whose = match other.cluster.namespace() {
        Some(namespace) if cluster.namespace() != Some(namespace) => {
            format!("{} of namespace {namespace}", other.cluster.title())
        }
        _ => other.cluster.title(),
    };
    let message = format!("{} archives to {}, as {whose} does", cluster.title(), destination.folder);
    cx.fail(cluster, named(destination), message)
        .evidence("folder", &destination.folder)
        .label(named(other).span, format!("{whose} archives here, too"))
        .help("each overwrites the other's WAL, and neither can be restored: give each a destinationPath or serverName of its own")
        .verdict()
}
