//! `quantity-implausible`

use crate::model::{Container, Object, PodTemplate, Quantity};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::yaml::NodeRef;

pub(crate) struct QuantityImplausible;

/// No machine has so many cpus.
const MANY_CPUS: Quantity = Quantity(1000 * 1000);
/// No program runs in less memory.
const LITTLE_MEMORY: Quantity = Quantity(1000 << 20);
/// No container has so much.
const MUCH_MEMORY: Quantity = Quantity((10 * 1000) << 40);

impl Rule for QuantityImplausible {
    const PAGE: &'static str = include_str!("../../../rules/workload/quantity-implausible.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for workload in cx.workloads() {
                let Some(template) =
                    workload.template.filter(|_| PodTemplate::of(workload.object, workload.kind).is_some())
                else {
                    continue;
                };
                for container in template.init_containers().chain(template.containers()) {
                    check_container(workload.object, container, cx);
                }
            }
        });
    }
}

fn check_container(object: &Object, container: Container<'_>, cx: &mut Context<'_>) {
    for resource in ["cpu", "memory"] {
        let value = |kind: &str| container.node().at(&["resources", kind, resource]);
        let amounts = ["requests", "limits"].map(|it| value(it).and_then(Quantity::read));
        if matches!(amounts, [Some(request), Some(limit)] if request > limit) {
            continue; // The API server refuses it, and that is said.
        }
        for (kind, amount) in ["requests", "limits"].into_iter().zip(amounts) {
            let Some((value, amount)) = value(kind).zip(amount) else { continue };
            if let Some(wrong) = wrong(resource, value.text(), amount) {
                report((object, container), (kind, resource, value), &wrong, cx);
            }
        }
    }
}

/// What an amount means, and what may have been meant.
struct Wrong {
    means: String,
    help: String,
}

fn wrong(resource: &str, written: &str, amount: Quantity) -> Option<Wrong> {
    let number = written.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    if resource == "cpu" {
        let help = if number == written {
            format!("write {number}m for thousandths of a cpu")
        } else {
            format!("write {number} for whole cpus, or {number}m for thousandths of one")
        };
        return (amount >= MANY_CPUS).then(|| Wrong { means: format!("is {} cpus", amount.0 / 1000), help });
    }
    if amount >= MUCH_MEMORY {
        let means = format!("is {} TiB", amount.0 / (1000 << 40));
        return Some(Wrong { means, help: "write Gi for gibibytes, or Mi for mebibytes".to_owned() });
    }
    if amount.0 == 0 || amount >= LITTLE_MEMORY {
        return None;
    }
    let means = match (written.ends_with('m'), amount.0) {
        (true, ..1000) => "is less than a byte: m stands for thousandths".to_owned(),
        (true, milli) => format!("is {} bytes: m stands for thousandths", milli / 1000),
        (false, ..1000) => "is less than a byte".to_owned(),
        (false, milli) => format!("is {} bytes", milli / 1000),
    };
    let unit = if number.contains('.') { "Gi" } else { "Mi" };
    Some(Wrong { means, help: format!("write the unit: {number}{unit}, perhaps") })
}

fn report(
    (object, container): (&Object, Container<'_>),
    (kind, resource, value): (&'static str, &'static str, NodeRef<'_>),
    wrong: &Wrong,
    cx: &mut Context<'_>,
) {
    let verb = if kind == "requests" { "requests" } else { "is limited to" };
    let message = format!("container {} {verb} {resource} {}, which {}", container.name(), value.text(), wrong.means);
    let place = container.place(object, &["resources", kind, resource]);
    cx.fail(object, place, message).help(wrong.help.clone());
}
