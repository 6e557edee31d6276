//! NetworkPolicies.

use super::addresses::{self, Range};
use super::checker::{Checker, is_object, shown};
use super::{metadata, names};
use crate::model::may_be_filled_in;
use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;

pub(super) fn policy(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    metadata::selector(checker, spec, &["podSelector"]);
    if spec.items_at(&["policyTypes"]).count() > 2 {
        checker.refuse(spec, &["policyTypes"], "there are more than two types");
    }
    checker.each_one_of(spec, &["policyTypes"], &["Ingress", "Egress"]);
    for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
        for rule in spec.items_at(&[direction]) {
            for port in rule.items_at(&["ports"]).filter(|it| is_object(*it)) {
                check_port(checker, port);
            }
            for peer in rule.items_at(&[peers]) {
                check_peer(checker, peer);
            }
        }
    }
}

fn check_port<'o>(checker: &mut Checker<'o>, port: NodeRef<'o>) {
    checker.exactly_one_of(port, &["protocol"], &["TCP", "UDP", "SCTP"]);
    let has_end = Checker::has(port, &["endPort"]);
    let first = port.get("port").filter(|it| !it.is_null());
    match first.map(NodeRef::scalar) {
        None if has_end => drop(checker.refuse(port, &["endPort"], "endPort needs a port")),
        Some(Some(Scalar::Int(number))) => {
            checker.within(port, &["port"], 1, 65535);
            checker.within(port, &["endPort"], 1, 65535);
            if let Some(last) = port.int_at(&["endPort"]).filter(|it| *it < number && *it > 0) {
                checker.refuse(port, &["endPort"], format!("{last} is below port {number}"));
            }
        }
        Some(Some(Scalar::Str(name))) if !may_be_filled_in(name) => {
            if let Err(reason) = names::port_name(name) {
                checker.refuse(port, &["port"], format!("{} {reason}", shown(name)));
            } else if has_end {
                checker.refuse(port, &["endPort"], "endPort needs a port that is a number");
            }
        }
        _ => {}
    }
}

fn check_peer<'o>(checker: &mut Checker<'o>, peer: NodeRef<'o>) {
    metadata::selector(checker, peer, &["podSelector"]);
    metadata::selector(checker, peer, &["namespaceSelector"]);
    let has_selector = Checker::has(peer, &["podSelector"]) || Checker::has(peer, &["namespaceSelector"]);
    let Some(block) = peer.get("ipBlock").filter(|it| !it.is_null()) else {
        if !has_selector {
            checker.refuse(peer, &[], "needs one of podSelector, namespaceSelector or ipBlock");
        }
        return;
    };
    if has_selector {
        checker.refuse(peer, &["ipBlock"], "ipBlock excludes podSelector and namespaceSelector");
    }
    if !block.is_map() {
        return;
    }
    checker.required_named(block, &["cidr"], addresses::range);
    checker.each_named(block, &["except"], addresses::range);
    let whole = Checker::text(block, &["cidr"]).and_then(Range::parse);
    for except in block.items_at(&["except"]) {
        let part = Checker::text(except, &[]).and_then(Range::parse);
        if whole.zip(part).is_some_and(|(whole, part)| !whole.is_above(part)) {
            checker.refuse(except, &[], format!("{} is no part of cidr", shown(except.text())));
        }
    }
}
