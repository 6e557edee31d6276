//! `postgres-grace-too-short`

use crate::index::postgres::{CNPG, EDB, Server};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::repairs::restarts;
use crate::yaml::NodeRef;

/// What CloudNativePG waits for by default, in seconds.
const STOP_DELAY: i64 = 1800;

/// Seconds below which a checkpoint of a busy server often does not end.
const ENOUGH: i64 = 60;
/// What Kubernetes gives a pod that says nothing.
const DEFAULT: i64 = 30;

rule!(PostgresGraceTooShort, "postgres/postgres-grace-too-short.md", |walk| {
    walk.each(|index| index.postgres_servers(), judge_server);
    walk.of_kinds(&[(CNPG, "Cluster"), (EDB, "Cluster")], judge_cluster);
});

fn judge_server(server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let Some(template) = server.template() else { return Verdict::NotApplicable };
    let keys = ["spec", "terminationGracePeriodSeconds"];
    let written = template.node().at(&keys);
    let Some(seconds) = written.map_or(Some(DEFAULT), NodeRef::as_int) else {
        return Verdict::open("the grace period is a template placeholder");
    };
    if seconds >= ENOUGH {
        return Verdict::Pass;
    }
    let by_default = if written.is_none() { " (the default)" } else { "" };
    let message = format!(
        "{} gives PostgreSQL {seconds} s{by_default} to stop: a longer checkpoint is cut off, and recovery follows",
        object.title()
    );
    let repair = Repair::new().set_in(object, template.node(), &keys, 120).effect(restarts(server.workload));
    cx.fail(object, object.place_in(template.node(), &keys), message)
        .evidence("seconds", seconds)
        .fix(repair)
        .help("set terminationGracePeriodSeconds: 120 or more; what is not used costs nothing")
        .verdict()
}

/// CloudNativePG waits for half an hour unless it is told otherwise.
fn judge_cluster(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let keys = ["spec", "stopDelay"];
    let Some(seconds) = object.node().at(&keys).map_or(Some(STOP_DELAY), NodeRef::as_int) else {
        return Verdict::open("stopDelay is a template placeholder");
    };
    if seconds >= ENOUGH {
        return Verdict::Pass;
    }
    let message = format!(
        "{} gives PostgreSQL {seconds} s to stop: a longer checkpoint is cut off, and recovery follows",
        object.title()
    );
    cx.fail(object, object.place(&keys), message)
        .evidence("seconds", seconds)
        .fix(Repair::new().titled("remove stopDelay").remove(object, &keys))
        .help(format!("leave stopDelay at its default of {STOP_DELAY}"))
        .verdict()
}
