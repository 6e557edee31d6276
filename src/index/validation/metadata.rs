//! Names, labels and annotations of objects, and label selectors.

use super::checker::{Checker, is_object, shown};
use super::names;
use crate::model::{Object, may_be_filled_in};
use crate::yaml::NodeRef;

/// Further kinds whose names are subdomains of DNS and of which nothing else is judged.
const PLAIN: &[(&str, &[&str])] = &[("", &["ServiceAccount", "Endpoints", "Namespace", "PodTemplate"])];
/// The longest name of a CronJob: its Jobs add eleven characters of their own.
const LONGEST_CRON_JOB: usize = 52;
/// Finalizers that need no domain.
const STANDARD_FINALIZERS: &[&str] = &["kubernetes", "orphan", "foregroundDeletion"];

/// Whether names of this kind follow the usual rule.
pub(super) fn is_named_plainly(group: &str, kind: &str) -> bool {
    PLAIN.iter().any(|it| it.0 == group && it.1.contains(&kind))
}

/// The object's own metadata.
pub(super) fn check(checker: &mut Checker<'_>) {
    let root = checker.root();
    let rule = rule_of_names(checker.object);
    if Checker::has(root, &["metadata", "generateName"]) && !is_filled(root, "name") {
        // The server adds characters behind a - at the end.
        let prefix = Checker::text(root, &["metadata", "generateName"]).map(|it| it.strip_suffix('-').unwrap_or(it));
        if let Some(Err(reason)) = prefix.filter(|it| !it.is_empty()).map(rule) {
            checker.refuse(root, &["metadata", "generateName"], format!("the name that it begins {reason}"));
        }
    } else if checker.object.is("", "LimitRange") {
        checker.named(root, &["metadata", "name"], rule); // The server finds a name for those without.
    } else {
        checker.required_named(root, &["metadata", "name"], rule);
    }
    checker.named(root, &["metadata", "namespace"], names::dns_label);
    labels(checker, root, &["metadata", "labels"]);
    annotations(checker, root, &["metadata", "annotations"]);
    let is_budget = checker.object.is("policy", "PodDisruptionBudget");
    for finalizer in root.items_at(&["metadata", "finalizers"]) {
        let Some(name) = Checker::known(finalizer, &[]).map(NodeRef::text) else { continue };
        let checked = names::qualified(name);
        if let Err(reason) = checked {
            checker.refuse(finalizer, &[], format!("{} {reason}", shown(name)));
        } else if !name.contains('/') && !STANDARD_FINALIZERS.contains(&name) && !is_budget {
            checker.refuse(finalizer, &[], format!("{} has no domain, as in example.org/name", shown(name)));
        }
    }
    for owner in root.items_at(&["metadata", "ownerReferences"]).filter(|it| is_object(*it)) {
        for key in ["apiVersion", "kind", "name", "uid"] {
            checker.required(owner, &[key]);
        }
    }
}

fn is_filled(root: NodeRef<'_>, key: &str) -> bool {
    root.at(&["metadata", key]).is_some_and(|it| !it.is_null() && !it.text().is_empty())
}

/// The rule for the names of an object's kind.
fn rule_of_names(object: &Object) -> names::Rule {
    match (object.group(), object.kind()) {
        ("", "Service" | "Namespace") | ("apps", "StatefulSet") => names::dns_label,
        ("batch", "CronJob") => |it| {
            let is_short = it.len() <= LONGEST_CRON_JOB;
            if is_short { names::dns_subdomain(it) } else { Err("is longer than 52 characters") }
        },
        ("rbac.authorization.k8s.io", _) | ("policy", "PodDisruptionBudget") => names::path_segment,
        _ => names::dns_subdomain,
    }
}

/// A map of annotations. Their keys are compared without regard to case.
pub(super) fn annotations<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str]) {
    for entry in node.at(keys).into_iter().flat_map(NodeRef::entries) {
        if let Err(reason) = names::qualified_in_any_case(entry.name())
            && !may_be_filled_in(entry.name())
        {
            refuse_key(checker, node, keys, entry.name(), reason);
        }
    }
}

/// A map of labels.
pub(super) fn labels<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str]) {
    for entry in node.at(keys).into_iter().flat_map(NodeRef::entries) {
        key(checker, node, keys, entry.name());
        let value = entry.value;
        if value.as_str().is_none() || may_be_filled_in(value.text()) {
            continue;
        }
        if let Err(reason) = names::label_value(value.text()) {
            let keys: Vec<&str> = keys.iter().copied().chain([entry.name()]).collect();
            checker.refuse(node, &keys, format!("the value \"{}\" {reason}", shown(value.text())));
        }
    }
}

fn key<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str], name: &str) {
    if let Err(reason) = names::qualified(name)
        && !may_be_filled_in(name)
    {
        refuse_key(checker, node, keys, name, reason);
    }
}

fn refuse_key<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str], name: &str, reason: &str) {
    let keys: Vec<&str> = keys.iter().copied().chain([name]).collect();
    checker.refuse(node, &keys, format!("the key \"{}\" {reason}", shown(name)));
}

/// A `LabelSelector`.
pub(super) fn selector<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, keys: &[&str]) {
    let Some(selector) = node.at(keys).filter(|it| it.is_map()) else { return };
    labels(checker, selector, &["matchLabels"]);
    for expression in selector.items_at(&["matchExpressions"]) {
        requirement(checker, expression, &["In", "NotIn", "Exists", "DoesNotExist"]);
    }
}

/// An expression with the key of a label, an operator and values.
pub(super) fn requirement<'o>(checker: &mut Checker<'o>, expression: NodeRef<'o>, operators: &[&str]) {
    checker.required_named(expression, &["key"], names::qualified);
    operation(checker, expression, operators);
    checker.each_named(expression, &["values"], names::label_value);
}

/// The operator of an expression, and how many values it needs.
pub(super) fn operation<'o>(checker: &mut Checker<'o>, expression: NodeRef<'o>, operators: &[&str]) {
    checker.required_one_of(expression, &["operator"], operators);
    let values = expression.items_at(&["values"]).count();
    match Checker::text(expression, &["operator"]).filter(|it| operators.contains(it)) {
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

/// What names an object of any kind.
pub(super) fn reference<'o>(checker: &mut Checker<'o>, node: NodeRef<'o>, key: &str) {
    for field in ["kind", "name"] {
        checker.required_named(node, &[key, field], names::path_segment);
    }
    if Checker::text(node, &[key, "apiVersion"]).is_some_and(|it| it.matches('/').count() > 1) {
        checker.refuse(node, &[key, "apiVersion"], "an API version has at most one /");
    }
}
