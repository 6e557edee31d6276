//! `postgres-replication-missing`

use crate::index::postgres::{Data, Evidence, Family, Replication, Server, Volume};
use crate::model::WorkloadKind;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::postgres::PostgresAsDeployment;
use crate::rules::words::{count, list};

const HELP: &str = "each pod initialises a database of its own, and a row written to one is not in the others: let an \
                    operator run them (CloudNativePG with instances: 3), or set up streaming replication with a \
                    failover manager (Patroni, repmgr); until then run 1 replica";

cases!(PostgresReplicationMissing: PRIMARY_ONLY = "primary-only");

rule!(PostgresReplicationMissing, "postgres/postgres-replication-missing.md", |walk| walk.environment(|cx| {
    let index = cx.index();
    for release in index.postgres_releases() {
        let workloads = release.iter().filter_map(|it| index.workload_of(it.object));
        let servers: Vec<Server<'_>> = workloads
            .filter(|it| it.kind.is_replicated() && !it.is_switched_off())
            .filter_map(|it| index.postgres_server(it))
            .collect();
        judge_release(&servers, cx);
    }
}));

/// Judges the workloads of one database: each that runs several pods, or else all of them together.
fn judge_release<'a>(servers: &[Server<'a>], cx: &mut Context<'a>) {
    let floors: Option<Vec<i64>> = servers.iter().map(|it| it.workload.scale.floor).collect();
    let Some(floors) = floors else {
        let open = servers.iter().filter(|it| it.workload.scale.floor.is_none());
        return cx.judge_each(open, |_, _| Verdict::open("the number of replicas is a template placeholder"));
    };
    let total: i64 = floors.iter().sum();
    if total < 2 {
        return; // `postgres-too-few-instances` reports it.
    }
    let replications: Vec<Replication> = servers.iter().map(|it| cx.index().replication(it)).collect();
    let has_standbys = replications.iter().any(|it| matches!(it, Replication::Standbys(_)));
    let is_one_each = floors.iter().all(|it| *it < 2);
    if is_one_each && !has_standbys {
        let verdict = judge_parts(servers, &replications, total, cx);
        return cx.judge(servers[0].object(), verdict);
    }
    for ((server, replication), floor) in servers.iter().zip(replications).zip(floors) {
        let verdict = match floor {
            2.. => judge_server(server, replication, floor, cx),
            _ if has_standbys => Verdict::Pass,
            _ => Verdict::NotApplicable,
        };
        cx.judge(server.object(), verdict);
    }
}

fn judge_server(server: &Server<'_>, replication: Replication, pods: i64, cx: &mut Context<'_>) -> Verdict {
    let object = server.object();
    let weak = match replication {
        Replication::Standbys(_) => return Verdict::Pass,
        Replication::Unknown(reason) => return Verdict::open(reason),
        Replication::PrimaryOnly(evidence) => Some(evidence),
        Replication::Nothing => None,
    };
    // Each pod of a StatefulSet may have a folder of its own on what they share.
    let is_shared = match server.data() {
        Data::In(mount) => mount.node.get("subPathExpr").is_none() && matches!(mount.volume, Volume::Claim(_)),
        _ => false,
    };
    if (server.workload.kind != WorkloadKind::StatefulSet || is_shared)
        && let Some(claim) = server.mounts().iter().find_map(|it| match it.volume {
            Volume::Claim(volume) => Some(volume),
            _ => None,
        })
    {
        let text = "all pods share this claim, and two servers must not open one data directory";
        let span = claim.place(&["persistentVolumeClaim"]);
        return cx.blocked(object, PostgresAsDeployment::ID, object, span, text);
    }
    let databases = match &weak {
        Some(it) if is_certain(it) => format!("{} makes a primary of each", it.what),
        Some(it) => format!("{} prepares a primary, and nothing makes the others its standbys", it.what),
        None => format!("nothing replicates between them, so they are {pods} separate databases"),
    };
    let message = format!("{} runs {} of PostgreSQL: {databases}", object.title(), count(pods, "pod"));
    let draft = cx
        .fail(object, server.workload.scale_place(), message)
        .evidence("pods", pods)
        .evidence("family", family_name(server.family))
        .help(HELP)
        .label(server.container.node().place(&["image"]), image_text(server.family));
    let draft = match weak {
        Some(it) if is_certain(&it) => draft.label(it.span, "all pods read the same value"),
        Some(Evidence { what, span, .. }) => {
            draft.label(span, format!("{what} is about the primary")).case(PRIMARY_ONLY)
        }
        None => draft,
    };
    if server.family == Family::Mirror { draft.heuristic() } else { draft }.verdict()
}

/// Whether what covers a primary says that all are one.
fn is_certain(evidence: &Evidence) -> bool {
    evidence.what.ends_with("_REPLICATION_MODE")
}

/// A primary and its standbys as workloads of one pod each: their names say that they belong together.
fn judge_parts(servers: &[Server<'_>], replications: &[Replication], total: i64, cx: &mut Context<'_>) -> Verdict {
    let unknown = replications.iter().find_map(|it| match it {
        Replication::Unknown(reason) => Some(reason),
        _ => None,
    });
    if let Some(reason) = unknown {
        return Verdict::open(reason.clone());
    }
    let object = servers[0].object();
    let names: Vec<String> = servers.iter().map(|it| it.object().name().to_owned()).collect();
    let message = format!(
        "{} look like one PostgreSQL, and nothing replicates between them: they are {total} separate databases",
        list(&names)
    );
    cx.fail(object, object.name_place(), message)
        .evidence("pods", total)
        .help(
            "give the standbys what makes them follow (pg_basebackup and primary_conninfo), or let an operator run all",
        )
        .heuristic()
        .labels(servers[1..].iter().map(|it| (it.object().name_span(), "initialises a database of its own")))
        .verdict()
}

fn family_name(family: Family) -> &'static str {
    match family {
        Family::Official => "official",
        Family::Mirror => "postgres of another registry",
        Family::Bitnami => "bitnami",
        Family::Managed(manager) => manager,
        Family::Other => "other",
    }
}

fn image_text(family: Family) -> &'static str {
    match family {
        Family::Bitnami => "Bitnami's image replicates only where POSTGRESQL_REPLICATION_MODE is slave in the standbys",
        _ => "this image starts one server on its own data, whatever the other pods do",
    }
}
