//! `backup-untargeted`

use crate::index::Nearness;
use crate::index::postgres::{CNPG, Dump, EDB, Host};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule};
use crate::rules::words::is_open;

pub(in crate::rules) struct BackupUntargeted;

impl Rule for BackupUntargeted {
    const PAGE: &'static str = include_str!("../../../rules/postgres/backup-untargeted.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        let index = cx.index();
        for group in [CNPG, EDB] {
            for schedule in index.of_kind(group, "ScheduledBackup") {
                check_schedule(schedule, group, cx);
            }
        }
        for dump in index.postgres_dumps() {
            check_dump(&dump, cx);
        }
    }
}

fn check_schedule(schedule: &Object, group: &str, cx: &mut Context<'_>) {
    let index = cx.index();
    let keys = ["spec", "cluster", "name"];
    let Some(name) = schedule.node().str_at(&keys) else { return };
    if is_open(name) {
        return cx.not_verifiable(schedule, "the name of its cluster is filled in later");
    }
    if index.find(schedule, group, "Cluster", name).is_some() {
        return cx.pass(schedule);
    }
    if index.environment().is_fragment {
        return cx.not_verifiable(schedule, format!("Cluster {name} may stand in another file"));
    }
    let message = format!("{} backs Cluster {name} up", schedule.title());
    let help = "it only looks in its own namespace, and takes no backups until a Cluster of that name is there";
    if let Some(elsewhere) = index.named(group, "Cluster", name).first() {
        let namespace = elsewhere.namespace().unwrap_or("default");
        cx.fail(schedule, schedule.place(&keys), format!("{message}, which is in namespace {namespace}"))
            .label(elsewhere.name_span(), "it is here")
            .help(help);
        return;
    }
    if cx.run().with_object(group, "Cluster", name).next().is_some() {
        return cx.pass(schedule);
    }
    let near = index.of_kind(group, "Cluster").find(|it| index.nearness(schedule, it) == Nearness::Same);
    match (near, index.unseen_maker_near(schedule)) {
        (_, Some(maker)) => cx.not_verifiable(schedule, format!("{} may make Cluster {name}", maker.title())),
        (None, None) => cx.not_verifiable(schedule, format!("no Cluster {name} is among the manifests")),
        (Some(near), None) => {
            cx.fail(schedule, schedule.place(&keys), format!("{message}, and there is none of that name"))
                .label(near.name_span(), format!("this one is called {}", near.name()))
                .help(help);
        }
    }
}

fn check_dump(dump: &Dump<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    let Some(host) = dump.host.filter(|it| !is_open(it.text) && !it.text.starts_with('$')) else {
        return cx.not_verifiable(dump.by, "the host that it dumps is not in the manifests");
    };
    let Host::Nothing(elsewhere) = index.postgres_host(dump.by, host.text) else { return cx.pass(dump.by) };
    if index.environment().is_fragment {
        return cx.not_verifiable(dump.by, format!("what {} leads to may stand in another file", host.text));
    }
    if elsewhere.is_none() && cx.anywhere_in_run(|it| !matches!(it.postgres_host(dump.by, host.text), Host::Nothing(_)))
    {
        return cx.pass(dump.by);
    }
    let Some(database) = index.database_near(dump.by).or(elsewhere) else {
        return cx.not_verifiable(dump.by, format!("nothing in the manifests is called {}", host.text));
    };
    if let Some(maker) = index.unseen_maker_near(dump.by).filter(|_| elsewhere.is_none()) {
        return cx.not_verifiable(dump.by, format!("{} may make what {} leads to", maker.title(), host.text));
    }
    let message = format!("{} dumps the database at {}", dump.by.title(), host.text);
    let mut draft = match elsewhere {
        Some(there) => {
            let namespace = there.namespace().unwrap_or("default");
            cx.fail(dump.by, host.place(), format!("{message}, and {} is in namespace {namespace}", there.title()))
                .label(there.name_span(), "it is here")
                .help(format!("write {}.{namespace}.svc", host.text))
        }
        None => cx
            .fail(dump.by, host.place(), format!("{message}, and no Service is called so"))
            .label(database.name_span(), format!("{} is the database of that namespace", database.title()))
            .help("the Job fails every time, and its failures are the only sign: correct the host"),
    };
    draft = draft.evidence("host", host.text);
    draft.heuristic();
}
