//! `probe-target-invalid`

use super::judged::is_waived;
use crate::index::Workload;
use crate::model::{Container, Object, PROBE_HANDLERS, PodTemplate};
use crate::rule::{Context, Verdict, rule};
use crate::rules::parts::judge_parts;
use crate::rules::repairs::{correct, restarts};
use crate::rules::words::{is_open, list};
use crate::suggest::{certain, nearest};
use crate::yaml::NodeRef;

rule!(ProbeTargetInvalid, "workload/probe-target-invalid.md", |walk| walk.workloads(judge));

/// A probe with what it belongs to.
struct Probe<'a> {
    workload: &'a Workload<'a>,
    object: &'a Object,
    all: &'a [Container<'a>],
    container: Container<'a>,
    key: &'static str,
    node: NodeRef<'a>,
}

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    if is_waived(workload) {
        return Verdict::NotApplicable;
    }
    let sidecars = workload.template.into_iter().flat_map(PodTemplate::sidecars);
    let all: Vec<Container<'_>> = workload.containers().chain(sidecars).collect();
    let probes = all.iter().flat_map(|container| {
        ["readinessProbe", "livenessProbe", "startupProbe"].into_iter().filter_map(|key| {
            let node = container.node().at(&[key]).filter(|it| it.is_map())?;
            Some(Probe { workload, object: workload.object, all: &all, container: *container, key, node })
        })
    });
    judge_parts(workload.object, probes, cx, judge_probe)
}

fn judge_probe(probe: Probe<'_>, cx: &mut Context<'_>) -> Verdict {
    let node = probe.node;
    let handlers: Vec<&str> = PROBE_HANDLERS.iter().copied().filter(|it| node.at(&[it]).is_some()).collect();
    let mut complaints = Vec::new();
    match handlers.as_slice() {
        [] => complaints.push(complaint(
            &[],
            "has no handler",
            "the API server asks for exactly one of exec, httpGet, tcpSocket and grpc",
        )),
        [_] => {}
        [.., last] => {
            let names: Vec<String> = handlers.iter().map(|it| (*it).to_owned()).collect();
            let what = format!("has {} handlers: {}", handlers.len(), list(&names));
            complaints.push(complaint(&[last], what, "the API server refuses a probe with more than one: keep one"));
        }
    }
    complaints.extend(handlers.iter().filter_map(|it| check_handler(&probe, it)));
    let threshold = node.at(&["successThreshold"]);
    // The API server makes 1 of 0.
    let wrong = threshold.and_then(NodeRef::as_int).filter(|it| probe.key != "readinessProbe" && !(0..=1).contains(it));
    if let Some(number) = wrong {
        let what = format!("has successThreshold {number}");
        complaints.push(complaint(&["successThreshold"], what, "only a readiness probe may ask for more than 1"));
    }
    let mut verdict = Verdict::Pass;
    for complaint in complaints {
        verdict = report(&probe, complaint, cx);
    }
    verdict
}

struct Complaint {
    keys: Vec<String>,
    what: String,
    help: String,
    /// The name of the port that was meant.
    meant: Option<String>,
}

fn complaint(keys: &[&str], what: impl Into<String>, help: impl Into<String>) -> Complaint {
    let keys = keys.iter().map(|it| (*it).to_owned()).collect();
    Complaint { keys, what: what.into(), help: help.into(), meant: None }
}

fn report(probe: &Probe<'_>, complaint: Complaint, cx: &mut Context<'_>) -> Verdict {
    let keys: Vec<&str> = complaint.keys.iter().map(String::as_str).collect();
    let place = match keys.as_slice() {
        [] => probe.container.place(probe.object, &[probe.key]),
        keys => probe.object.place_in(probe.node, keys),
    };
    // A handler without a port has nothing to point at but itself.
    let message =
        format!("{} of container {} in {} {}", probe.key, probe.container.name(), probe.object.title(), complaint.what);
    let other = named_port(probe, &keys).and_then(|name| owner_elsewhere(probe, name));
    let other = other.map(|(port, owner)| {
        (port.first_line(), format!("the port of this name belongs to container {}", owner.name()))
    });
    let written = probe.node.at(&keys).zip(complaint.meant.as_deref());
    let repair = written.map(|(node, meant)| correct(probe.object, node, meant).effect(restarts(probe.workload)));
    cx.fail(probe.object, place, message).help(complaint.help).fix(repair).labels(other).verdict()
}

/// What is wrong with a handler, if anything is.
fn check_handler(probe: &Probe<'_>, handler: &str) -> Option<Complaint> {
    let node = probe.node.at(&[handler])?;
    if handler == "exec" {
        let is_empty =
            node.items_at(&["command"]).next().is_none() && node.at(&["command"]).is_none_or(NodeRef::is_seq);
        return is_empty.then(|| {
            complaint(&[handler, "command"], "runs an empty command", "the API server asks for a command in exec")
        });
    }
    let keys = [handler, "port"];
    let Some(port) = node.at(&["port"]) else {
        return Some(complaint(&keys, format!("has no port in {handler}"), "the API server asks for a port"));
    };
    match port.as_int() {
        Some(1..=65535) => None,
        Some(number) => Some(complaint(&keys, format!("targets port {number}"), "ports go from 1 to 65535")),
        None if is_open(port.text()) => None,
        None if handler == "grpc" => Some(complaint(
            &keys,
            format!("targets port {:?} by grpc", port.text()),
            "grpc takes the number of the port, not its name",
        )),
        None => check_name(probe, &keys, port.text()),
    }
}

fn check_name(probe: &Probe<'_>, keys: &[&str], name: &str) -> Option<Complaint> {
    if !name.bytes().any(|it| it.is_ascii_alphabetic()) {
        let what = format!("targets port {name:?}, a text without a letter");
        return Some(complaint(keys, what, "the API server takes a number without quotes, or the name of a port"));
    }
    let ports = || probe.container.ports().filter_map(|it| it.0);
    if ports().any(|it| it == name || is_open(it)) {
        return None;
    }
    let known: Vec<String> = ports().map(str::to_owned).collect();
    let meant = certain(name, known.iter().map(String::as_str)).map(str::to_owned);
    let help = match (nearest(name, known.iter().map(String::as_str)), known.is_empty()) {
        (Some(meant), _) => format!("did you mean {meant}?"),
        (None, false) => format!("the container's named ports: {}", list(&known)),
        (None, true) => format!("name the port under the container's ports, name: {name}, or give its number here"),
    };
    let what = format!("targets port {name}, which the container does not declare");
    Some(Complaint { meant, ..complaint(keys, what, help) })
}

/// The name that a complaint about a port is about.
fn named_port<'a>(probe: &Probe<'a>, keys: &[&str]) -> Option<&'a str> {
    if keys.last() == Some(&"port") { probe.node.str_at(keys) } else { None }
}

/// The port of this name in another container: names are a container's own.
fn owner_elsewhere<'a>(probe: &Probe<'a>, name: &str) -> Option<(NodeRef<'a>, Container<'a>)> {
    let others = probe.all.iter().filter(|it| it.node() != probe.container.node());
    let mut ports = others.flat_map(|it| it.node().items_at(&["ports"]).map(|port| (port, *it)));
    ports.find(|(port, _)| port.str_at(&["name"]) == Some(name))
}
