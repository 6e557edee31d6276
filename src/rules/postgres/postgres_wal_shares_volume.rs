//! `postgres-wal-shares-volume`

use crate::index::PostgresCluster;
use crate::index::postgres::{Archive, Flavor};
use crate::rule::{Context, Similar, Verdict, rule};
use crate::rules::postgres::PostgresSlotUnbounded;

const HELP: &str =
    "add walStorage: WAL that cannot be archived then fills a volume of its own; a cluster cannot give it up again";

rule!(PostgresWalSharesVolume, "postgres/postgres-wal-shares-volume.md", |walk| walk.postgres_clusters(judge));

fn judge<'a>(cluster: &'a PostgresCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = cluster.object;
    if cluster.flavor != Flavor::Cnpg || cluster.instances.is_none_or(|it| it < 2) {
        return Verdict::NotApplicable;
    }
    if !matches!(cx.index().wal_archive(cluster), Archive::Shown) {
        return Verdict::NotApplicable;
    }
    if object.node().at(&["spec", "walStorage"]).is_some() {
        return Verdict::Pass;
    }
    let place = object.place(&["spec", "storage"]);
    let message = format!(
        "{} keeps WAL on the volume of its data: when the archive is away, all instances fill up",
        object.title()
    );
    let similar = Similar {
        noun: "Clusters",
        verdict: "keep WAL that waits for the archive on the volume of the data",
        name: object.name().to_owned(),
        help: HELP,
    };
    let text = "so does WAL that waits for the archive";
    cx.fail(object, place.clone(), message)
        .help(HELP)
        .listed_with_similar(similar)
        .merged_into(PostgresSlotUnbounded::ID, object, place.span, text)
        .verdict()
}
