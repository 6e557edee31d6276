//! `quantity-implausible`

use crate::index::Workload;
use crate::model::{Container, PodTemplate, Quantity};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::is_open;

/// No machine has so many cpus.
const MANY_CPUS: Quantity = Quantity(1000 * 1000);
/// No program runs in less memory.
const LITTLE_MEMORY: Quantity = Quantity(1000 << 20);
/// No container has so much.
const MUCH_MEMORY: Quantity = Quantity((10 * 1000) << 40);

rule!(QuantityImplausible, "workload/quantity-implausible.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let Some(template) = workload.template.filter(|_| PodTemplate::of(object, workload.kind).is_some()) else {
        return Verdict::NotApplicable;
    };
    let mut verdict = judged(template);
    for container in template.init_containers().chain(template.containers()) {
        for (kind, resource, written, (means, help)) in implausible(container) {
            let verb = if kind == "requests" { "requests" } else { "is limited to" };
            let message = format!("container {} {verb} {resource} {written}, which {means}", container.name());
            let place = container.place(object, &["resources", kind, resource]);
            verdict = cx.fail(object, place, message).help(help).verdict();
        }
    }
    verdict
}

/// What is said where no amount is implausible: that depends on whether there are any.
fn judged(template: PodTemplate<'_>) -> Verdict {
    let containers = template.init_containers().chain(template.containers());
    let resources = containers.filter_map(|it| it.node().at(&["resources"]));
    let of_kinds = resources.flat_map(|it| ["requests", "limits"].into_iter().filter_map(move |kind| it.at(&[kind])));
    let amounts = of_kinds.flat_map(|it| ["cpu", "memory"].into_iter().filter_map(move |resource| it.at(&[resource])));
    let mut verdict = Verdict::NotApplicable;
    for amount in amounts {
        if is_open(amount.text()) {
            return Verdict::open("an amount is a template placeholder");
        }
        verdict = Verdict::Pass;
    }
    verdict
}

/// The amounts of a container that nobody can mean.
fn implausible(container: Container<'_>) -> Vec<(&'static str, &'static str, &str, Wrong)> {
    let mut found = Vec::new();
    for resource in ["cpu", "memory"] {
        let value = |kind: &str| container.node().at(&["resources", kind, resource]);
        let amounts = ["requests", "limits"].map(|it| value(it).and_then(Quantity::read));
        if matches!(amounts, [Some(request), Some(limit)] if request > limit) {
            continue; // The API server refuses it, and that is said.
        }
        for (kind, amount) in ["requests", "limits"].into_iter().zip(amounts) {
            let Some((value, amount)) = value(kind).zip(amount) else { continue };
            found.extend(wrong(resource, value.text(), amount).map(|it| (kind, resource, value.text(), it)));
        }
    }
    found
}

/// What an amount means, and what may have been meant.
type Wrong = (String, String);

fn wrong(resource: &str, written: &str, amount: Quantity) -> Option<Wrong> {
    let number = written.trim_end_matches(|it: char| it.is_ascii_alphabetic());
    if resource == "cpu" {
        let help = if number == written {
            format!("write {number}m for thousandths of a cpu")
        } else {
            format!("write {number} for whole cpus, or {number}m for thousandths of one")
        };
        return (amount >= MANY_CPUS).then(|| (format!("is {} cpus", amount.0 / 1000), help));
    }
    if amount >= MUCH_MEMORY {
        let means = format!("is {} TiB", amount.0 / (1000 << 40));
        return Some((means, "write Gi for gibibytes, or Mi for mebibytes".to_owned()));
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
    Some((means, format!("write the unit: {number}{unit}, perhaps")))
}
