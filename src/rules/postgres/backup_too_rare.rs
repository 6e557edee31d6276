//! `backup-too-rare`

use crate::index::PostgresCluster;
use crate::index::postgres::{Archive, Schedule};
use crate::model::cron::{Rhythm, seconds, together};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::list;

/// A duration such as `24h` or `7d`.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Interval(i64);

impl TryFrom<String> for Interval {
    type Error = String;

    fn try_from(text: String) -> Result<Interval, String> {
        seconds(&text).map(Interval).ok_or_else(|| format!("`{text}` is no duration such as 24h or 7d"))
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    max_interval: Interval,
}

cases!(BackupTooRare: WITH_WAL = "with-wal");

rule!(BackupTooRare, "postgres/backup-too-rare.md", Params, |params, walk| walk.environment(|cx| {
    let mut rare: Vec<Rare<'_>> = Vec::new();
    cx.judge_each(cx.index().postgres_clusters(), |it, cx| judge(params, it, &mut rare, cx));
    for it in &rare {
        report(params, it, cx);
    }
}));

/// Databases whose backups are too rare.
struct Rare<'a> {
    /// The most frequent schedule.
    schedule: Schedule<'a>,
    /// The others.
    others: Vec<Schedule<'a>>,
    /// That of all together.
    rhythm: Rhythm,
    clusters: Vec<&'a PostgresCluster<'a>>,
}

/// Judges the schedules of a database. If all together are too rare, they are told of all databases that have them.
fn judge<'a>(
    params: &Params,
    cluster: &'a PostgresCluster<'a>,
    rare: &mut Vec<Rare<'a>>,
    cx: &mut Context<'a>,
) -> Verdict {
    let mut schedules = cx.index().backup_schedules(cluster);
    let known: Vec<_> = schedules.iter().filter_map(|it| it.cron).collect();
    let rhythm = together(&known).filter(|_| !known.is_empty());
    if rhythm.is_some_and(|it| it.gap() <= params.max_interval.0) {
        return Verdict::Pass;
    }
    if schedules.iter().any(|it| it.cron.is_none()) {
        return Verdict::open("a schedule of its backups is a template placeholder, or cannot be read");
    }
    let Some(rhythm) = rhythm else { return Verdict::NotApplicable };
    schedules.sort_by_key(Schedule::gap);
    let schedule = schedules.remove(0);
    // One schedule may be all that several databases have.
    match rare.iter_mut().find(|it| it.schedule.place == schedule.place) {
        Some(known) => known.clusters.push(cluster),
        None => rare.push(Rare { schedule, others: schedules, rhythm, clusters: vec![cluster] }),
    }
    Verdict::Fail
}

fn report(params: &Params, rare: &Rare<'_>, cx: &mut Context<'_>) {
    let Rare { schedule, others, rhythm, clusters } = rare;
    let titles: Vec<String> = clusters.iter().map(|it| it.object.title()).collect();
    let databases = list(&titles);
    let allowed = words(params.max_interval.0);
    let message = match rhythm {
        Rhythm::LongestGap(gap) => {
            format!("up to {} lie between two backups of {databases}, {allowed} are allowed", words(*gap))
        }
        Rhythm::Never => format!("the day of this schedule never comes: {databases} gets no backups"),
    };
    let archives = clusters.iter().all(|it| matches!(cx.index().wal_archive(it), Archive::Shown));
    let is_never = *rhythm == Rhythm::Never;
    let (case, help) = if archives && !is_never {
        let help = "its WAL is archived, so that little is lost, but a restore has to replay all of it since the last \
                    backup: take backups more often";
        (Some(WITH_WAL), help)
    } else {
        (None, "whatever was written since the last backup is lost with the database: take backups more often")
    };
    let databases = clusters.iter().filter(|it| it.object.id() != schedule.by.id()).take(3);
    cx.fail(schedule.by, schedule.place.clone(), message)
        .maybe_case(case)
        .labels(databases.map(|it| (it.object.name_span(), "the database")))
        .labels(others.iter().take(2).map(|it| (it.place.span, "taken together with this schedule")))
        .help(help);
}

/// `36 hours`, `7 days`.
fn words(seconds: i64) -> String {
    let hours = seconds / 3600;
    match (hours, seconds % 3600) {
        (hours, 0) if hours > 48 && hours % 24 == 0 => format!("{} days", hours / 24),
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (0, _) => format!("{} minutes", seconds / 60),
        (hours, rest) => format!("{hours} hours {} minutes", rest / 60),
    }
}
