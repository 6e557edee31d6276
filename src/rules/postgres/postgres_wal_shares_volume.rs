//! `postgres-wal-shares-volume`

use crate::index::postgres::{Archive, Flavor};
use crate::rule::{NoParams, Rule, Similar, Walk};
use crate::rules::postgres::PostgresSlotUnbounded;

pub(crate) struct PostgresWalSharesVolume;

const HELP: &str =
    "add walStorage: WAL that cannot be archived then fills a volume of its own; a cluster cannot give it up again";

impl Rule for PostgresWalSharesVolume {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-wal-shares-volume.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for cluster in index.postgres_clusters().iter().filter(|it| it.flavor == Flavor::Cnpg) {
                let object = cluster.object;
                let is_archived = matches!(index.wal_archive(cluster), Archive::Shown);
                if !is_archived || cluster.instances.is_none_or(|it| it < 2) {
                    continue;
                }
                if object.node().at(&["spec", "walStorage"]).is_some() {
                    cx.pass(object);
                    continue;
                }
                let place = object.place(&["spec", "storage"]);
                let message = format!(
                    "{} keeps WAL on the volume of its data: when the archive is away, all instances fill up",
                    object.title()
                );
                cx.fail(object, place.clone(), message)
                    .help(HELP)
                    .listed_with_similar(Similar {
                        noun: "Clusters",
                        verdict: "keep WAL that waits for the archive on the volume of the data",
                        name: object.name().to_owned(),
                        help: HELP,
                    })
                    .merged_into(
                        PostgresSlotUnbounded::ID,
                        object,
                        place.span,
                        "so does WAL that waits for the archive",
                    );
            }
        });
    }
}
