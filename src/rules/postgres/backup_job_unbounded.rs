//! `backup-job-unbounded`

use crate::model::Object;
use crate::rule::{Context, Verdict, cases, rule};

/// The controller looks every 10 seconds: what must start sooner may never start.
const SHORTEST: i64 = 10;

cases!(BackupJobUnbounded: NEVER_STARTS = "never-starts");

rule!(BackupJobUnbounded, "postgres/backup-job-unbounded.md", |walk| walk
    .each(|index| index.postgres_backup_jobs(), judge));

fn judge(job: &Object, cx: &mut Context<'_>) -> Verdict {
    let spec = job.node();
    if spec.bool_at(&["spec", "suspend"]) == Some(true) {
        return Verdict::NotApplicable;
    }
    let starting = ["spec", "startingDeadlineSeconds"];
    let mut verdict = Verdict::Pass;
    if let Some(seconds) = spec.int_at(&starting).filter(|it| (0..SHORTEST).contains(it)) {
        let message = format!("{} must start within {seconds} s, and the controller looks every 10 s", job.title());
        verdict = cx
            .fail(job, job.place(&starting), message)
            .case(NEVER_STARTS)
            .evidence("seconds", seconds)
            .help("backups are left out without a word: allow an hour, or leave startingDeadlineSeconds out")
            .verdict();
    }
    let policy = ["spec", "concurrencyPolicy"];
    let of_job = ["spec", "jobTemplate", "spec", "activeDeadlineSeconds"];
    let of_pod = ["spec", "jobTemplate", "spec", "template", "spec", "activeDeadlineSeconds"];
    let is_bounded = spec.at(&of_job).or_else(|| spec.at(&of_pod)).is_some();
    if spec.str_at(&policy) == Some("Forbid") && !is_bounded {
        let message =
            format!("{} has no deadline: one backup that hangs keeps all later ones from starting", job.title());
        verdict = cx
            .fail(job, job.place(&policy), message)
            .help("set activeDeadlineSeconds in jobTemplate.spec, above the longest time that a backup takes")
            .verdict();
    }
    verdict
}
