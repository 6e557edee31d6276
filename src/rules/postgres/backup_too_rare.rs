//! `backup-too-rare`

use crate::index::PostgresCluster;
use crate::index::postgres::{Archive, Schedule};
use crate::model::cron::{Rhythm, seconds};
use crate::rule::{Context, Rule};
use crate::rules::words::list;

pub(in crate::rules) struct BackupTooRare;

/// A duration such as `24h` or `7d`.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(try_from = "String")]
pub(in crate::rules) struct Interval(i64);

impl TryFrom<String> for Interval {
    type Error = String;

    fn try_from(text: String) -> Result<Interval, String> {
        seconds(&text).map(Interval).ok_or_else(|| format!("`{text}` is no duration such as 24h or 7d"))
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::rules) struct Params {
    #[serde(default = "day")]
    max_interval: Interval,
}

fn day() -> Interval {
    Interval(24 * 3600)
}

impl Default for Params {
    fn default() -> Self {
        Params { max_interval: day() }
    }
}

impl Rule for BackupTooRare {
    const PAGE: &'static str = include_str!("../../../rules/postgres/backup-too-rare.md");
    type Params = Params;

    fn check(params: &Params, cx: &mut Context<'_>) {
        let index = cx.index();
        let mut rare: Vec<(Schedule<'_>, Vec<&PostgresCluster<'_>>)> = Vec::new();
        for cluster in index.postgres_clusters() {
            let Some(schedule) = most_frequent(cluster, params, cx) else { continue };
            // One schedule may be all that several databases have.
            match rare.iter_mut().find(|it| it.0.place == schedule.place) {
                Some((_, clusters)) => clusters.push(cluster),
                None => rare.push((schedule, vec![cluster])),
            }
        }
        for (schedule, clusters) in &rare {
            report(schedule, clusters, params, cx);
        }
    }
}

/// The most frequent of a database's schedules, if it is too rare.
fn most_frequent<'a>(cluster: &PostgresCluster<'a>, params: &Params, cx: &mut Context<'a>) -> Option<Schedule<'a>> {
    let object = cluster.object;
    let schedules = cx.index().backup_schedules(cluster);
    let gap = |it: &Schedule<'_>| match it.rhythm {
        Some(Rhythm::LongestGap(seconds)) => Some(seconds),
        Some(Rhythm::Never) => Some(i64::MAX),
        None => None,
    };
    let known = schedules.iter().filter_map(|it| Some((gap(it)?, it))).min_by_key(|it| it.0);
    if known.is_some_and(|it| it.0 <= params.max_interval.0) {
        cx.pass(object);
        return None;
    }
    if schedules.iter().any(|it| gap(it).is_none()) {
        cx.not_verifiable(object, "a schedule of its backups is filled in later, or cannot be read");
        return None;
    }
    known.map(|it| it.1.clone())
}

fn report(schedule: &Schedule<'_>, clusters: &[&PostgresCluster<'_>], params: &Params, cx: &mut Context<'_>) {
    let titles: Vec<String> = clusters.iter().map(|it| it.object.title()).collect();
    let databases = list(&titles);
    let allowed = words(params.max_interval.0);
    let message = match schedule.rhythm {
        Some(Rhythm::LongestGap(gap)) => {
            format!("up to {} lie between two backups of {databases}, {allowed} are allowed", words(gap))
        }
        _ => format!("the day of this schedule never comes: {databases} gets no backups"),
    };
    let archives = clusters.iter().all(|it| matches!(cx.index().wal_archive(it), Archive::Shown));
    let is_never = schedule.rhythm == Some(Rhythm::Never);
    let mut draft = cx.fail(schedule.by, schedule.place.clone(), message);
    for cluster in clusters.iter().filter(|it| it.object.id() != schedule.by.id()).take(3) {
        draft = draft.label(cluster.object.name_span(), "the database");
    }
    if archives && !is_never {
        draft.case("with-wal").help(
            "its WAL is archived, so that little is lost, but a restore has to replay all of it since the last backup: \
             take backups more often",
        );
    } else {
        draft.help("whatever was written since the last backup is lost with the database: take backups more often");
    }
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
