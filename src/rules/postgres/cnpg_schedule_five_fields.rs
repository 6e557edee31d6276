//! `cnpg-schedule-five-fields`

use crate::index::postgres::{CNPG, EDB};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::is_open;

pub(crate) struct CnpgScheduleFiveFields;

impl Rule for CnpgScheduleFiveFields {
    const PAGE: &'static str = include_str!("../../../rules/postgres/cnpg-schedule-five-fields.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for object in index.of_kind(CNPG, "ScheduledBackup").chain(index.of_kind(EDB, "ScheduledBackup")) {
                check_schedule(object, cx);
            }
        });
    }
}

fn check_schedule(object: &Object, cx: &mut Context<'_>) {
    let keys = ["spec", "schedule"];
    let Some(schedule) = object.node().str_at(&keys) else { return };
    if is_open(schedule) {
        return cx.not_verifiable(object, "the schedule is a template placeholder");
    }
    let fields: Vec<&str> = schedule.split_whitespace().collect();
    if schedule.starts_with('@') || fields.len() != 5 {
        return cx.pass(object);
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
        .help(format!("write \"0 {schedule}\" for what a CronJob would do"));
}
