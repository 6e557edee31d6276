//! `postgres-wal-archiving-missing`

use crate::index::PostgresCluster;
use crate::index::postgres::{Archive, Backups, Flavor};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::postgres::PostgresBackupMissing;

pub(crate) struct PostgresWalArchivingMissing;

impl Rule for PostgresWalArchivingMissing {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-wal-archiving-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().postgres_clusters() {
                if cluster.instances != Some(0) {
                    check_cluster(cluster, cx);
                }
            }
        });
    }
}

fn check_cluster<'a>(cluster: &'a PostgresCluster<'a>, cx: &mut Context<'a>) {
    let object = cluster.object;
    let index = cx.index();
    let (place, instead) = match index.wal_archive(cluster) {
        Archive::Shown => return cx.pass(object),
        Archive::Unknown(reason) => return cx.not_verifiable(object, format!("whether WAL is archived: {reason}")),
        Archive::Missing(..) if cluster.is_standby => return cx.pass(object), // Its primary's is archived elsewhere.
        Archive::Missing(place, instead) => (place, instead),
    };
    let is_own = cluster.flavor == Flavor::SelfManaged;
    if is_own && !index.environment().is_directory {
        return cx.not_verifiable(object, "what archives its WAL may stand in another file");
    }
    let backups = index.backups_of(cluster);
    if let (Backups::Nothing, Some(maker)) = (&backups, index.unseen_backup_near(object)) {
        return cx.not_verifiable(object, format!("{} may archive its WAL", maker.title()));
    }
    let why = instead.map_or_else(String::new, |it| format!(" ({it})"));
    let message =
        format!("nothing archives the WAL of {}{why}: it can only be restored to its last backup", object.title());
    let label = place.span;
    let draft = cx.fail(object, place, message).help(help(cluster, instead.is_some()));
    if matches!(backups, Backups::Nothing) {
        draft.merged_into(PostgresBackupMissing::ID, object, label, "nor does anything archive its WAL");
    }
}

fn help(cluster: &PostgresCluster<'_>, has_plugin: bool) -> &'static str {
    match cluster.flavor {
        Flavor::Cnpg if has_plugin => "set isWALArchiver: true for the plugin",
        Flavor::Cnpg => "add the Barman Cloud plugin with isWALArchiver: true, and an ObjectStore outside the cluster",
        Flavor::Crunchy => "add spec.backups with a repository outside the cluster",
        _ => "archive it continuously with WAL-G or pgBackRest, or let an operator do it",
    }
}
