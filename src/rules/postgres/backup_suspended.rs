//! `backup-suspended`

use crate::index::postgres::SUSPENSIONS;
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};

rule!(BackupSuspended, "postgres/backup-suspended.md", |walk| {
    for &(group, kind, keys) in SUSPENSIONS {
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
