//! `postgres-probe-kills-recovery`

use crate::index::postgres::Server;
use crate::model::PROBE_HANDLERS;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::rules::new_objects::copy;
use crate::rules::repairs::restarts;
use crate::yaml::{NodeRef, Value};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    recovery_seconds: i64,
}

rule!(PostgresProbeKillsRecovery, "postgres/postgres-probe-kills-recovery.md", Params, |params, walk| walk
    .each(|index| index.postgres_servers(), |it, cx| judge(params, it, cx)));

fn judge(params: &Params, server: Server<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let container = server.container.node();
    let Some(liveness) = container.at(&["livenessProbe"]) else { return Verdict::NotApplicable };
    let Some(client) = refused_client(liveness) else { return Verdict::Pass };
    let patience = |probe: NodeRef<'_>| {
        let number = |key: &str, default: i64| probe.at(&[key]).map_or(Some(default), NodeRef::as_int);
        let attempts = number("periodSeconds", 10)?.checked_mul(number("failureThreshold", 3)?)?;
        number("initialDelaySeconds", 0)?.checked_add(attempts)
    };
    let startup = container.at(&["startupProbe"]);
    let (probe, name) = startup.map_or((liveness, "livenessProbe"), |it| (it, "startupProbe"));
    let Some(seconds) = patience(probe) else {
        return Verdict::open(format!("the numbers of the {name} are template placeholders"));
    };
    // A startup probe with a few minutes was thought about.
    let needed = if startup.is_some() { params.recovery_seconds.min(120) } else { params.recovery_seconds };
    if seconds >= needed {
        return Verdict::Pass;
    }
    let message = format!(
        "{} is killed when its recovery takes longer than {seconds} s: {client} fails until it is over",
        object.title()
    );
    let draft = cx
        .fail(object, object.place_in(container, &[name]), message)
        .evidence("seconds", seconds)
        .evidence("minimum", needed)
        .fix(startup_probe(&server, startup.is_some()));
    match startup {
        Some(_) => draft.help("after a crash the server replays its log first: raise failureThreshold so that periodSeconds times it is 600 or more"),
        None => draft
            .label(liveness.place(&["exec"]), format!("{client} fails while the server replays its log"))
            .help(
                "a killed recovery starts from the beginning, so that it never ends: add a startupProbe with the same \
                 command, periodSeconds: 10 and failureThreshold: 60, or let the livenessProbe open port 5432 (tcpSocket)",
            ),
    }
    .verdict()
}

/// A startup probe that asks what the readiness probe asks, for ten minutes.
fn startup_probe(server: &Server<'_>, has_one: bool) -> Option<Repair> {
    let (object, container) = (server.object(), server.container.node());
    if has_one {
        return None;
    }
    let readiness = container.at(&["readinessProbe"])?;
    let handler = PROBE_HANDLERS.into_iter().find_map(|it| Some((it, readiness.get(it)?)))?;
    let probe = Value::map([
        (handler.0, copy(object, handler.1)?),
        ("periodSeconds", 10.into()),
        ("failureThreshold", 60.into()),
    ]);
    let repair = Repair::new().set_in(object, container, &["startupProbe"], probe);
    Some(repair.effect(restarts(server.workload)))
}

/// The client that a probe runs and that a recovering server refuses; none if the probe forgives it.
fn refused_client(probe: NodeRef<'_>) -> Option<&'static str> {
    let words: Vec<&str> = probe.items_at(&["exec", "command"]).map(NodeRef::text).collect();
    let forgives =
        words.iter().any(|it| it.contains("|| true") || it.contains("|| exit 0") || it.contains("postmaster.pid"));
    let client = ["pg_isready", "psql"].into_iter().find(|name| words.iter().any(|it| it.contains(name)));
    client.filter(|_| !forgives)
}
