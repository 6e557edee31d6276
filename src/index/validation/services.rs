//! Services, Ingresses, NetworkPolicies.

use crate::index::validation::{Checker, metadata, names};
use crate::yaml::{Entry, NodeRef};
use std::collections::HashSet;

const PROTOCOLS: &[&str] = &["TCP", "UDP", "SCTP"];

pub(super) fn service(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    for key in spec.entries().map(Entry::name) {
        match key {
            "type" => checker.one_of(spec, &[key], &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]),
            "sessionAffinity" => checker.one_of(spec, &[key], &["ClientIP", "None"]),
            "internalTrafficPolicy" | "externalTrafficPolicy" => checker.one_of(spec, &[key], &["Cluster", "Local"]),
            "ipFamilyPolicy" => {
                checker.one_of(spec, &[key], &["SingleStack", "PreferDualStack", "RequireDualStack"]);
            }
            "selector" => metadata::labels(checker, spec, &[key]),
            _ => {}
        }
    }
    let is_known = !Checker::has(spec, &["type"]) || Checker::known(spec, &["type"]).is_some();
    if is_known {
        by_type(checker, spec);
    }
    let ports = || spec.items_at(&["ports"]).filter(|it| it.is_map());
    let is_several = ports().count() > 1;
    let mut seen = HashSet::new();
    for port in ports() {
        check_port(checker, port, is_several);
        let number = port.int_at(&["port"]);
        let protocol = Checker::text(port, &["protocol"]).unwrap_or("TCP");
        if let Some(number) = number
            && !seen.insert((number, protocol))
        {
            checker.refuse(port, &["port"], format!("the Service has port {number} for {protocol} twice"));
        }
    }
    checker.unique(ports(), &["name"], "ports");
}

/// What depends on the type of a Service.
fn by_type<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let kind = Checker::text(spec, &["type"]).unwrap_or("ClusterIP");
    let is_headless = spec.str_at(&["clusterIP"]) == Some("None");
    match kind {
        "ExternalName" => drop(checker.required(spec, &["externalName"])),
        _ if !is_headless => drop(checker.required(spec, &["ports"])),
        "NodePort" | "LoadBalancer" => {
            checker.refuse(spec, &["clusterIP"], format!("a Service of type {kind} cannot be headless"));
        }
        _ => {}
    }
    let is_outside = matches!(kind, "NodePort" | "LoadBalancer") || Checker::has(spec, &["externalIPs"]);
    if !is_outside && Checker::has(spec, &["externalTrafficPolicy"]) {
        let message = format!("externalTrafficPolicy is refused for a Service of type {kind}");
        checker.refuse(spec, &["externalTrafficPolicy"], message);
    }
    if kind == "ClusterIP" {
        for port in spec.items_at(&["ports"]).filter(|it| it.int_at(&["nodePort"]).is_some_and(|it| it != 0)) {
            checker.refuse(port, &["nodePort"], "nodePort is refused for a Service of type ClusterIP");
        }
    }
}

fn check_port<'o>(checker: &mut Checker<'o>, port: NodeRef<'o>, is_several: bool) {
    if Checker::has(port, &["port"]) {
        checker.within(port, &["port"], 1, 65535);
    } else {
        checker.required(port, &["port"]);
    }
    if is_several {
        checker.required(port, &["name"]);
    }
    for key in port.entries().map(Entry::name) {
        match key {
            "protocol" => checker.one_of(port, &[key], PROTOCOLS),
            "name" => checker.dns_label(port, &[key]),
            "targetPort" => target_port(checker, port),
            _ => {}
        }
    }
}

/// A number outside the range, or in quotes, has a rule of its own.
fn target_port<'o>(checker: &mut Checker<'o>, port: NodeRef<'o>) {
    if let Some(name) = port.str_at(&["targetPort"]).filter(|it| !it.is_empty() && !crate::model::is_placeholder(it))
        && name.parse::<i64>().is_err()
        && let Err(reason) = names::port_name(name)
    {
        checker.refuse(port, &["targetPort"], format!("{name} {reason}"));
    }
}

pub(super) fn ingress(checker: &mut Checker<'_>) {
    if checker.object.version() != "v1" {
        return; // Older versions have other fields, and no server serves them.
    }
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    if !Checker::has(spec, &["rules"]) && !Checker::has(spec, &["defaultBackend"]) {
        checker.refuse(checker.root(), &["spec"], "an Ingress needs rules or a defaultBackend");
    }
    backend(checker, spec, &["defaultBackend"]);
    for rule in spec.items_at(&["rules"]).filter(|it| it.is_map()) {
        if let Some(host) = Checker::text(rule, &["host"])
            && let Err(reason) = names::dns_subdomain(host.strip_prefix("*.").unwrap_or(host))
        {
            checker.refuse(rule, &["host"], format!("{host} {reason}"));
        }
        if rule.at(&["http"]).is_some_and(NodeRef::is_map) {
            checker.required(rule, &["http", "paths"]);
        }
        for path in rule.items_at(&["http", "paths"]).filter(|it| it.is_map()) {
            if checker.required(path, &["pathType"]) {
                checker.one_of(path, &["pathType"], &["Exact", "Prefix", "ImplementationSpecific"]);
            }
            let text = Checker::text(path, &["path"]);
            if let Some(text) = text.filter(|it| !it.starts_with('/')) {
                let refusal = checker.refuse(path, &["path"], format!("{text} does not begin with /"));
                refusal.help = Some(format!("write /{text}"));
            }
            if Checker::has(path, &["backend"]) {
                backend(checker, path, &["backend"]);
            } else {
                checker.required(path, &["backend"]);
            }
        }
    }
}

fn backend<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str]) {
    let Some(backend) = node.at(keys).filter(|it| it.is_map()) else { return };
    match (backend.get("service").filter(|it| it.is_map()), Checker::has(backend, &["resource"])) {
        (Some(_), true) => {
            checker.refuse(backend, &["resource"], "a backend is either a service or a resource, not both");
        }
        (None, false) => drop(checker.refuse(node, keys, "the backend names neither a service nor a resource")),
        (Some(service), false) => {
            checker.required(service, &["name"]);
            let (name, number) = (Checker::has(service, &["port", "name"]), Checker::has(service, &["port", "number"]));
            match (name, number) {
                (true, true) => {
                    checker.refuse(service, &["port", "number"], "a port is given by its name or its number, not both");
                }
                (false, false) => drop(checker.refuse(service, &["port"], "the port of the service is missing")),
                _ => checker.within(service, &["port", "number"], 1, 65535),
            }
        }
        (None, true) => {}
    }
}

pub(super) fn network_policy(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    metadata::selector(checker, spec, &["podSelector"]);
    for policy in spec.items_at(&["policyTypes"]).filter(|it| it.as_str().is_some()) {
        if !matches!(policy.text(), "Ingress" | "Egress") && !crate::model::is_placeholder(policy.text()) {
            checker.refuse(policy, &[], format!("{} is neither Ingress nor Egress", policy.text()));
        }
    }
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.items_at(&[direction]) {
            for port in rule.items_at(&["ports"]) {
                checker.one_of(port, &["protocol"], PROTOCOLS);
                checker.within(port, &["port"], 1, 65535);
            }
            for peer in rule.items_at(&[peers]) {
                metadata::selector(checker, peer, &["podSelector"]);
                metadata::selector(checker, peer, &["namespaceSelector"]);
                if Checker::has(peer, &["ipBlock"])
                    && (Checker::has(peer, &["podSelector"]) || Checker::has(peer, &["namespaceSelector"]))
                {
                    checker.refuse(peer, &["ipBlock"], "ipBlock excludes podSelector and namespaceSelector");
                }
            }
        }
    }
}
