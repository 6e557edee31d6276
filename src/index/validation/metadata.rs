//! Names, labels and annotations of objects, and label selectors.

use crate::index::validation::{Checker, names};
use crate::model::is_placeholder;
use crate::yaml::NodeRef;

/// Further kinds whose names are subdomains of DNS and of which nothing else is judged.
const PLAIN: &[(&str, &[&str])] = &[
    (
        "",
        &["ServiceAccount", "PersistentVolume", "ResourceQuota", "LimitRange", "Endpoints", "Namespace", "PodTemplate"],
    ),
    ("networking.k8s.io", &["IngressClass"]),
];
/// The longest name of a CronJob: its Jobs add eleven characters of their own.
const LONGEST_CRON_JOB: usize = 52;

/// Whether names of this kind follow the usual rule.
pub(super) fn is_named_plainly(group: &str, kind: &str) -> bool {
    PLAIN.iter().any(|it| it.0 == group && it.1.contains(&kind))
}

/// The object's own metadata.
pub(super) fn check(checker: &mut Checker<'_>) {
    let root = checker.root();
    let kind = checker.object.kind();
    if let Some(name) = Checker::text(root, &["metadata", "name"]) {
        let checked = match kind {
            "Service" | "Namespace" => names::dns_label(name),
            "CronJob" if name.len() > LONGEST_CRON_JOB => Err("is longer than 52 characters"),
            // Nobody asks more of it than that it can stand in a path.
            "PodDisruptionBudget" => Ok(()),
            _ => names::dns_subdomain(name),
        };
        if let Err(reason) = checked {
            checker.refuse(root, &["metadata", "name"], format!("{name} {reason}"));
        }
    }
    labels(checker, root, &["metadata", "labels"]);
    for entry in root.at(&["metadata", "annotations"]).into_iter().flat_map(NodeRef::entries) {
        // Their keys are compared without regard to case.
        key(checker, root, &["metadata", "annotations"], &entry.name().to_ascii_lowercase());
    }
}

/// A map of labels.
pub(super) fn labels<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str]) {
    for entry in node.at(keys).into_iter().flat_map(NodeRef::entries) {
        key(checker, node, keys, entry.name());
        let value = entry.value;
        if value.as_str().is_none() || is_placeholder(value.text()) {
            continue;
        }
        if let Err(reason) = names::label_value(value.text()) {
            let keys: Vec<&str> = keys.iter().copied().chain([entry.name()]).collect();
            checker.refuse(node, &keys, format!("the value \"{}\" {reason}", value.text()));
        }
    }
}

fn key<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str], name: &str) {
    if is_placeholder(name) {
        return;
    }
    if let Err(reason) = names::qualified(name) {
        let keys: Vec<&str> = keys.iter().copied().chain([name]).collect();
        checker.refuse(node, &keys, format!("the key \"{name}\" {reason}"));
    }
}

/// A `LabelSelector`.
pub(super) fn selector<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str]) {
    let Some(selector) = node.at(keys).filter(|it| it.is_map()) else { return };
    labels(checker, selector, &["matchLabels"]);
    for expression in selector.items_at(&["matchExpressions"]) {
        requirement(checker, expression, &["In", "NotIn", "Exists", "DoesNotExist"]);
        if let Some(key) = Checker::text(expression, &["key"])
            && let Err(reason) = names::qualified(key)
        {
            checker.refuse(expression, &["key"], format!("the key \"{key}\" {reason}"));
        }
    }
}

/// An expression with an operator and values.
pub(super) fn requirement<'o>(checker: &mut Checker<'o>, expression: NodeRef<'o>, operators: &[&str]) {
    checker.required(expression, &["key"]);
    if !checker.required(expression, &["operator"]) {
        return;
    }
    checker.one_of(expression, &["operator"], operators);
    let values = expression.items_at(&["values"]).count();
    match Checker::text(expression, &["operator"]) {
        Some(operator @ ("In" | "NotIn")) if values == 0 => {
            checker.refuse(expression, &["values"], format!("operator {operator} needs values"));
        }
        Some(operator @ ("Exists" | "DoesNotExist")) if values > 0 => {
            checker.refuse(expression, &["values"], format!("operator {operator} takes no values"));
        }
        Some(operator @ ("Gt" | "Lt")) if values != 1 => {
            checker.refuse(expression, &["values"], format!("operator {operator} needs exactly one value"));
        }
        _ => {}
    }
}
