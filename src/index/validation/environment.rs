//! Environment variables of a container, and what they are filled from.

use super::checker::{Checker, is_object, shown};
use super::{handlers::one_source, names, resources};
use crate::model::may_be_filled_in;
use crate::yaml::NodeRef;

/// Fields of a pod that a variable can have.
const FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];
/// Amounts of a container that a variable or file can have.
const AMOUNTS: &[&str] = &[
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.ephemeral-storage",
];
/// Units of amounts that are no cpus.
const UNITS: &[&str] = &["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];

/// The `env` of a container.
pub(super) fn variables<'o>(checker: &mut Checker<'o>, variables: NodeRef<'o>) {
    for variable in variables.items().filter(|it| is_object(*it)) {
        checker.required_named(variable, &["name"], names::variable);
        if variable.get("valueFrom").is_some_and(NodeRef::is_map) {
            value_from(checker, variable);
        }
    }
}

fn value_from<'o>(checker: &mut Checker<'o>, variable: NodeRef<'o>) {
    if variable.get("value").is_some_and(|it| !it.is_null() && !it.text().is_empty()) {
        checker.refuse(variable, &["valueFrom"], "a variable has either value or valueFrom, not both");
        return;
    }
    let sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"];
    one_source(checker, variable, &["valueFrom"], &sources);
    for source in variable.at(&["valueFrom"]).into_iter().flat_map(NodeRef::entries) {
        let (key, value) = (source.name(), source.value);
        if !value.is_map() {
            continue;
        }
        match key {
            "configMapKeyRef" | "secretKeyRef" => {
                checker.required_named(value, &["key"], names::config_key);
                checker.required_named(value, &["name"], names::dns_subdomain);
            }
            "fieldRef" => field(checker, value, FIELDS),
            "resourceFieldRef" => amount(checker, value),
            "fileKeyRef" => {
                checker.required_named(value, &["key"], names::variable);
                checker.required_named(value, &["volumeName"], names::dns_label);
                checker.required_named(value, &["path"], names::no_steps_back);
            }
            _ => {}
        }
    }
}

/// A field of the pod, of those that are allowed here, or one of its labels or annotations.
pub(super) fn field<'o>(checker: &mut Checker<'o>, reference: NodeRef<'o>, allowed: &[&str]) {
    let keys = &["fieldPath"];
    if !checker.required(reference, keys) {
        return;
    }
    let Some(path) = Checker::text(reference, keys) else { return };
    let Some((map, rest)) = path.split_once("['") else {
        // An old name of spec.nodeName.
        if path != "spec.host" {
            checker.exactly_one_of(reference, keys, allowed);
        }
        return;
    };
    let key = rest.strip_suffix("']").unwrap_or(rest);
    let rule = match map {
        "metadata.labels" => names::qualified,
        "metadata.annotations" => names::qualified_in_any_case,
        _ => |_: &str| Err("has no keys: metadata.labels and metadata.annotations have"),
    };
    if let Err(reason) = rule(key) {
        checker.refuse(reference, keys, format!("{} {reason}", shown(path)));
    }
}

/// An amount of the container's resources, and the unit that it is given in.
pub(super) fn amount<'o>(checker: &mut Checker<'o>, reference: NodeRef<'o>) {
    if !checker.required(reference, &["resource"]) {
        return;
    }
    let Some(resource) = Checker::text(reference, &["resource"]) else { return };
    let is_huge = ["limits.hugepages-", "requests.hugepages-"].iter().any(|it| resource.starts_with(it));
    if !is_huge {
        checker.exactly_one_of(reference, &["resource"], AMOUNTS);
    }
    let units: &[&str] = match resource {
        "limits.cpu" | "requests.cpu" => &["1", "1m"],
        it if is_huge || AMOUNTS.contains(&it) => UNITS,
        _ => return,
    };
    let Some(text) = Checker::text(reference, &["divisor"]) else { return };
    let Some(divisor) = resources::signed(text).filter(|it| *it != 0) else { return };
    if !units.iter().any(|it| resources::signed(it) == Some(divisor)) {
        let message = format!("{} is no unit of {resource}: {}", shown(text), super::list(units));
        checker.refuse(reference, &["divisor"], message);
    }
}

/// The `envFrom` of a container.
pub(super) fn sources<'o>(checker: &mut Checker<'o>, sources: NodeRef<'o>) {
    for source in sources.items().filter(|it| is_object(*it)) {
        checker.named(source, &["prefix"], names::variable);
        one_source(checker, source, &[], &["configMapRef", "secretRef"]);
        for reference in ["configMapRef", "secretRef"] {
            let Some(reference) = source.get(reference).filter(|it| it.is_map()) else { continue };
            let is_open = reference.get("name").is_some_and(|it| may_be_filled_in(it.text()));
            if !is_open {
                // A - at the end is let through here.
                checker.required_named(reference, &["name"], |it| {
                    names::dns_subdomain(it.strip_suffix('-').unwrap_or(it))
                });
            }
        }
    }
}
