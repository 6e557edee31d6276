//! The metrics of a HorizontalPodAutoscaler.

use super::checker::{Checker, shown};
use super::{metadata, names, resources};
use crate::model::Quantity;
use crate::yaml::NodeRef;

/// The types of metrics, with their sections.
const METRICS: &[(&str, &str)] = &[
    ("Object", "object"),
    ("External", "external"),
    ("Pods", "pods"),
    ("Resource", "resource"),
    ("ContainerResource", "containerResource"),
];

/// A metric.
pub(super) fn check<'o>(checker: &mut Checker<'o>, metric: NodeRef<'o>) {
    let types: Vec<&str> = METRICS.iter().map(|it| it.0).collect();
    checker.required_one_of(metric, &["type"], &types);
    let kind = Checker::text(metric, &["type"]);
    let Some((kind, wanted)) = METRICS.iter().find(|it| Some(it.0) == kind) else { return };
    if !Checker::has(metric, &[wanted]) {
        checker.refuse(metric, &[wanted], format!("a metric of type {kind} needs the section {wanted}"));
    }
    for (_, other) in METRICS.iter().filter(|it| it.1 != *wanted && Checker::has(metric, &[it.1])) {
        checker.refuse(metric, &[other], format!("a metric of type {kind} has no section {other}"));
    }
    if let Some(source) = metric.get(wanted).filter(|it| it.is_map()) {
        section(checker, source, wanted);
    }
}

fn section<'o>(checker: &mut Checker<'o>, source: NodeRef<'o>, section: &str) {
    match section {
        "resource" => drop(checker.required(source, &["name"])),
        "containerResource" => {
            checker.required_named(source, &["name"], resources::of_containers);
            checker.required_named(source, &["container"], names::dns_label);
        }
        "object" => {
            metadata::reference(checker, source, "describedObject");
            checker.required_named(source, &["metric", "name"], names::path_segment);
        }
        _ => checker.required_named(source, &["metric", "name"], names::path_segment),
    }
    checker.required_one_of(source, &["target", "type"], &["Utilization", "Value", "AverageValue"]);
    if let Some(target) = source.get("target").filter(|it| it.is_map()) {
        check_target(checker, target, section);
    } else {
        checker.required(source, &["target"]);
    }
}

fn check_target<'o>(checker: &mut Checker<'o>, target: NodeRef<'o>, section: &str) {
    checker.at_least(target, &["averageUtilization"], 1);
    for key in ["value", "averageValue"] {
        let text = Checker::text(target, &[key]).unwrap_or_default();
        if text.starts_with('-') || Quantity::parse(text).is_some_and(|it| it.0 == 0) {
            checker.refuse(target, &[key], format!("{} is not above 0", shown(text)));
        }
    }
    let has = |key: &str| Checker::has(target, &[key]);
    match section {
        "resource" | "containerResource" => match (has("averageUtilization"), has("averageValue")) {
            (true, true) => {
                let message = "either averageUtilization or averageValue, not both";
                checker.refuse(target, &["averageValue"], message);
            }
            (false, false) => {
                checker.refuse(target, &["averageUtilization"], "needs averageUtilization or averageValue");
            }
            _ => {}
        },
        "pods" if !has("averageValue") => drop(checker.required(target, &["averageValue"])),
        "external" if has("value") && has("averageValue") => {
            checker.refuse(target, &["value"], "either value or averageValue, not both");
        }
        "external" | "object" if !has("value") && !has("averageValue") => {
            checker.refuse(target, &["averageValue"], "needs value or averageValue");
        }
        _ => {}
    }
}
