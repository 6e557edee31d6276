//! What several rules on probes ask: how two probes of a container compare, and what a probe depends on.

use super::judged::{is_judged, is_store};
use crate::index::Workload;
use crate::model::shell::{commands, program};
use crate::model::{Container, Object, Probe, ProbeTarget};
use crate::rule::{Context, Verdict, Walk};
use crate::rules::parts::judge_parts;
use crate::source::Span;

/// A container of an application.
#[derive(Clone, Copy)]
pub(super) struct Probed<'a> {
    pub(super) object: &'a Object,
    pub(super) container: Container<'a>,
}

impl<'a> Probed<'a> {
    /// [`Context::own_containers`] of a workload.
    pub(super) fn of(workload: &Workload<'a>, cx: &Context<'a>) -> Vec<Probed<'a>> {
        let probed = |it: &Container<'a>| Probed { object: workload.object, container: *it };
        cx.own_containers(workload).iter().map(probed).collect()
    }

    /// How messages name it.
    pub(super) fn title(self) -> String {
        format!("container {} of {}", self.container.name(), self.object.title())
    }

    pub(super) fn liveness(self) -> Option<Probe<'a>> {
        Probe::of(self.container, "livenessProbe")
    }

    pub(super) fn readiness(self) -> Option<Probe<'a>> {
        Probe::of(self.container, "readinessProbe")
    }

    /// Where one of its probes is written.
    pub(super) fn span(self, key: &str) -> Span {
        self.container.node().place(&[key])
    }

    /// Seconds until the container is killed and until it is taken from its Services, where the first comes first.
    pub(super) fn outrun(self) -> Option<(i64, i64)> {
        let liveness = self.liveness()?;
        let killed = liveness.patience()?.checked_add(liveness.timeout()?)?;
        let drained = self.readiness()?.patience()?;
        (killed < drained).then_some((killed, drained))
    }
}

/// Shows each probed container of the workloads that are judged, whose verdicts are that on the workload.
pub(super) fn probed_containers<'a>(
    walk: &mut Walk<'_, 'a>,
    judge: impl Fn(&Workload<'a>, Probed<'a>, &mut Context<'a>) -> Verdict,
) {
    walk.workloads(|workload, cx| {
        let containers = if is_judged(workload) { Probed::of(workload, cx) } else { Vec::new() };
        judge_parts(workload.object, containers, cx, |it, cx| judge(workload, it, cx))
    });
}

/// What, besides the program itself, a liveness probe asks about, by its name.
pub(super) fn dependency(workload: &Workload<'_>, liveness: Probe<'_>) -> Option<String> {
    if is_store(workload) {
        return None; // Its clients ask the server itself, whatever they call it.
    }
    match liveness.target()? {
        ProbeTarget::Page(_, _, _, path) => is_readiness(path).then(|| format!("asks {path}")),
        ProbeTarget::Command(words) => commands(&words).iter().find_map(|it| client(it)),
        ProbeTarget::Connection(..) | ProbeTarget::Health(..) => None,
    }
}

/// Whether a page, by its path, tells whether a program can serve, or whether all it needs is there.
fn is_readiness(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    matches!(last, "ready" | "readyz" | "readiness" | "readinessz" | "readinessstate")
        || path.ends_with("actuator/health")
}

/// Clients of servers, with the options that name a host.
const CLIENTS: &[(&str, &[&str])] = &[
    ("psql", &["-h", "--host"]),
    ("pg_isready", &["-h", "--host"]),
    ("mysql", &["-h", "--host"]),
    ("mysqladmin", &["-h", "--host"]),
    ("redis-cli", &["-h"]),
    ("mongosh", &["--host"]),
    ("mongo", &["--host"]),
];

/// Variables in which a pod finds its own name or address.
const OWN_VARIABLES: &[&str] = &["HOSTNAME", "HOST", "POD_IP", "POD_NAME", "MY_POD_IP", "hostname"];

/// What a command asks of another host.
fn client(command: &[&str]) -> Option<String> {
    let name = program(command.first()?);
    let is_kafka = name.starts_with("kafka-");
    let options: &[&str] = match CLIENTS.iter().find(|it| it.0 == name) {
        Some(known) => known.1,
        None if is_kafka => &["--bootstrap-server", "--broker-list", "--zookeeper"],
        None => return None,
    };
    let host = option(command, options).or_else(|| address(command))?;
    is_elsewhere(host).then(|| format!("runs {name} against {host}"))
}

/// The value of an option, as `-h host`, `--host=host` or `-hhost`.
fn option<'a>(command: &[&'a str], options: &[&str]) -> Option<&'a str> {
    for (at, word) in command.iter().enumerate() {
        for name in options {
            match word.strip_prefix(name) {
                Some("") => return command.get(at + 1).copied(),
                Some(value) if value.starts_with('=') => return value.strip_prefix('='),
                Some(value) if !name.starts_with("--") => return Some(value),
                _ => {}
            }
        }
    }
    None
}

/// The host in an address such as `postgres://user@host/db`.
fn address<'a>(command: &[&'a str]) -> Option<&'a str> {
    let rest = command.iter().find_map(|it| it.split_once("://"))?.1;
    Some(rest.rsplit('@').next().unwrap_or(rest))
}

fn is_elsewhere(host: &str) -> bool {
    let host = host.trim_start_matches(['$', '{', '(']);
    let is_local = ["localhost", "127.", "0.0.0.0", "::1", "[::1]", "/"].iter().any(|it| host.starts_with(it));
    let name: String = host.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').collect();
    !host.is_empty() && !is_local && !OWN_VARIABLES.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_tell_by_their_last_part() {
        for path in [
            "/ready",
            "/-/ready",
            "/health/ready/",
            "/actuator/health",
            "/app/actuator/health/readiness",
            "/READYZ?x=1",
        ] {
            assert!(is_readiness(path), "{path}");
        }
        for path in ["/", "/healthz", "/live", "/actuator/health/liveness", "/already", "/ready/live"] {
            assert!(!is_readiness(path), "{path}");
        }
    }

    #[test]
    fn only_other_hosts_are_dependencies() {
        let asks = |text: &str| client(&text.split(' ').collect::<Vec<_>>());
        assert_eq!(asks("pg_isready -h orders-db -p 5432").as_deref(), Some("runs pg_isready against orders-db"));
        assert_eq!(asks("redis-cli -hcache ping").as_deref(), Some("runs redis-cli against cache"));
        assert_eq!(asks("psql postgres://a:b@db/orders -c x").as_deref(), Some("runs psql against db/orders"));
        assert!(asks("kafka-topics.sh --bootstrap-server kafka:9092 --list").is_some());
        assert!(asks("psql --host=$DB_HOST").is_some());
        for own in
            ["pg_isready", "pg_isready -h localhost", "redis-cli -h $POD_IP ping", "psql -h /tmp", "curl http://db/"]
        {
            assert_eq!(asks(own), None, "{own}");
        }
    }
}
