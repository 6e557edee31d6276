//! `postgres-backup-missing`

use crate::index::postgres::Backups;
use crate::index::{Index, PostgresCluster};
use crate::model::Object;
use crate::rule::{Context, Draft, Similar, Verdict, rule};
use crate::rules::postgres::BackupUntargeted;

const STORE_HELP: &str =
    "an archive of WAL alone restores nothing: add a ScheduledBackup, or schedules of the repository";
const NOTHING_HELP: &str = "copies on other nodes repeat every mistake at once: add a scheduled backup to a store \
                            outside the cluster, and restore it once a quarter";

rule!(PostgresBackupMissing, "postgres/postgres-backup-missing.md", |walk| walk.postgres_clusters(judge));

fn judge(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let (object, index) = (cluster.object, cx.index());
    if cluster.instances == Some(0) {
        return Verdict::NotApplicable; // Nothing runs.
    }
    if !index.environment().is_directory {
        return Verdict::open("what backs it up may stand in another file: run on the whole directory");
    }
    match index.backups_of(cluster) {
        Backups::Scheduled => Verdict::Pass,
        _ if cluster.is_standby => Verdict::Pass, // Its primary's are taken elsewhere.
        Backups::StoreOnly => {
            let message = format!("{} has a place for backups, and nothing takes them by a schedule", object.title());
            let keys: &[&str] = if object.node().at(&["spec", "backups"]).is_some() {
                &["spec", "backups"]
            } else {
                &["spec", "backup"]
            };
            let draft = cx.fail(object, object.place(keys), message);
            let verdict = "have a place for backups, and nothing takes them by a schedule";
            listed(draft, object, verdict, STORE_HELP, index)
        }
        Backups::Nothing => {
            if let Some(maker) = index.unseen_backup_near(object) {
                return Verdict::open(format!("{} may back it up", maker.title()));
            }
            let message = format!("no backup of {} found in the manifests", object.title());
            let draft = cx.fail(object, object.name_place(), message);
            listed(draft, object, "are backed up by nothing in the manifests", NOTHING_HELP, index)
        }
    }
}

/// Lists it with others. A schedule that fails each time is the cause, where there is one.
fn listed(draft: Draft<'_>, object: &Object, verdict: &'static str, help: &'static str, index: &Index<'_>) -> Verdict {
    let similar = Similar { noun: "PostgreSQL databases", verdict, name: object.name().to_owned(), help };
    let draft = draft.help(help).listed_with_similar(similar);
    let Some(schedule) = index.failing_schedule(object) else { return draft.verdict() };
    let text = format!("so nothing backs {} up", object.title());
    draft.merged_into(BackupUntargeted::ID, schedule, schedule.name_span(), text).verdict()
}
