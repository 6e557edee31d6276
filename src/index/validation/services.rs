//! Services.

use super::checker::{Checker, is_object, shown};
use super::{addresses, metadata, names};
use crate::model::may_be_filled_in;
use crate::yaml::{Entry, NodeRef};
use std::collections::HashSet;

const TYPES: &[&str] = &["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"];
/// The longest time for which a client stays with a pod, in seconds.
const LONGEST_AFFINITY: i64 = 86_400;

pub(super) fn service(checker: &mut Checker<'_>) {
    let root = checker.root();
    let Some(spec) = root.get("spec").filter(|it| it.is_map()) else {
        checker.required(root, &["spec", "ports"]);
        return;
    };
    for entry in spec.entries().filter(|it| !it.value.is_null()) {
        let (key, value) = (entry.name(), entry.value);
        match key {
            "type" => checker.one_of(spec, &[key], TYPES),
            "sessionAffinity" => checker.one_of(spec, &[key], &["ClientIP", "None"]),
            "internalTrafficPolicy" => checker.exactly_one_of(spec, &[key], &["Cluster", "Local"]),
            "externalTrafficPolicy" => checker.one_of(spec, &[key], &["Cluster", "Local"]),
            "ipFamilyPolicy" => {
                checker.exactly_one_of(spec, &[key], &["SingleStack", "PreferDualStack", "RequireDualStack"]);
            }
            "trafficDistribution" => {
                checker.exactly_one_of(spec, &[key], &["PreferClose", "PreferSameZone", "PreferSameNode"]);
            }
            "selector" => metadata::labels(checker, spec, &[key]),
            "externalIPs" => checker.each_named(spec, &[key], addresses::outside),
            "loadBalancerSourceRanges" => {
                checker.each_named(spec, &[key], |it| addresses::range(it.trim()));
            }
            "clusterIP" if value.text() != "None" => checker.named(spec, &[key], addresses::address),
            "ipFamilies" => families(checker, value),
            _ => {}
        }
    }
    affinity(checker, spec);
    let is_known = !Checker::has(spec, &["type"]) || Checker::known(spec, &["type"]).is_some();
    if is_known {
        by_type(checker, spec);
    }
    ports(checker, spec);
}

fn families<'o>(checker: &mut Checker<'o>, families: NodeRef<'o>) {
    checker.each_one_of(families, &[], &["IPv4", "IPv6"]);
    let mut seen = HashSet::new();
    for family in families.items() {
        if Checker::text(family, &[]).is_some_and(|it| !seen.insert(it)) {
            checker.refuse(family, &[], format!("{} stands here twice", shown(family.text())));
        }
    }
}

/// What is set beside another affinity is dropped in silence.
fn affinity<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    if Checker::text(spec, &["sessionAffinity"]) == Some("ClientIP") {
        checker.within(spec, &["sessionAffinityConfig", "clientIP", "timeoutSeconds"], 1, LONGEST_AFFINITY);
    }
}

fn is_open(node: Option<NodeRef<'_>>) -> bool {
    node.is_some_and(|it| may_be_filled_in(it.text()))
}

fn ports<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let ports = || spec.items_at(&["ports"]).filter(|it| is_object(*it));
    let is_several = ports().count() > 1;
    let (mut seen, mut on_nodes) = (HashSet::new(), HashSet::new());
    for port in ports() {
        check_port(checker, port, is_several);
        let protocol = Checker::text(port, &["protocol"]).unwrap_or("TCP");
        if let Some(number) = port.int_at(&["port"])
            && !seen.insert((number, protocol))
        {
            checker.refuse(port, &["port"], format!("the Service has port {number} for {protocol} twice"));
        }
        if let Some(number) = port.int_at(&["nodePort"]).filter(|it| *it != 0)
            && !on_nodes.insert((number, protocol))
        {
            let message = format!("the Service asks for port {number} of nodes for {protocol} twice");
            checker.refuse(port, &["nodePort"], message);
        }
    }
    checker.unique(ports(), &["name"], "ports");
}

/// Fields that only Services behind a load balancer have.
const BALANCED: &[&str] = &["loadBalancerSourceRanges", "loadBalancerClass", "allocateLoadBalancerNodePorts"];

/// What depends on the type of a Service.
fn by_type<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>) {
    let kind = Checker::text(spec, &["type"]).unwrap_or("ClusterIP");
    if !TYPES.contains(&kind) {
        return;
    }
    let is_headless = spec.str_at(&["clusterIP"]) == Some("None");
    match kind {
        "ExternalName" => {
            for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
                if spec.get(key).is_some_and(|it| !it.is_null() && (it.is_seq() || !it.text().is_empty())) {
                    checker.refuse(spec, &[key], format!("{key} is refused for a Service of type ExternalName"));
                }
            }
            checker
                .required_named(spec, &["externalName"], |it| names::dns_subdomain(it.strip_suffix('.').unwrap_or(it)));
        }
        _ if !is_headless => drop(checker.required(spec, &["ports"])),
        "NodePort" | "LoadBalancer" => {
            checker.refuse(spec, &["clusterIP"], format!("a Service of type {kind} cannot be headless"));
        }
        _ => {}
    }
    for key in BALANCED.iter().filter(|it| kind != "LoadBalancer" && is_filled(spec.get(it))) {
        checker.refuse(spec, &[key], format!("{key} is refused for a Service of type {kind}"));
    }
    if kind == "LoadBalancer" {
        checker.named(spec, &["loadBalancerClass"], names::qualified);
    }
    traffic(checker, spec, kind);
    if kind == "ClusterIP" {
        for port in spec.items_at(&["ports"]).filter(|it| it.int_at(&["nodePort"]).is_some_and(|it| it != 0)) {
            checker.refuse(port, &["nodePort"], "nodePort is refused for a Service of type ClusterIP");
        }
    }
}

fn is_filled(node: Option<NodeRef<'_>>) -> bool {
    node.is_some_and(|it| !it.is_null() && (!it.is_seq() || it.items().next().is_some()))
}

/// Traffic from outside, and the port at which nodes are asked whether they take it.
fn traffic<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, kind: &str) {
    let has_addresses = spec.items_at(&["externalIPs"]).next().is_some();
    let is_outside = matches!(kind, "NodePort" | "LoadBalancer") || (kind == "ClusterIP" && has_addresses);
    let policy = Checker::text(spec, &["externalTrafficPolicy"]);
    if !is_outside && policy.is_some() {
        let message = format!("externalTrafficPolicy is refused for a Service of type {kind}");
        checker.refuse(spec, &["externalTrafficPolicy"], message);
    }
    let is_checked = kind == "LoadBalancer" && (policy == Some("Local") || is_open(spec.get("externalTrafficPolicy")));
    if is_checked {
        checker.within(spec, &["healthCheckNodePort"], 0, 65535);
    } else if spec.int_at(&["healthCheckNodePort"]).is_some_and(|it| it != 0) {
        let message = "healthCheckNodePort needs type LoadBalancer and externalTrafficPolicy Local";
        checker.refuse(spec, &["healthCheckNodePort"], message);
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
    for key in port.entries().filter(|it| !it.value.is_null()).map(Entry::name) {
        match key {
            "protocol" => checker.one_of(port, &[key], &["TCP", "UDP", "SCTP"]),
            "name" => checker.dns_label(port, &[key]),
            "appProtocol" => checker.required_named(port, &[key], names::qualified),
            "targetPort" => target_port(checker, port),
            _ => {}
        }
    }
}

/// A number in quotes has a rule of its own, and 0 is the default: the port itself.
fn target_port<'o>(checker: &mut Checker<'o>, port: NodeRef<'o>) {
    let keys = &["targetPort"];
    checker.within(port, keys, 0, 65535);
    let is_name = port.str_at(keys).is_some_and(|it| it.parse::<i64>().is_err());
    if is_name {
        checker.named(port, keys, names::port_name);
    }
}
