//! `backup-retention-missing`

use crate::index::PostgresCluster;
use crate::index::postgres::Repository;
use crate::rule::{Context, NoParams, Rule, Walk, cases};

pub(crate) struct BackupRetentionMissing;

cases!(BackupRetentionMissing: OBJECT_STORE = "object-store");

impl Rule for BackupRetentionMissing {
    const PAGE: &'static str = include_str!("../../../rules/postgres/backup-retention-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for cluster in index.postgres_clusters().iter().filter(|it| !it.is_standby && it.instances != Some(0)) {
                let repositories = index.repositories(cluster.object);
                for repository in &repositories {
                    check_repository(cluster, repository, &repositories, cx);
                }
            }
        });
    }
}

fn check_repository(
    cluster: &PostgresCluster<'_>,
    repository: &Repository<'_>,
    all: &[Repository<'_>],
    cx: &mut Context<'_>,
) {
    let object = cluster.object;
    let name = repository.name;
    let place = object.place_in(repository.node, &["name"]);
    let other = all.iter().find(|it| it.has_schedule && it.name != name);
    if let Some(other) = other.filter(|_| repository.is_volume && !repository.has_schedule) {
        let message = format!(
            "{} archives to {name} as well, which has no schedule: its volume fills with WAL that no backup lets go",
            object.title()
        );
        let label = other.node.place(&["schedules"]);
        cx.fail(object, place, message)
            .label(label, format!("{} has schedules", other.name))
            .help(format!("give {name} a schedule and {name}-retention-full, or remove it"));
        return;
    }
    match repository.has_retention {
        Some(true) => return cx.pass(object),
        Some(false) => {}
        None => return cx.not_verifiable(object, format!("a ConfigMap may set {name}-retention-full")),
    }
    let setting = format!("{name}-retention-full");
    if repository.is_volume {
        let message = format!("{} keeps all backups in {name} for ever: its volume fills up", object.title());
        cx.fail(object, place, message).help(format!(
            "when it is full, archiving stops and WAL fills the data volume next: set {setting} in pgbackrest.global"
        ));
    } else {
        let message = format!("{} keeps all backups in {name} for ever", object.title());
        cx.fail(object, place, message)
            .case(OBJECT_STORE)
            .help(format!("set {setting} in pgbackrest.global; lifecycle rules of a bucket break chains of backups"));
    }
}
