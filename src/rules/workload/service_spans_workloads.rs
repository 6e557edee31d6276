//! `service-spans-workloads`

use super::balanced::{Balanced, container_at, task};
use super::judged::is_store;
use crate::index::{Index, Workload};
use crate::model::{Object, ObjectId, Selector, WorkloadKind, is_placeholder};
use crate::rule::{Context, Verdict, rule};
use crate::yaml::NodeRef;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

rule!(ServiceSpansWorkloads, "workload/service-spans-workloads.md", |walk| {
    walk.environment(|cx| {
        let index = cx.index();
        let mut known = Known::new();
        // Services with one selector, each for a workload of its own.
        let mut alike: BTreeMap<(Option<&str>, String), Vec<Reached<'_, '_>>> = BTreeMap::new();
        cx.judge_each(index.of_kind("", "Service"), |it, cx| {
            let (reached, selector) = match reached(it, &mut known, index) {
                Ok(found) => found,
                Err(verdict) => return verdict,
            };
            if let Some(stranger) = stranger(&reached) {
                return report_stranger(&reached, &stranger, cx);
            }
            alike.entry((it.namespace(), selector)).or_default().push(reached);
            Verdict::Pass
        });
        for group in alike.values() {
            judge_alike(group, cx);
        }
    });
});

/// The workloads that Services of one selection reach, by the first of these Services.
type Known<'i, 'a> = HashMap<ObjectId, Result<Rc<Balanced<'i, 'a>>, Verdict>>;

/// A Service with the workloads that it sends requests to.
struct Reached<'i, 'a> {
    service: &'a Object,
    balanced: Rc<Balanced<'i, 'a>>,
}

/// Two workloads or more whose pods a Service with an address of its own balances requests over, and its selector;
/// otherwise what is said of the Service.
fn reached<'i, 'a>(
    service: &'a Object,
    known: &mut Known<'i, 'a>,
    index: &'i Index<'a>,
) -> Result<(Reached<'i, 'a>, String), Verdict> {
    let is_headless = service.node().at(&["spec", "clusterIP"]).is_some_and(|it| it.text() == "None");
    let selector = index.selector_of_service(service).filter(|_| !is_headless && !index.is_for_monitoring(service));
    let selector = selector.ok_or(Verdict::NotApplicable)?;
    // A place in a cluster of equals is chosen while they run.
    let is_role = |key: &str| key.rsplit(['/', '-', '.']).next().is_some_and(|it| it.eq_ignore_ascii_case("role"));
    if selector.requirements.iter().any(|it| is_role(&it.key)) {
        return Err(Verdict::NotApplicable);
    }
    if selector.is_open() {
        return Err(Verdict::open("its selector is a template placeholder"));
    }
    let first = index.selection_of(service).and_then(|it| it.services.first()).map_or(service.id(), |it| it.id());
    let balanced = known.entry(first).or_insert_with(|| balanced(service, &selector, index).map(Rc::new)).clone()?;
    Ok((Reached { service, balanced }, selector.to_string()))
}

fn balanced<'i, 'a>(
    service: &Object,
    selector: &Selector<'_>,
    index: &'i Index<'a>,
) -> Result<Balanced<'i, 'a>, Verdict> {
    let selected = index.select(service, selector);
    if selected.iter().any(|it| it.nearness != crate::index::Nearness::Same) {
        return Err(Verdict::open("whether the pods that it fits are in its namespace is not written"));
    }
    let workloads = selected.iter().filter_map(|it| index.workload_of(index.pods(it.pods).owner));
    let runs = |it: &&Workload<'_>| {
        it.kind.is_replicated() && it.kind != WorkloadKind::Rollout && !it.is_switched_off() && !it.has_open_labels()
    };
    let workloads: Vec<&Workload<'a>> = workloads.filter(runs).collect();
    match workloads.len() {
        0 => Err(Verdict::NotApplicable),
        1 => Err(Verdict::Pass),
        _ => Ok(Balanced::new(workloads)),
    }
}

/// A workload that is not meant, and why one can tell.
struct Stranger<'i, 'a> {
    meant: &'i Workload<'a>,
    other: &'i Workload<'a>,
    why: String,
    port: NodeRef<'a>,
}

/// The first workload that another port or program tells from the one that a Service is for.
fn stranger<'i, 'a>(reached: &Reached<'i, 'a>) -> Option<Stranger<'i, 'a>> {
    for port in reached.service.node().items_at(&["spec", "ports"]) {
        let target = port.at(&["targetPort"]).or_else(|| port.at(&["port"]))?;
        if is_placeholder(target.text()) {
            continue;
        }
        let receivers = reached.balanced.receivers(target);
        let Some(meant) = receivers.meant(reached.service.name()) else { continue };
        for other in receivers.different() {
            if let Some(why) = difference(meant, other, target) {
                return Some(Stranger { meant, other, why, port });
            }
        }
    }
    None
}

/// How a workload differs from the one that a Service is for, if requests can hardly be meant for both.
fn difference(meant: &Workload<'_>, other: &Workload<'_>, target: NodeRef<'_>) -> Option<String> {
    let container = container_at(meant, target)?;
    let Some(twin) = container_at(other, target) else {
        return Some(format!("which does not declare port {}", target.text()));
    };
    let (image, other_image) = (container.repository(), twin.repository());
    if image != other_image && !is_placeholder(image) && !is_placeholder(other_image) {
        return Some(format!("which runs {other_image}"));
    }
    // Members of a store have tasks of their own, and may all answer.
    if is_store(meant) || is_store(other) {
        return None;
    }
    let (command, other_command) = (task(container), task(twin));
    (command != other_command && !other_command.is_empty())
        .then(|| format!("which runs \"{}\"", other_command.join(" ")))
}

fn report_stranger(reached: &Reached<'_, '_>, stranger: &Stranger<'_, '_>, cx: &mut Context<'_>) -> Verdict {
    let service = reached.service;
    let (meant, other) = (stranger.meant, stranger.other);
    let message = format!(
        "{} sends a share of its requests to {}, {}, beside {}",
        service.title(),
        other.object.title(),
        stranger.why,
        meant.object.title()
    );
    let mut help = "add a label to the selector that only the pods have which answer".to_owned();
    if let Some((key, value)) = own_label(meant, other) {
        help = format!("add {key}: {value} to the selector: only the pods of {} have it", meant.object.title());
    }
    cx.fail(service, service.place(&["spec", "selector"]), message)
        .label(stranger.port.first_line(), "this port")
        .label(other.object.name_span(), "the selector fits its pods")
        .help(help)
        .verdict()
}

/// A label that tells the pods of one workload from those of another.
fn own_label(one: &Workload<'_>, other: &Workload<'_>) -> Option<(String, String)> {
    let differs = |it: &(&str, &str)| other.labels.get(it.0) != Some(it.1);
    one.labels.iter().find(differs).map(|(key, value)| (key.to_owned(), value.to_owned()))
}

/// The workload that a Service is for, by its name or by its own labels, if there is just one.
fn meant_by<'i, 'a>(reached: &Reached<'i, 'a>) -> Option<&'i Workload<'a>> {
    let balanced = &reached.balanced;
    if let [only] = balanced.named(reached.service.name()) {
        return Some(balanced.workloads[*only]);
    }
    let labels = reached.service.node().at(&["metadata", "labels"]);
    let own: Vec<(&str, &str)> =
        labels.into_iter().flat_map(NodeRef::entries).map(|it| (it.key.text(), it.value.text())).collect();
    let fits = |it: &&&Workload<'a>| own.iter().all(|(key, value)| it.labels.get(key).is_none_or(|it| it == *value));
    let mut all = balanced.workloads.iter().filter(fits);
    all.next().filter(|_| all.next().is_none()).copied()
}

/// Services that select the same pods, though each is for a workload of its own.
fn judge_alike(group: &[Reached<'_, '_>], cx: &mut Context<'_>) {
    let mut meant = group.iter().filter_map(|it| Some((it, meant_by(it)?)));
    let Some((first, own)) = meant.next() else { return };
    let selector = |it: &Reached<'_, '_>| it.service.place(&["spec", "selector"]).span;
    // What two overlays make of one base need not be in one cluster.
    let other = meant.find(|it| it.1.object.id() != own.object.id() && selector(it.0) != selector(first));
    let Some((second, stranger)) = other else { return };
    let service = first.service;
    let message = format!(
        "{} sends a share of its requests to {}, which {} is for: both have the same selector",
        service.title(),
        stranger.object.title(),
        second.service.title()
    );
    let help = match own_label(own, stranger) {
        Some((key, value)) => {
            format!("add {key}: {value} to the selector, and its own value to that of {}", second.service.title())
        }
        None => "give each workload's pods a label of their own, and each selector that label".to_owned(),
    };
    let verdict = cx
        .fail(service, service.place(&["spec", "selector"]), message)
        .label(selector(second), "the same selector")
        .label(stranger.object.name_span(), "the selector fits its pods")
        .help(help)
        .verdict();
    cx.judge(second.service, verdict);
}
