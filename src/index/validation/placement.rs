//! Where pods may run: affinity, spread constraints, tolerations.

use crate::index::validation::{Checker, metadata, names};
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
    let required = ["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"];
    if let Some(required) = affinity.at(&required).filter(|it| it.is_map()) {
        checker.required(required, &["nodeSelectorTerms"]);
        for term in required.items_at(&["nodeSelectorTerms"]) {
            node_term(checker, term);
        }
    }
    for preferred in affinity.items_at(&["nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"]) {
        weight(checker, preferred);
        if let Some(term) = preferred.get("preference") {
            node_term(checker, term);
        }
    }
}

fn node_term<'o>(checker: &mut Checker<'o>, term: NodeRef<'o>) {
    for expression in term.items_at(&["matchExpressions"]) {
        metadata::requirement(checker, expression, &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
    }
    for field in term.items_at(&["matchFields"]) {
        metadata::requirement(checker, field, &["In", "NotIn"]);
    }
}

fn pod_term<'o>(checker: &mut Checker<'o>, term: NodeRef<'o>) {
    if checker.required(term, &["topologyKey"]) {
        topology_key(checker, term);
    }
    metadata::selector(checker, term, &["labelSelector"]);
    metadata::selector(checker, term, &["namespaceSelector"]);
}

fn topology_key<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>) {
    if let Some(key) = Checker::text(node, &["topologyKey"])
        && let Err(reason) = names::qualified(key)
    {
        checker.refuse(node, &["topologyKey"], format!("{key} {reason}"));
    }
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
                "nodeAffinityPolicy" | "nodeTaintsPolicy" => checker.one_of(constraint, &[key], &["Honor", "Ignore"]),
                "labelSelector" => metadata::selector(checker, constraint, &[key]),
                _ => {}
            }
        }
    }
}

/// A toleration.
pub(super) fn tolerates<'o>(checker: &mut Checker<'o>, toleration: NodeRef<'o>) {
    // Gt and Lt came with 1.35.
    checker.one_of(toleration, &["operator"], &["Exists", "Equal", "Gt", "Lt"]);
    checker.one_of(toleration, &["effect"], &["NoSchedule", "PreferNoSchedule", "NoExecute"]);
    let operator = Checker::text(toleration, &["operator"]).unwrap_or("Equal");
    let has_key = toleration.get("key").is_some_and(|it| !it.text().is_empty());
    if operator == "Exists" && toleration.get("value").is_some_and(|it| !it.text().is_empty()) {
        checker.refuse(toleration, &["value"], "operator Exists takes no value");
    }
    if operator == "Equal" && !has_key {
        let message = "a toleration without a key needs operator: Exists";
        checker.refuse(toleration, &["operator"], message);
    }
    let effect = Checker::text(toleration, &["effect"]);
    if Checker::has(toleration, &["tolerationSeconds"]) && effect != Some("NoExecute") && !is_open(toleration) {
        checker.refuse(toleration, &["tolerationSeconds"], "tolerationSeconds needs effect: NoExecute");
    }
}

/// Whether the effect is there but filled in later.
fn is_open(toleration: NodeRef<'_>) -> bool {
    Checker::has(toleration, &["effect"]) && Checker::known(toleration, &["effect"]).is_none()
}
