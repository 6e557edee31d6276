//! `postgres-service-splits-writes`

use crate::index::postgres::{Evidence, Family, Replication, Server, is_named_follower};
use crate::index::{Nearness, ScaledBy};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresAutoscaled;
use crate::rules::postgres::PostgresReplicationMissing;
use crate::yaml::NodeRef;

/// Labels that tell the primary from its standbys, or one pod from the others.
const ROLE_LABELS: &[&str] = &[
    "role",
    "spilo-role",
    "cnpg.io/instanceRole",
    "postgres-operator.crunchydata.com/role",
    "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index",
    "stolon-role",
    "app.kubernetes.io/component",
];

/// Words in the name of a Service that is there for reading.
const READ_WORDS: &[&str] = &["read", "readonly", "ro", "r", "repl", "replica", "replicas", "standby", "slave"];

rule!(PostgresServiceSplitsWrites, "postgres/postgres-service-splits-writes.md", |walk| walk.environment(|cx| {
    let servers = cx.index().postgres_servers();
    let poolers = if servers.is_empty() { Vec::new() } else { cx.index().postgres_poolers() };
    cx.judge_each(servers, |it, cx| judge_server(&it, &poolers, cx));
}));

/// Judges the Services before a server; the server itself where there is none.
fn judge_server(server: &Server<'_>, poolers: &[&Object], cx: &mut Context<'_>) -> Verdict {
    let (index, object) = (cx.index(), server.object());
    let pods = match server.workload.scale.ceiling.or(server.workload.scale.floor) {
        Some(..=1) => return Verdict::NotApplicable,
        Some(pods) => pods,
        None => return Verdict::open("the number of replicas is a template placeholder"),
    };
    let services: Vec<&Object> = index
        .services_of_workload(server.workload)
        .filter(|it| index.nearness(it, object) == Nearness::Same && is_for_writes(it, cx))
        .collect();
    if services.is_empty() {
        return Verdict::Pass;
    }
    let replication = index.replication(server);
    let is_pooler = |it: &&Object| it.id() != object.id() && index.nearness(it, object) == Nearness::Same;
    let has_pooler = poolers.iter().any(is_pooler);
    let is_routed = has_pooler || is_only_primary_ready(server) || is_named_follower(object);
    for service in services {
        let verdict = match &replication {
            Replication::Unknown(reason) => Verdict::open(reason.clone()),
            Replication::Standbys(_) if is_routed => Verdict::Pass,
            Replication::Standbys(evidence) => judge_service(service, server, pods, evidence, cx),
            Replication::Nothing | Replication::PrimaryOnly(_) => {
                let (by, carrier) = match server.workload.scale.by {
                    ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler) if server.workload.scale.floor < Some(2) => {
                        (PostgresAutoscaled::ID, scaler)
                    }
                    _ => (PostgresReplicationMissing::ID, object),
                };
                let span = service.place(&["spec", "selector"]).span;
                cx.blocked(service, by, carrier, span, "this Service spreads reads and writes over them")
            }
        };
        cx.judge(service, verdict);
    }
    Verdict::NotApplicable
}

fn judge_service(
    service: &Object,
    server: &Server<'_>,
    pods: i64,
    evidence: &Evidence,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = server.object();
    let message = format!(
        "{} spreads connections over the {pods} pods of {}: writes that reach a standby fail",
        service.title(),
        object.title()
    );
    cx.fail(service, service.place(&["spec", "selector"]), message)
        .evidence("pods", pods)
        .label(object.name_span(), "runs the primary and its standbys")
        .label(evidence.span, format!("{} says that standbys follow", evidence.what))
        .help(help(server))
        .verdict()
}

fn help(server: &Server<'_>) -> &'static str {
    match server.family {
        Family::Managed("Patroni") => {
            "Patroni labels the leader: add that label (role: primary, master in versions before 4) to the selector, and \
             make a second Service for reading"
        }
        Family::Managed("repmgr") => {
            "repmgr does not label the primary: put Pgpool-II or another proxy before the pods"
        }
        Family::Managed("Stolon") => "let clients connect to stolon-proxy, which knows the primary",
        _ => {
            "select the primary alone, by a label that the failover manager moves, or by \
             statefulset.kubernetes.io/pod-name while nothing fails over; name a Service for reading *-read"
        }
    }
}

/// Whether clients write through a Service: it balances over all pods, and its name does not say otherwise.
fn is_for_writes(service: &Object, cx: &Context<'_>) -> bool {
    let spec = service.node();
    let is_headless = spec.at(&["spec", "clusterIP"]).map(NodeRef::text) == Some("None");
    let selector = spec.at(&["spec", "selector"]);
    let has_role = selector.is_some_and(|it| it.entries().any(|entry| is_role(entry.name(), entry.value.text())));
    let is_read = service.name().split('-').any(|it| READ_WORDS.contains(&it));
    !is_headless && !has_role && !is_read && !cx.index().is_monitoring_service(service)
}

/// Whether the readiness probe asks Patroni for the leader, so that no other pod is ready.
fn is_only_primary_ready(server: &Server<'_>) -> bool {
    let path = server.container.node().str_at(&["readinessProbe", "httpGet", "path"]);
    path.is_some_and(|it| matches!(it, "/primary" | "/master" | "/leader" | "/read-write"))
}

/// A label of the pods' role; a component is one only if it says so.
fn is_role(key: &str, value: &str) -> bool {
    let says_role = matches!(value, "primary" | "master" | "leader" | "read" | "replica" | "standby" | "slave");
    if key == "app.kubernetes.io/component" { says_role } else { ROLE_LABELS.contains(&key) || says_role }
}
