//! `backup-suspended`

use crate::index::postgres::{CNPG, EDB};
use crate::model::{Object, products};
use crate::rule::{Context, Repair, Verdict, rule};

/// Kinds that take backups by a schedule, with the switch that stops them.
const SWITCHES: &[(&str, &str, &[&str])] = &[
    (CNPG, "ScheduledBackup", &["spec", "suspend"]),
    (EDB, "ScheduledBackup", &["spec", "suspend"]),
    (products::VELERO, "Schedule", &["spec", "paused"]),
    ("snapscheduler.backube", "SnapshotSchedule", &["spec", "disabled"]),
    ("volsync.backube", "ReplicationSource", &["spec", "paused"]),
    ("batch", "CronJob", &["spec", "suspend"]),
];

rule!(BackupSuspended, "postgres/backup-suspended.md", |walk| {
    for &(group, kind, keys) in SWITCHES {
        walk.of_kinds(&[(group, kind)], |it, cx| judge(it, keys, cx));
    }
});

fn judge(object: &Object, keys: &[&str], cx: &mut Context<'_>) -> Verdict {
    if object.kind() == "CronJob" && !["backup", "dump"].iter().any(|it| object.name().contains(it)) {
        return Verdict::NotApplicable;
    }
    if object.node().bool_at(keys) != Some(true) {
        return Verdict::Pass;
    }
    let message = format!("{} is switched off: it takes no backups", object.title());
    cx.fail(object, object.place(keys), message)
        .fix(Repair::new().remove(object, keys).effect("backups are taken again"))
        .help(format!("remove {}, or the schedule, so that nobody relies on it", keys.join(".")))
        .verdict()
}
