//! `backup-retention-missing`

use crate::index::postgres::Repository;
use crate::model::Object;
use crate::rule::{Context, Verdict, cases, rule};

cases!(BackupRetentionMissing: OBJECT_STORE = "object-store");

rule!(BackupRetentionMissing, "postgres/backup-retention-missing.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    for cluster in index.postgres_clusters().iter().filter(|it| !it.is_standby && it.instances != Some(0)) {
        let repositories = index.repositories(cluster.object);
        for repository in &repositories {
            let verdict = judge(cluster.object, repository, &repositories, cx);
            cx.judge(cluster.object, verdict);
        }
    }
}));

fn judge(object: &Object, repository: &Repository<'_>, all: &[Repository<'_>], cx: &mut Context<'_>) -> Verdict {
    let name = repository.name;
    let place = object.place_in(repository.node, &["name"]);
    let other = all.iter().find(|it| it.has_schedule && it.name != name);
    if let Some(other) = other.filter(|_| repository.is_volume && !repository.has_schedule) {
        let message = format!(
            "{} archives to {name} as well, which has no schedule: its volume fills with WAL that no backup lets go",
            object.title()
        );
        let label = other.node.place(&["schedules"]);
        return cx
            .fail(object, place, message)
            .label(label, format!("{} has schedules", other.name))
            .help(format!("give {name} a schedule and {name}-retention-full, or remove it"))
            .verdict();
    }
    match repository.has_retention {
        Some(true) => return Verdict::Pass,
        Some(false) => {}
        None => return Verdict::open(format!("a ConfigMap may set {name}-retention-full")),
    }
    let setting = format!("{name}-retention-full");
    if repository.is_volume {
        let message = format!("{} keeps all backups in {name} for ever: its volume fills up", object.title());
        let effect = "when it is full, archiving stops and WAL fills the data volume next";
        cx.fail(object, place, message).help(format!("{effect}: set {setting} in pgbackrest.global")).verdict()
    } else {
        let message = format!("{} keeps all backups in {name} for ever", object.title());
        cx.fail(object, place, message)
            .case(OBJECT_STORE)
            .help(format!("set {setting} in pgbackrest.global; lifecycle rules of a bucket break chains of backups"))
            .verdict()
    }
}
