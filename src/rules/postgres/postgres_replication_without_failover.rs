//! `postgres-replication-without-failover`

use crate::index::postgres::{Evidence, Replication, Server, promotes};
use crate::index::{Chart, Standing, Store};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};

/// Parts of the names of images and variables that belong to what promotes a standby.
const NAMES: &[&str] = &["patroni", "repmgr", "stolon", "autoctl", "auto_failover", "auto-failover", "failover"];

const HELP: &str = "writes stop until a person promotes a standby and points clients to it: use an operator \
                    (CloudNativePG), or a failover manager (Patroni, repmgr)";

rule!(PostgresReplicationWithoutFailover, "postgres/postgres-replication-without-failover.md", |walk| {
    walk.environment(|cx| {
        let index = cx.index();
        for release in index.postgres_releases() {
            let workloads = release.iter().filter_map(|it| index.workload_of(it.object));
            let running = workloads.filter(|it| !it.is_switched_off());
            let servers: Vec<Server<'_>> = running.filter_map(|it| index.postgres_server(it)).collect();
            judge_release(&servers, cx);
        }
    });
    walk.each(|index| index.chart_releases(), judge_chart);
});

fn judge_chart(chart: &Chart<'_>, cx: &mut Context<'_>) -> Verdict {
    if chart.store() != Some(Store::Postgres) {
        return Verdict::NotApplicable;
    }
    let Standing::NoFailover(fact) = chart.standing(Store::Postgres) else { return Verdict::NotApplicable };
    let message = format!(
        "{} has standbys, and its chart promotes none when the primary fails: {}",
        chart.object.title(),
        fact.words
    );
    cx.fail(chart.object, fact.place, message).help(HELP).heuristic().verdict()
}

/// Judges the first of a database's workloads that has standbys.
fn judge_release(servers: &[Server<'_>], cx: &mut Context<'_>) {
    let index = cx.index();
    let mut found = None;
    for server in servers {
        let Replication::Standbys(evidence) = index.replication(server) else { continue };
        if evidence.manager.is_some() {
            return cx.judge(server.object(), Verdict::Pass);
        }
        found = found.or(Some((server, evidence)));
    }
    if let Some((server, evidence)) = found {
        let verdict = judge(server.object(), evidence, servers, cx);
        cx.judge(server.object(), verdict);
    }
}

fn judge(object: &Object, evidence: Evidence, servers: &[Server<'_>], cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let is_named = |it: &str| {
        let text = it.to_ascii_lowercase();
        NAMES.iter().any(|word| text.contains(word))
    };
    let is_promoted = servers.iter().any(|it| {
        index.texts_of(it).iter().any(promotes)
            || it.variables.iter().any(|variable| is_named(&variable.name))
            || it.workload.containers().any(|container| is_named(container.image_name()))
    });
    if is_promoted {
        return Verdict::Pass;
    }
    if let Some(name) = servers.iter().find_map(|it| index.missing_config_map(it)) {
        return Verdict::open(format!("ConfigMap {name}, which the pods mount, is not among the manifests"));
    }
    let message = format!("{} has standbys, and nothing promotes one when the primary fails", object.title());
    let mut place = object.name_place();
    place.span = evidence.span;
    cx.fail(object, place, message)
        .label(object.name_span(), format!("{} makes its standbys", evidence.what))
        .help(HELP)
        .heuristic()
        .verdict()
}
