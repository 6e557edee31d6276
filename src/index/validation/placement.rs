//! Where pods may run: affinity, spread constraints, tolerations.

use super::checker::{Checker, is_object, shown};
use super::{metadata, names};
use crate::yaml::NodeRef;
use std::collections::HashSet;

/// The `affinity` of a pod.
pub(super) fn affinity<'o>(checker: &mut Checker<'o>, affinity: NodeRef<'o>) {
    node_affinity(checker, affinity);
    for kind in ["podAffinity", "podAntiAffinity"] {
        for term in affinity.items_at(&[kind, "requiredDuringSchedulingIgnoredDuringExecution"]) {
            pod_term(checker, term);
        }
        for weighted in affinity.items_at(&[kind, "preferredDuringSchedulingIgnoredDuringExecution"]) {
            weight(checker, weighted);
            match weighted.get("podAffinityTerm") {
                Some(term) => pod_term(checker, term),
                None => drop(checker.required(weighted, &["podAffinityTerm"])),
            }
        }
    }
}

fn weight<'o>(checker: &mut Checker<'o>, weighted: NodeRef<'o>) {
    if Checker::has(weighted, &["weight"]) {
        checker.within(weighted, &["weight"], 1, 100);
    } else {
        checker.required(weighted, &["weight"]);
    }
}

fn node_affinity<'o>(checker: &mut Checker<'o>, affinity: NodeRef<'o>) {
    if let Some(nodes) = affinity.get("nodeAffinity").filter(|it| it.is_map()) {
        node_terms(checker, nodes, "requiredDuringSchedulingIgnoredDuringExecution");
    }
    for preferred in affinity.items_at(&["nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"]) {
        weight(checker, preferred);
        if let Some(term) = preferred.get("preference") {
            node_term(checker, term);
        }
    }
}

/// A `NodeSelector` under this key.
pub(super) fn node_terms<'o>(checker: &mut Checker<'o>, affinity: NodeRef<'o>, key: &str) {
    let Some(required) = affinity.get(key).filter(|it| it.is_map()) else { return };
    checker.required(required, &["nodeSelectorTerms"]);
    for term in required.items_at(&["nodeSelectorTerms"]) {
        node_term(checker, term);
    }
}

fn node_term<'o>(checker: &mut Checker<'o>, term: NodeRef<'o>) {
    for expression in term.items_at(&["matchExpressions"]) {
        metadata::requirement(checker, expression, &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
    }
    for field in term.items_at(&["matchFields"]).filter(|it| is_object(*it)) {
        checker.required_one_of(field, &["key"], &["metadata.name"]);
        checker.required_one_of(field, &["operator"], &["In", "NotIn"]);
        if field.items_at(&["values"]).count() != 1 {
            checker.refuse(field, &["values"], "a field needs exactly one value");
        }
        checker.each_named(field, &["values"], names::dns_subdomain);
    }
}

fn pod_term<'o>(checker: &mut Checker<'o>, term: NodeRef<'o>) {
    checker.required_named(term, &["topologyKey"], names::qualified);
    metadata::selector(checker, term, &["labelSelector"]);
    metadata::selector(checker, term, &["namespaceSelector"]);
    checker.each_named(term, &["namespaces"], names::dns_label);
    for key in ["matchLabelKeys", "mismatchLabelKeys"] {
        label_keys(checker, term, key);
    }
    let selected = || term.items_at(&["mismatchLabelKeys"]);
    for key in term.items_at(&["matchLabelKeys"]).filter(|key| selected().any(|it| it.text() == key.text())) {
        checker.refuse(key, &[], format!("{} is in mismatchLabelKeys as well", shown(key.text())));
    }
}

/// Keys of labels whose values are those of the pod itself.
fn label_keys<'o>(checker: &mut Checker<'o>, holder: NodeRef<'o>, key: &str) {
    if holder.items_at(&[key]).next().is_none() {
        return;
    }
    if !Checker::has(holder, &["labelSelector"]) {
        checker.refuse(holder, &[key], format!("{key} needs a labelSelector"));
    }
    checker.each_named(holder, &[key], names::qualified);
}

/// The `topologySpreadConstraints` of a pod.
pub(super) fn spread<'o>(checker: &mut Checker<'o>, constraints: NodeRef<'o>) {
    let mut seen = HashSet::new();
    for constraint in constraints.items() {
        if !Checker::has(constraint, &["maxSkew"]) {
            checker.required(constraint, &["maxSkew"]);
        }
        let key = checker.required_text(constraint, &["topologyKey"]);
        let when = checker.required_text(constraint, &["whenUnsatisfiable"]);
        if let (Some(key), Some(when)) = (key, when)
            && !seen.insert((key, when))
        {
            let message = format!("there are two constraints on {key} with {when}");
            checker.refuse(constraint, &["topologyKey"], message);
        }
        for entry in constraint.entries().filter(|it| !it.value.is_null()) {
            let key = entry.name();
            match key {
                "maxSkew" => checker.at_least(constraint, &[key], 1),
                "whenUnsatisfiable" => checker.one_of(constraint, &[key], &["DoNotSchedule", "ScheduleAnyway"]),
                "minDomains" => {
                    checker.at_least(constraint, &[key], 1);
                    if when == Some("ScheduleAnyway") {
                        checker.refuse(constraint, &[key], "minDomains needs whenUnsatisfiable: DoNotSchedule");
                    }
                }
                "nodeAffinityPolicy" | "nodeTaintsPolicy" => {
                    checker.exactly_one_of(constraint, &[key], &["Honor", "Ignore"]);
                }
                "labelSelector" => metadata::selector(checker, constraint, &[key]),
                "matchLabelKeys" => label_keys(checker, constraint, key),
                _ => {}
            }
        }
    }
}

/// A toleration.
pub(super) fn tolerates<'o>(checker: &mut Checker<'o>, toleration: NodeRef<'o>) {
    // Gt and Lt came with 1.35, behind a gate that is closed.
    checker.one_of(toleration, &["operator"], &["Exists", "Equal"]);
    checker.one_of(toleration, &["effect"], &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
    checker.named(toleration, &["key"], names::qualified);
    let has = |key: &str| toleration.get(key).is_some_and(|it| !it.is_null() && !it.text().is_empty());
    // The default of the operator asks for a value, so that the operator is what is wrong.
    let at = if has("operator") { "operator" } else { "value" };
    match Checker::text(toleration, &["operator"]).unwrap_or("Equal") {
        "Exists" if has("value") => drop(checker.refuse(toleration, &[at], "operator Exists takes no value")),
        "Equal" if !has("key") => {
            checker.refuse(toleration, &["operator"], "a toleration without a key needs operator: Exists");
        }
        "Equal" => {
            let value = Checker::text(toleration, &["value"]);
            if let Some((value, Err(reason))) = value.map(|it| (it, names::label_value(it))) {
                checker.refuse(toleration, &["value"], format!("{} {reason}", shown(value)));
            }
        }
        _ => {}
    }
    let effect = Checker::text(toleration, &["effect"]);
    if Checker::has(toleration, &["tolerationSeconds"]) && effect != Some("NoExecute") && !is_open(toleration) {
        checker.refuse(toleration, &["effect"], "tolerationSeconds needs effect: NoExecute");
    }
}

/// Whether the effect is there but filled in later.
fn is_open(toleration: NodeRef<'_>) -> bool {
    Checker::has(toleration, &["effect"]) && Checker::known(toleration, &["effect"]).is_none()
}
