//! `cnpg-schedule-five-fields`

use crate::index::postgres::{CNPG, EDB};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::words::is_open;
use crate::yaml::Value;

rule!(CnpgScheduleFiveFields, "postgres/cnpg-schedule-five-fields.md", |walk| walk
    .of_kinds(&[(CNPG, "ScheduledBackup"), (EDB, "ScheduledBackup")], judge));

fn judge(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let keys = ["spec", "schedule"];
    let Some(schedule) = object.node().str_at(&keys) else { return Verdict::NotApplicable };
    if is_open(schedule) {
        return Verdict::open("the schedule is a template placeholder");
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if schedule.starts_with('@') || fields.len() != 5 {
        return Verdict::Pass;
    }
    let message = format!(
        "{}: \"{schedule}\" has 5 fields, and the first of CloudNativePG's 6 are seconds: it runs at second {}, minute {}, hour {}",
        object.title(),
        fields[0],
        fields[1],
        fields[2]
    );
    cx.fail(object, object.place(&keys), message)
        .evidence("fields", fields.len())
        .fix(Repair::new().set(object, &keys, Value::text(format!("0 {schedule}"))))
        .help(format!("write \"0 {schedule}\" for what a CronJob would do"))
        .verdict()
}
