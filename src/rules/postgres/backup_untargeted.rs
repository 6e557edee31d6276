//! `backup-untargeted`

use crate::index::Index;
use crate::index::postgres::{BARMAN, BARMAN_PLUGIN, CNPG, Dump, EDB, Host, lacking, plugins};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::repairs::correct_name;
use crate::rules::words::is_open;
use crate::yaml::NodeRef;

rule!(BackupUntargeted, "postgres/backup-untargeted.md", |walk| {
    walk.of_kinds(&[(CNPG, "ScheduledBackup"), (EDB, "ScheduledBackup")], judge_schedule);
    walk.each(barman_plugins, |(cluster, plugin), cx| judge_store(cluster, plugin, cx));
    walk.each(|index| index.postgres_dumps(), judge_dump);
});

fn judge_schedule(schedule: &Object, cx: &mut Context<'_>) -> Verdict {
    let (index, group) = (cx.index(), schedule.group());
    let keys = ["spec", "cluster", "name"];
    let Some(name) = schedule.node().str_at(&keys) else { return Verdict::NotApplicable };
    if is_open(name) {
        return Verdict::open("the name of its cluster is a template placeholder");
    }
    if let Some(cluster) = index.find(schedule, group, "Cluster", name) {
        return judge_method(schedule, cluster, cx);
    }
    if index.environment().is_fragment {
        return Verdict::open(format!("Cluster {name} may stand in another file"));
    }
    let message = format!("{} backs Cluster {name} up", schedule.title());
    let help = "it only looks in its own namespace, and takes no backups until a Cluster of that name is there";
    if let Some(elsewhere) = index.named(group, "Cluster", name).first() {
        let namespace = elsewhere.namespace().unwrap_or("default");
        return cx
            .fail(schedule, schedule.place(&keys), format!("{message}, which is in namespace {namespace}"))
            .label(elsewhere.name_span(), "it is here")
            .help(help)
            .verdict();
    }
    if cx.run().with_object(group, "Cluster", name).next().is_some() {
        return Verdict::Pass;
    }
    let near = index.first_beside(schedule, group, "Cluster");
    let written = schedule.node().at(&["spec", "cluster", "name"]);
    let repair = correct_name(schedule, written, name, (group, "Cluster"), index);
    match (near, index.unseen_maker_near(schedule)) {
        (_, Some(maker)) => Verdict::open(format!("{} may make Cluster {name}", maker.title())),
        (None, None) => Verdict::open(format!("no Cluster {name} is among the manifests")),
        (Some(near), None) => cx
            .fail(schedule, schedule.place(&keys), format!("{message}, and there is none of that name"))
            .label(near.name_span(), format!("this one is called {}", near.name()))
            .help(help)
            .fix(repair)
            .verdict(),
    }
}

/// Each backup by a method that the Cluster does not have fails.
fn judge_method(schedule: &Object, cluster: &Object, cx: &mut Context<'_>) -> Verdict {
    let keys = ["spec", "method"];
    if schedule.node().str_at(&keys).is_some_and(is_open) {
        return Verdict::open("its method is a template placeholder");
    }
    let Some(missing) = lacking(schedule, cluster) else { return Verdict::Pass };
    let default = if schedule.node().at(&keys).is_none() { " (the default method)" } else { "" };
    let title = cluster.title();
    let message = format!("{} needs {missing}{default}, which {title} does not have", schedule.title());
    let plugin = plugins(cluster).find_map(|it| it.str_at(&["name"]));
    let help = match plugin {
        Some(plugin) => format!("each backup fails: set method: plugin, and pluginConfiguration.name: {plugin}"),
        None => "each backup fails: give the Cluster that part, or the schedule another method".to_owned(),
    };
    cx.fail(schedule, schedule.place(&keys), message)
        .label(cluster.name_span(), "the Cluster")
        .help(help)
        .absent(&[])
        .verdict()
}

/// The Barman Cloud plugins of clusters.
fn barman_plugins<'a>(index: &'a Index<'a>) -> impl Iterator<Item = (&'a Object, NodeRef<'a>)> {
    let clusters = index.of_kind(CNPG, "Cluster").chain(index.of_kind(EDB, "Cluster"));
    let all = clusters.flat_map(|cluster| plugins(cluster).map(move |it| (cluster, it)));
    all.filter(|it| it.1.str_at(&["name"]) == Some(BARMAN_PLUGIN))
}

/// An ObjectStore is looked for in the namespace of the Cluster alone.
fn judge_store(cluster: &Object, plugin: NodeRef<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let keys = ["parameters", "barmanObjectName"];
    let Some(name) = plugin.str_at(&keys) else { return Verdict::NotApplicable };
    if is_open(name) {
        return Verdict::open("the name of its ObjectStore is a template placeholder");
    }
    let is_there = |it: &Index<'_>| it.object_store(cluster, plugin).is_some();
    if is_there(index) || cx.anywhere_in_run(is_there) {
        return Verdict::Pass;
    }
    if index.environment().is_fragment {
        return Verdict::open(format!("ObjectStore {name} may stand in another file"));
    }
    let elsewhere = index.named(BARMAN, "ObjectStore", name).first().copied();
    let near = index.first_beside(cluster, BARMAN, "ObjectStore");
    let maker = index.unseen_maker_near(cluster).filter(|_| elsewhere.is_none());
    let (there, text) = match (elsewhere, near, maker) {
        (Some(there), ..) => (there, format!("which is in namespace {}", there.namespace().unwrap_or("default"))),
        (None, Some(near), None) => (near, "and there is none of that name".to_owned()),
        _ => return Verdict::open(format!("ObjectStore {name} is not among the manifests")),
    };
    let message = format!("{} archives to ObjectStore {name}, {text}", cluster.title());
    cx.fail(cluster, cluster.place_in(plugin, &keys), message)
        .label(there.name_span(), format!("ObjectStore {} is here", there.name()))
        .help("the plugin looks in the Cluster's own namespace: nothing is archived or backed up until it is there")
        .verdict()
}

fn judge_dump(dump: &Dump<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(host) = dump.host.filter(|it| !is_open(it.text) && !it.text.starts_with('$')) else {
        return Verdict::open("the host that it dumps is not in the manifests");
    };
    let Host::Nothing(elsewhere) = index.postgres_host(dump.by, host.text) else { return Verdict::Pass };
    if index.environment().is_fragment {
        return Verdict::open(format!("what {} leads to may stand in another file", host.text));
    }
    if elsewhere.is_none() && cx.anywhere_in_run(|it| !matches!(it.postgres_host(dump.by, host.text), Host::Nothing(_)))
    {
        return Verdict::Pass;
    }
    let Some(database) = index.database_near(dump.by).or(elsewhere) else {
        return Verdict::open(format!("nothing in the manifests is called {}", host.text));
    };
    if let Some(maker) = index.unseen_maker_near(dump.by).filter(|_| elsewhere.is_none()) {
        return Verdict::open(format!("{} may make what {} leads to", maker.title(), host.text));
    }
    let message = format!("{} dumps the database at {}", dump.by.title(), host.text);
    match elsewhere {
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
    }
    .evidence("host", host.text)
    .heuristic()
    .verdict()
}
