//! ResourceQuotas and LimitRanges.

use super::checker::{Checker, is_object, shown};
use super::names::{self, Checked};
use super::{metadata, resources};
use crate::model::{Quantity, may_be_filled_in};
use crate::yaml::{Entry, NodeRef};
use std::collections::{BTreeSet, HashSet};

/// Amounts that quotas limit.
const AMOUNTS: &[&str] = &[
    "cpu",
    "memory",
    "ephemeral-storage",
    "requests.cpu",
    "requests.memory",
    "requests.storage",
    "requests.ephemeral-storage",
    "limits.cpu",
    "limits.memory",
    "limits.ephemeral-storage",
];
/// Kinds of objects that quotas count.
const COUNTS: &[&str] = &[
    "pods",
    "resourcequotas",
    "services",
    "replicationcontrollers",
    "secrets",
    "configmaps",
    "persistentvolumeclaims",
    "services.nodeports",
    "services.loadbalancers",
];
/// What quotas with a scope of pods can limit.
const OF_PODS: &[&str] = &["pods", "cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"];
const SCOPES: &[&str] = &[
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];
const CONFLICTS: &[(&str, &str)] = &[("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating")];

pub(super) fn quota(checker: &mut Checker<'_>) {
    let Some(spec) = checker.root().get("spec").filter(|it| it.is_map()) else { return };
    for entry in spec.get("hard").into_iter().flat_map(NodeRef::entries) {
        limited(checker, spec, entry);
    }
    checker.each_one_of(spec, &["scopes"], SCOPES);
    for scope in spec.items_at(&["scopes"]) {
        if let Some(scope) = Checker::text(scope, &[]).filter(|it| SCOPES.contains(it)) {
            fits(checker, spec, &["scopes"], scope);
        }
    }
    let conflict = CONFLICTS.iter().find(|(one, other)| {
        let has = |scope: &str| spec.items_at(&["scopes"]).any(|it| it.text() == scope);
        has(one) && has(other)
    });
    if let Some((one, other)) = conflict {
        checker.refuse(spec, &["scopes"], format!("{one} and {other} exclude each other"));
    }
    for expression in spec.items_at(&["scopeSelector", "matchExpressions"]).filter(|it| is_object(*it)) {
        scope_expression(checker, spec, expression);
    }
}

fn limited<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, entry: Entry<'o>) {
    let (name, text) = (entry.name(), entry.value.text());
    if may_be_filled_in(name) {
        return;
    }
    let keys = ["hard", name];
    if let Err(reason) = of_quotas(name) {
        let known = AMOUNTS.iter().chain(COUNTS).copied();
        let refusal = checker.refuse(spec, &keys, format!("{} {reason}", shown(name)));
        refusal.help = crate::suggest::nearest(name, known).map(|it| format!("did you mean {it}?"));
    } else if resources::is_below_zero(text) {
        checker.refuse(spec, &keys, format!("{text} is below 0"));
    } else if is_counted(name) && Quantity::parse(text).is_some_and(|it| !resources::is_whole(it)) {
        checker.refuse(spec, &keys, format!("{text} is no whole number"));
    }
}

fn is_counted(name: &str) -> bool {
    // Devices of nodes are counted, too; what the API server calls native is not.
    let is_native = !name.contains('/') || name.contains("kubernetes.io/");
    COUNTS.contains(&name) || (!is_native && !name.starts_with("requests."))
}

fn is_huge(name: &str) -> bool {
    name.strip_prefix("requests.").unwrap_or(name).starts_with("hugepages-")
}

fn of_quotas(name: &str) -> Checked {
    names::qualified(name)?;
    let is_known = name.contains('/') || is_huge(name) || AMOUNTS.contains(&name) || COUNTS.contains(&name);
    if is_known { Ok(()) } else { Err("is nothing that a quota can limit, and has no domain") }
}

/// Whether everything that is limited can be limited in a scope.
fn fits<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, keys: &[&str], scope: &str) {
    let fitting: &[&str] = match scope {
        "BestEffort" => &["pods"],
        "VolumeAttributesClass" => &["persistentvolumeclaims", "requests.storage"],
        _ => OF_PODS,
    };
    let is_known = |it: &&str| AMOUNTS.contains(it) || COUNTS.contains(it) || is_huge(it);
    let mut limited = spec.get("hard").into_iter().flat_map(NodeRef::entries).map(Entry::name).filter(is_known);
    if let Some(name) = limited.find(|it| !fitting.contains(it)) {
        checker.refuse(spec, keys, format!("the scope {scope} cannot limit {name}"));
    }
}

fn scope_expression<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, expression: NodeRef<'o>) {
    checker.required_one_of(expression, &["scopeName"], SCOPES);
    let Some(scope) = Checker::text(expression, &["scopeName"]).filter(|it| SCOPES.contains(it)) else { return };
    fits(checker, spec, &["scopeSelector", "matchExpressions"], scope);
    let takes_values = matches!(scope, "PriorityClass" | "VolumeAttributesClass");
    let operator = Checker::text(expression, &["operator"]);
    if !takes_values && operator.is_some_and(|it| it != "Exists") {
        checker.refuse(expression, &["operator"], format!("the scope {scope} needs operator Exists"));
        return;
    }
    metadata::operation(checker, expression, &["In", "NotIn", "Exists", "DoesNotExist"]);
}

const PARTS: &[&str] = &["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"];

pub(super) fn limits(checker: &mut Checker<'_>) {
    let mut seen = HashSet::new();
    for limit in checker.root().items_at(&["spec", "limits"]).filter(|it| is_object(*it)) {
        if !checker.required(limit, &["type"]) {
            continue;
        }
        let Some(kind) = Checker::text(limit, &["type"]) else { continue };
        if kind.contains('/') {
            checker.named(limit, &["type"], names::qualified);
        } else {
            checker.one_of(limit, &["type"], &["Container", "Pod", "PersistentVolumeClaim"]);
        }
        if !seen.insert(kind) {
            checker.refuse(limit, &["type"], format!("there are two limits of type {}", shown(kind)));
        }
        limit_parts(checker, limit, kind);
        limit_amounts(checker, limit);
    }
}

fn limit_parts<'o>(checker: &mut Checker<'o>, limit: NodeRef<'o>, kind: &str) {
    for part in PARTS {
        if kind == "Pod" && part.starts_with("default") {
            if limit.get(part).is_some_and(|it| it.entries().next().is_some()) {
                checker.refuse(limit, &[part], format!("{part} is refused for type Pod"));
            }
            continue;
        }
        for entry in limit.get(part).into_iter().flat_map(NodeRef::entries) {
            let name = entry.name();
            let checked =
                if matches!(kind, "Pod" | "Container") { resources::of_containers(name) } else { of_limits(name) };
            if let Err(reason) = checked
                && !may_be_filled_in(name)
            {
                checker.refuse(limit, &[part, name], format!("{} {reason}", shown(name)));
            }
        }
    }
    let has_storage = |part: &str| limit.at(&[part, "storage"]).is_some();
    if kind == "PersistentVolumeClaim" && !has_storage("min") && !has_storage("max") {
        checker.refuse(limit, &["max", "storage"], "a limit of claims needs min or max of storage");
    }
}

fn of_limits(name: &str) -> Checked {
    names::qualified(name)?;
    let is_known = name == "storage" || of_quotas(name).is_ok();
    if is_known { Ok(()) } else { Err("is no standard resource, and has no domain") }
}

/// What has to be at most what, the larger one last.
const ORDERED: &[(&str, &str, &str)] = &[
    ("min", "max", "min"),
    ("min", "defaultRequest", "defaultRequest"),
    ("defaultRequest", "max", "defaultRequest"),
    ("defaultRequest", "default", "defaultRequest"),
    ("min", "default", "default"),
    ("default", "max", "default"),
];

fn limit_amounts<'o>(checker: &mut Checker<'o>, limit: NodeRef<'o>) {
    let entries = |part: &str| limit.get(part).into_iter().flat_map(NodeRef::entries);
    let names: BTreeSet<&str> = PARTS.iter().flat_map(|it| entries(it)).map(Entry::name).collect();
    for name in names {
        // Nothing is 0.
        let text = |part: &str| match limit.get(part).and_then(|it| it.get(name)) {
            Some(it) if it.is_null() => "0",
            it => it.map(NodeRef::text).unwrap_or_default(),
        };
        let amount = |part: &str| resources::signed(text(part));
        let mut wrong = BTreeSet::new();
        for (low, high, at) in ORDERED {
            let is_above = amount(low).zip(amount(high)).is_some_and(|(low, high)| low > high);
            if is_above && wrong.insert(*at) {
                let message = format!("{low} {} is above {high} {}", text(low), text(high));
                checker.refuse(limit, &[at, name], message);
            }
        }
        let Some(ratio) = amount("maxLimitRequestRatio") else { continue };
        let keys = ["maxLimitRequestRatio", name];
        let widest = amount("min").zip(amount("max")).filter(|it| it.0 != 0);
        if ratio < 1000 {
            checker.refuse(limit, &keys, format!("{} is below 1", text("maxLimitRequestRatio")));
        } else if widest.is_some_and(|(min, max)| min < 0 || ratio.saturating_mul(min) > max.saturating_mul(1000)) {
            let message = format!("{} is above max divided by min", text("maxLimitRequestRatio"));
            checker.refuse(limit, &keys, message);
        }
    }
}
