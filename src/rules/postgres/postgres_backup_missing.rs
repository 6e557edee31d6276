//! `postgres-backup-missing`

use crate::index::postgres::Backups;
use crate::index::{Index, PostgresCluster};
use crate::model::Object;
use crate::rule::{Context, Draft, NoParams, Rule, Similar, Walk};
use crate::rules::postgres::BackupUntargeted;

pub(crate) struct PostgresBackupMissing;

const STORE_HELP: &str =
    "an archive of WAL alone restores nothing: add a ScheduledBackup, or schedules of the repository";
const NOTHING_HELP: &str = "copies on other nodes repeat every mistake at once: add a scheduled backup to a store \
                            outside the cluster, and restore it once a quarter";

impl Rule for PostgresBackupMissing {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-backup-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().postgres_clusters() {
                check_cluster(cluster, cx);
            }
        });
    }
}

fn check_cluster(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let (object, index) = (cluster.object, cx.index());
    if cluster.instances == Some(0) {
        return; // Nothing runs.
    }
    if !index.environment().is_directory {
        return cx.not_verifiable(object, "what backs it up may stand in another file: run on the whole directory");
    }
    match index.backups_of(cluster) {
        Backups::Scheduled(_) => cx.pass(object),
        _ if cluster.is_standby => cx.pass(object), // Its primary's are taken elsewhere.
        Backups::StoreOnly(_) => {
            let message = format!("{} has a place for backups, and nothing takes them by a schedule", object.title());
            let keys: &[&str] = if object.node().at(&["spec", "backups"]).is_some() {
                &["spec", "backups"]
            } else {
                &["spec", "backup"]
            };
            let alike = Similar {
                noun: "PostgreSQL databases",
                verdict: "have a place for backups, and nothing takes them by a schedule",
                name: object.name().to_owned(),
                help: STORE_HELP,
            };
            let draft = cx.fail(object, object.place(keys), message).help(STORE_HELP).listed_with_similar(alike);
            tell_failing(draft, object, index);
        }
        Backups::Nothing => {
            if let Some(maker) = index.unseen_backup_near(object) {
                return cx.not_verifiable(object, format!("{} may back it up", maker.title()));
            }
            let message = format!("no backup of {} found in the manifests", object.title());
            let alike = Similar {
                noun: "PostgreSQL databases",
                verdict: "are backed up by nothing in the manifests",
                name: object.name().to_owned(),
                help: NOTHING_HELP,
            };
            let draft = cx.fail(object, object.name_place(), message).help(NOTHING_HELP).listed_with_similar(alike);
            tell_failing(draft, object, index);
        }
    }
}

/// A schedule that fails each time is the cause, where there is one.
fn tell_failing(draft: Draft<'_>, object: &Object, index: &Index<'_>) {
    if let Some(schedule) = index.failing_schedule(object) {
        let text = format!("so nothing backs {} up", object.title());
        draft.merged_into(BackupUntargeted::ID, schedule, schedule.name_span(), text);
    }
}
