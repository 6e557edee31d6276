//! `service-target-port-unknown`

use crate::index::Workload;
use crate::model::{Container, Object, PodTemplate};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::parts::judge_parts;
use crate::rules::repairs::correct;
use crate::rules::words::{is_open, list};
use crate::suggest::nearest;
use crate::yaml::NodeRef;

cases!(ServiceTargetPortUnknown: REFUSED = "refused");

rule!(ServiceTargetPortUnknown, "workload/service-target-port-unknown.md", |walk| walk
    .of_kinds(&[("", "Service")], judge));

fn judge(service: &Object, cx: &mut Context<'_>) -> Verdict {
    if service.node().str_at(&["spec", "type"]) == Some("ExternalName") {
        return Verdict::NotApplicable;
    }
    let named = service.node().items_at(&["spec", "ports"]).filter_map(|port| {
        let target = port.at(&["targetPort"]).filter(|it| it.as_int().is_none())?;
        Some((port, target.text())).filter(|it| !it.1.is_empty())
    });
    judge_parts(service, named, cx, |(port, name), cx| judge_port(service, port, name, cx))
}

/// Judges whether a port leads somewhere.
fn judge_port(service: &Object, port: NodeRef<'_>, name: &str, cx: &mut Context<'_>) -> Verdict {
    if is_open(name) {
        return Verdict::open("a target port is a template placeholder");
    }
    if !name.bytes().any(|it| it.is_ascii_alphabetic()) {
        let message = format!("{} leads to port {name:?}, a text without a letter", service.title());
        return cx
            .fail(service, service.place_in(port, &["targetPort"]), message)
            .case(REFUSED)
            .help("the API server takes a number without quotes, or the name of a container's port")
            .verdict();
    }
    let index = cx.index();
    let pods = index.pods_of_service(service);
    if pods.is_empty() {
        return Verdict::Pass; // Another rule tells, if that is wrong.
    }
    if pods.iter().any(|it| index.pods(*it).is_virtual) {
        return Verdict::open("the ports of pods that an operator makes are not in the manifests");
    }
    let workloads: Vec<&Workload<'_>> = pods.iter().filter_map(|it| index.workload_of(index.pods(*it).owner)).collect();
    if workloads.iter().any(|it| it.template.is_none()) {
        return Verdict::Pass;
    }
    let protocol = protocol(port);
    let ports: Vec<NodeRef<'_>> = workloads.iter().flat_map(|it| ports_of(it)).collect();
    if ports.iter().any(|it| names(*it, name) && self::protocol(*it) == protocol) {
        return Verdict::Pass;
    }
    if ports.iter().any(|it| it.str_at(&["name"]).is_some_and(is_open)) {
        return Verdict::open("names of its pods' ports are template placeholders");
    }
    report(service, port, name, &workloads, cx)
}

fn report(
    service: &Object,
    port: NodeRef<'_>,
    name: &str,
    workloads: &[&Workload<'_>],
    cx: &mut Context<'_>,
) -> Verdict {
    let protocol = protocol(port);
    let ports: Vec<NodeRef<'_>> = workloads.iter().flat_map(|it| ports_of(it)).collect();
    let other_protocol = ports.iter().find(|it| names(**it, name));
    let owner = workloads.first().map(|it| it.object);
    let whose = owner.map(Object::title).unwrap_or_default();
    let message = match other_protocol {
        Some(it) => format!(
            "{} leads to port {name} by {protocol}, and in {whose} that port is for {}",
            service.title(),
            self::protocol(*it)
        ),
        None => format!("{} leads to port {name}, which the pods of {whose} do not name", service.title()),
    };
    let known: Vec<String> = ports.iter().filter_map(|it| it.str_at(&["name"])).map(str::to_owned).collect();
    let meant = nearest(name, known.iter().map(String::as_str)).filter(|_| other_protocol.is_none());
    let repair = meant.zip(port.at(&["targetPort"])).map(|(meant, node)| correct(service, node, meant));
    let help = match meant {
        _ if other_protocol.is_some() => "protocols are compared, too: give both the same".to_owned(),
        Some(meant) => format!("did you mean {meant}?"),
        None if known.is_empty() => {
            format!("name the port under the container's ports, name: {name}, or give its number here")
        }
        None => format!("the pods' named ports: {}", list(&known)),
    };
    let span = other_protocol.map(|it| it.first_line()).or(owner.map(Object::name_span));
    cx.fail(service, service.place_in(port, &["targetPort"]), message)
        .help(help)
        .fix(repair)
        .labels(span.map(|it| (it, "the Service has no endpoints for this port")))
        .verdict()
}

fn names(port: NodeRef<'_>, name: &str) -> bool {
    port.str_at(&["name"]) == Some(name)
}

fn protocol(port: NodeRef<'_>) -> &str {
    port.str_at(&["protocol"]).unwrap_or("TCP")
}

/// The ports of a workload's containers that a Service can lead to.
fn ports_of<'a>(workload: &Workload<'a>) -> Vec<NodeRef<'a>> {
    let sidecars = workload.template.into_iter().flat_map(PodTemplate::sidecars);
    let containers: Vec<Container<'a>> = workload.containers().chain(sidecars).collect();
    containers.into_iter().flat_map(|it| it.node().items_at(&["ports"])).collect()
}
