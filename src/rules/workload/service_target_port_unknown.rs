//! `service-target-port-unknown`

use crate::index::Workload;
use crate::model::{Container, Object, PodTemplate};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::words::{is_open, list};
use crate::suggest::nearest;
use crate::yaml::NodeRef;

pub(crate) struct ServiceTargetPortUnknown;

cases!(ServiceTargetPortUnknown: REFUSED = "refused");

impl Rule for ServiceTargetPortUnknown {
    const PAGE: &'static str = include_str!("../../../rules/workload/service-target-port-unknown.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for service in cx.of_kind("", "Service") {
                check_service(service, cx);
            }
        });
    }
}

fn check_service(service: &Object, cx: &mut Context<'_>) {
    let named: Vec<(NodeRef<'_>, &str)> = service
        .node()
        .items_at(&["spec", "ports"])
        .filter_map(|port| Some((port, port.at(&["targetPort"]).filter(|it| it.as_int().is_none())?.text())))
        .filter(|it| !it.1.is_empty())
        .collect();
    if named.is_empty() || service.node().str_at(&["spec", "type"]) == Some("ExternalName") {
        return;
    }
    let mut is_right = true;
    for (port, name) in named {
        is_right &= check_port(service, port, name, cx);
    }
    if is_right {
        cx.pass(service);
    }
}

/// Whether a port leads somewhere; says so if it does not.
fn check_port(service: &Object, port: NodeRef<'_>, name: &str, cx: &mut Context<'_>) -> bool {
    if is_open(name) {
        cx.not_verifiable(service, "a target port is a template placeholder");
        return false;
    }
    if !name.bytes().any(|it| it.is_ascii_alphabetic()) {
        let message = format!("{} leads to port {name:?}, a text without a letter", service.title());
        cx.fail(service, service.place_in(port, &["targetPort"]), message)
            .case(REFUSED)
            .help("the API server takes a number without quotes, or the name of a container's port");
        return false;
    }
    let index = cx.index();
    let pods = index.pods_of_service(service);
    if pods.is_empty() {
        return true; // Another rule tells, if that is wrong.
    }
    if pods.iter().any(|it| index.pods(*it).is_virtual) {
        cx.not_verifiable(service, "the ports of pods that an operator makes are not in the manifests");
        return false;
    }
    let workloads: Vec<&Workload<'_>> = pods.iter().filter_map(|it| index.workload_of(index.pods(*it).owner)).collect();
    if workloads.iter().any(|it| it.template.is_none()) {
        return true;
    }
    let protocol = protocol(port);
    let ports: Vec<NodeRef<'_>> = workloads.iter().flat_map(|it| ports_of(it)).collect();
    if ports.iter().any(|it| names(*it, name) && self::protocol(*it) == protocol) {
        return true;
    }
    if ports.iter().any(|it| it.str_at(&["name"]).is_some_and(is_open)) {
        cx.not_verifiable(service, "names of its pods' ports are template placeholders");
        return false;
    }
    report(service, port, name, &workloads, cx);
    false
}

fn report(service: &Object, port: NodeRef<'_>, name: &str, workloads: &[&Workload<'_>], cx: &mut Context<'_>) {
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
    let help = match nearest(name, known.iter().map(String::as_str)) {
        _ if other_protocol.is_some() => "protocols are compared, too: give both the same".to_owned(),
        Some(meant) => format!("did you mean {meant}?"),
        None if known.is_empty() => {
            format!("name the port under the container's ports, name: {name}, or give its number here")
        }
        None => format!("the pods' named ports: {}", list(&known)),
    };
    let span = other_protocol.map(|it| it.first_line()).or(owner.map(Object::name_span));
    let draft = cx.fail(service, service.place_in(port, &["targetPort"]), message).help(help);
    if let Some(span) = span {
        draft.label(span, "the Service has no endpoints for this port");
    }
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
