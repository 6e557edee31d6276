//! Ingresses and their classes.

use super::checker::{Checker, is_object, shown};
use super::{addresses, names};
use crate::yaml::NodeRef;

/// What a path of type Exact or Prefix must not hold, and must not end with.
const REFUSED_PARTS: &[&str] = &["//", "/./", "/../", "%2f", "%2F"];
const REFUSED_ENDS: &[&str] = &["/..", "/."];

pub(super) fn ingress(checker: &mut Checker<'_>) {
    if checker.object.version() != "v1" {
        return; // Older versions have other fields, and no server serves them.
    }
    let root = checker.root();
    let spec = root.get("spec").filter(|it| it.is_map());
    let is_filled = |it: NodeRef<'_>| it.items_at(&["rules"]).next().is_some() || Checker::has(it, &["defaultBackend"]);
    if !spec.is_some_and(is_filled) {
        checker.refuse(root, &["spec"], "an Ingress needs rules or a defaultBackend");
    }
    let Some(spec) = spec else { return };
    backend(checker, spec, &["defaultBackend"]);
    for rule in spec.items_at(&["rules"]).filter(|it| is_object(*it)) {
        check_rule(checker, rule);
    }
    for tls in spec.items_at(&["tls"]).filter(|it| is_object(*it)) {
        checker.each_named(tls, &["hosts"], names::host);
        checker.dns_subdomain(tls, &["secretName"]);
    }
    if Checker::has(spec, &["ingressClassName"]) {
        checker.required_named(spec, &["ingressClassName"], names::dns_subdomain);
    }
}

fn check_rule<'o>(checker: &mut Checker<'o>, rule: NodeRef<'o>) {
    if Checker::text(rule, &["host"]).is_some_and(addresses::is_address) {
        checker.refuse(rule, &["host"], "an address, where the name of a host is needed");
    } else {
        checker.named(rule, &["host"], names::host);
    }
    if rule.at(&["http"]).is_some_and(NodeRef::is_map) {
        checker.required(rule, &["http", "paths"]);
    }
    for path in rule.items_at(&["http", "paths"]).filter(|it| is_object(*it)) {
        if checker.required(path, &["pathType"]) {
            checker.one_of(path, &["pathType"], &["Exact", "Prefix", "ImplementationSpecific"]);
            check_path(checker, path);
        }
        if Checker::has(path, &["backend"]) {
            backend(checker, path, &["backend"]);
        } else {
            checker.required(path, &["backend"]);
        }
    }
}

fn check_path<'o>(checker: &mut Checker<'o>, path: NodeRef<'o>) {
    let is_literal = matches!(Checker::text(path, &["pathType"]), Some("Exact" | "Prefix"));
    let Some(text) = Checker::text(path, &["path"]) else {
        // An open path is known to be there.
        let is_open = path.get("path").is_some_and(|it| !it.text().is_empty() && !it.is_null());
        if is_literal && !is_open {
            checker.required(path, &["path"]);
        }
        return;
    };
    if !text.starts_with('/') {
        let refusal = checker.refuse(path, &["path"], format!("{} does not begin with /", shown(text)));
        refusal.help = Some(format!("write /{}", text.trim_start()));
    } else if let Some(part) = REFUSED_PARTS.iter().find(|it| is_literal && text.contains(**it)) {
        checker.refuse(path, &["path"], format!("{} holds {part}", shown(text)));
    } else if let Some(end) = REFUSED_ENDS.iter().find(|it| is_literal && text.ends_with(**it)) {
        checker.refuse(path, &["path"], format!("{} ends with {end}", shown(text)));
    }
}

fn backend<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str]) {
    let Some(backend) = node.at(keys).filter(|it| it.is_map()) else { return };
    let is_there = |key: &str| backend.get(key).filter(|it| !it.is_null());
    match (is_there("service"), is_there("resource")) {
        (Some(_), Some(_)) => {
            checker.refuse(backend, &["resource"], "a backend is either a service or a resource, not both");
        }
        (None, None) => drop(checker.refuse(node, keys, "the backend names neither a service nor a resource")),
        (Some(service), None) if service.is_map() => {
            checker.required_named(service, &["name"], names::dns_label);
            port(checker, service);
        }
        (Some(_), None) => {}
        (None, Some(resource)) => {
            checker.named(resource, &["apiGroup"], names::dns_subdomain);
            checker.required_named(resource, &["kind"], names::path_segment);
            checker.required_named(resource, &["name"], names::path_segment);
        }
    }
}

fn port<'o>(checker: &mut Checker<'o>, service: NodeRef<'o>) {
    let name = service.at(&["port", "name"]).is_some_and(|it| !it.is_null() && !it.text().is_empty());
    let number = service.at(&["port", "number"]).is_some_and(|it| !it.is_null() && it.as_int() != Some(0));
    match (name, number) {
        (true, true) => {
            checker.refuse(service, &["port", "number"], "a port is given by its name or its number, not both");
        }
        (false, false) => drop(checker.refuse(service, &["port"], "the port of the service is missing")),
        (true, false) => checker.named(service, &["port", "name"], names::port_name),
        (false, true) => checker.within(service, &["port", "number"], 1, 65535),
    }
}

pub(super) fn class(checker: &mut Checker<'_>) {
    let root = checker.root();
    checker.required_named(root, &["spec", "controller"], names::domain_and_path);
    let Some(parameters) = root.at(&["spec", "parameters"]).filter(|it| it.is_map()) else { return };
    checker.named(parameters, &["apiGroup"], names::dns_subdomain);
    checker.required_named(parameters, &["kind"], names::path_segment);
    checker.required_named(parameters, &["name"], names::path_segment);
    checker.one_of(parameters, &["scope"], &["Cluster", "Namespace"]);
}
