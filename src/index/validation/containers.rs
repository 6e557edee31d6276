//! The containers of a pod.

use super::checker::{Checker, is_object};
use super::mounts::{self, Pod};
use super::{environment, handlers, names, resources, security};
use crate::yaml::{Entry, NodeRef};
use std::collections::HashSet;

/// All containers of a pod.
pub(super) fn check<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>) {
    let spec = pod.spec;
    checker.required(spec, &["containers"]);
    let inits = || spec.items_at(&["initContainers"]).filter(|it| is_object(*it));
    let mains = || spec.items_at(&["containers"]).filter(|it| is_object(*it));
    for container in inits() {
        let runs_on = Checker::text(container, &["restartPolicy"]) == Some("Always");
        for key in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"] {
            let has_hooks = |it: NodeRef<'_>| key != "lifecycle" || it.entries().all(|it| it.name() != "stopSignal");
            if !runs_on && container.at(&[key]).is_some_and(has_hooks) {
                let message = format!("{key} is refused in an init container without restartPolicy: Always");
                checker.refuse(container, &[key], message);
            }
        }
        check_container(checker, pod, container);
    }
    for container in mains() {
        check_container(checker, pod, container);
    }
    checker.unique(inits().chain(mains()), &["name"], "containers");
    for container in inits() {
        check_host_ports(checker, pod, std::iter::once(container));
    }
    check_host_ports(checker, pod, mains());
}

fn check_container<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, container: NodeRef<'o>) {
    checker.required_named(container, &["name"], names::dns_label);
    let image = checker.required_text(container, &["image"]);
    // Templates are not asked about that.
    if checker.object.kind() == "Pod" && image.is_some_and(|it| it.trim() != it) {
        checker.refuse(container, &["image"], "the image has blanks at its ends");
    }
    for entry in container.entries().filter(|it| !it.value.is_null()) {
        let (key, value) = (entry.name(), entry.value);
        match key {
            "imagePullPolicy" => checker.one_of(container, &[key], &["Always", "IfNotPresent", "Never"]),
            "terminationMessagePolicy" => checker.one_of(container, &[key], &["File", "FallbackToLogsOnError"]),
            "restartPolicy" => checker.exactly_one_of(container, &[key], &["Always", "OnFailure", "Never"]),
            "env" => environment::variables(checker, value),
            "envFrom" => environment::sources(checker, value),
            "ports" => check_ports(checker, pod, value),
            "volumeMounts" => mounts::mounts(checker, pod, container, value),
            "volumeDevices" => mounts::devices(checker, pod, container, value),
            "resources" => resources::check(checker, container, value),
            "resizePolicy" => resources::resizing(checker, value),
            "livenessProbe" | "readinessProbe" | "startupProbe" => handlers::probe(checker, value, key),
            "lifecycle" => handlers::lifecycle(checker, pod.spec, value),
            "securityContext" => security::of_container(checker, pod.spec, value),
            _ => {}
        }
    }
}

fn check_ports<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, ports: NodeRef<'o>) {
    let on_host = pod.spec.bool_at(&["hostNetwork"]) == Some(true);
    for port in ports.items().filter(|it| is_object(*it)) {
        if !Checker::has(port, &["containerPort"]) {
            checker.required(port, &["containerPort"]);
        }
        for key in port.entries().map(Entry::name) {
            match key {
                "containerPort" => checker.within(port, &[key], 1, 65535),
                "hostPort" => check_host_port(checker, port, on_host),
                "protocol" => checker.one_of(port, &[key], &["TCP", "UDP", "SCTP"]),
                "name" => checker.named(port, &[key], names::port_name),
                _ => {}
            }
        }
    }
    checker.unique(ports.items(), &["name"], "ports");
}

fn check_host_port<'o>(checker: &mut Checker<'o>, port: NodeRef<'o>, on_host: bool) {
    checker.within(port, &["hostPort"], 0, 65535);
    let numbers = (port.int_at(&["containerPort"]), port.int_at(&["hostPort"]));
    if let (Some(own), Some(host)) = numbers
        && on_host
        && host != 0
        && host != own
    {
        let message = format!("on the host's network hostPort {host} has to be containerPort {own}");
        checker.refuse(port, &["hostPort"], message);
    }
}

/// Ports of the node that two containers ask for.
fn check_host_ports<'o>(checker: &mut Checker<'o>, pod: &Pod<'o>, containers: impl Iterator<Item = NodeRef<'o>>) {
    let on_host = pod.spec.bool_at(&["hostNetwork"]) == Some(true);
    let mut seen = HashSet::new();
    for port in containers.flat_map(|it| it.items_at(&["ports"])) {
        let written = port.int_at(&["hostPort"]).filter(|it| *it != 0);
        // The default on the host's network.
        let Some(number) = written.or_else(|| if on_host { port.int_at(&["containerPort"]) } else { None }) else {
            continue;
        };
        let protocol = Checker::text(port, &["protocol"]).unwrap_or("TCP");
        let address = port.str_at(&["hostIP"]).unwrap_or_default();
        if !seen.insert((number, protocol, address)) {
            let key = if written.is_some() { "hostPort" } else { "containerPort" };
            checker.refuse(port, &[key], format!("two containers ask for port {number} of the node"));
        }
    }
}
