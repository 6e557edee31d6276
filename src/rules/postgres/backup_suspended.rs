//! `backup-suspended`

use crate::index::postgres::{CNPG, EDB};
use crate::model::products;
use crate::rule::{NoParams, Rule, Walk};

pub(crate) struct BackupSuspended;

/// Kinds that take backups by a schedule, with the switch that stops them.
const SWITCHES: &[(&str, &str, &[&str])] = &[
    (CNPG, "ScheduledBackup", &["spec", "suspend"]),
    (EDB, "ScheduledBackup", &["spec", "suspend"]),
    (products::VELERO, "Schedule", &["spec", "paused"]),
    ("snapscheduler.backube", "SnapshotSchedule", &["spec", "disabled"]),
    ("volsync.backube", "ReplicationSource", &["spec", "paused"]),
    ("batch", "CronJob", &["spec", "suspend"]),
];

impl Rule for BackupSuspended {
    const PAGE: &'static str = include_str!("../../../rules/postgres/backup-suspended.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for (group, kind, keys) in SWITCHES {
                for object in cx.index().of_kind(group, kind) {
                    let is_backup =
                        *kind != "CronJob" || object.name().contains("backup") || object.name().contains("dump");
                    if !is_backup {
                        continue;
                    }
                    if object.node().bool_at(keys) != Some(true) {
                        cx.pass(object);
                        continue;
                    }
                    let message = format!("{} is switched off: it takes no backups", object.title());
                    cx.fail(object, object.place(keys), message)
                        .help(format!("remove {}, or the schedule, so that nobody relies on it", keys.join(".")));
                }
            }
        });
    }
}
