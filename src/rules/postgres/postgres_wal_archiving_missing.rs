//! `postgres-wal-archiving-missing`

use crate::index::PostgresCluster;
use crate::index::postgres::{Archive, Backups, Flavor};
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresBackupMissing;

rule!(PostgresWalArchivingMissing, "postgres/postgres-wal-archiving-missing.md", |walk| walk.postgres_clusters(judge));

fn judge<'a>(cluster: &'a PostgresCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let (index, object) = (cx.index(), cluster.object);
    if cluster.instances == Some(0) {
        return Verdict::NotApplicable;
    }
    let (place, instead) = match index.wal_archive(cluster) {
        Archive::Shown => return Verdict::Pass,
        Archive::Unknown(reason) => return Verdict::open(format!("whether WAL is archived: {reason}")),
        Archive::Missing(..) if cluster.is_standby => return Verdict::Pass, // Its primary's is archived elsewhere.
        Archive::Missing(place, instead) => (place, instead),
    };
    let is_own = cluster.flavor == Flavor::SelfManaged;
    if is_own && !index.environment().is_directory {
        return Verdict::open("what archives its WAL may stand in another file");
    }
    let backups = index.backups_of(cluster);
    if let (Backups::Nothing, Some(maker)) = (&backups, index.unseen_backup_near(object)) {
        return Verdict::open(format!("{} may archive its WAL", maker.title()));
    }
    let why = instead.map_or_else(String::new, |it| format!(" ({it})"));
    let message =
        format!("nothing archives the WAL of {}{why}: it can only be restored to its last backup", object.title());
    let label = place.span;
    let draft = cx.fail(object, place, message).help(help(cluster, instead.is_some()));
    match backups {
        Backups::Nothing => {
            draft.merged_into(PostgresBackupMissing::ID, object, label, "nor does anything archive its WAL")
        }
        _ => draft,
    }
    .verdict()
}

fn help(cluster: &PostgresCluster<'_>, has_plugin: bool) -> &'static str {
    match cluster.flavor {
        Flavor::Cnpg if has_plugin => "set isWALArchiver: true for the plugin",
        Flavor::Cnpg => "add the Barman Cloud plugin with isWALArchiver: true, and an ObjectStore outside the cluster",
        Flavor::Crunchy => "add spec.backups with a repository outside the cluster",
        _ => "archive it continuously with WAL-G or pgBackRest, or let an operator do it",
    }
}
