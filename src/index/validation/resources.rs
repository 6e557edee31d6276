//! Requests and limits of containers and pods, and the names of resources.

use super::checker::{Checker, is_object, shown};
use super::names::{self, Checked};
use crate::model::{Quantity, may_be_filled_in};
use crate::yaml::{Entry, NodeRef};

/// Resources of containers that need no domain.
const STANDARD: &[&str] = &["cpu", "memory", "ephemeral-storage"];

/// The `resources` of a container or pod.
pub(super) fn check<'o>(checker: &mut Checker<'o>, holder: NodeRef<'o>, resources: NodeRef<'o>) {
    let [requests, limits] = ["requests", "limits"].map(|it| resources.at(&[it]));
    for (part, amounts) in [("requests", requests), ("limits", limits)] {
        for entry in amounts.into_iter().flat_map(NodeRef::entries) {
            amount(checker, holder, part, entry);
        }
    }
    for entry in requests.into_iter().flat_map(NodeRef::entries) {
        compare(checker, holder, entry, limits);
    }
    let names = || [requests, limits].into_iter().flatten().flat_map(NodeRef::entries).map(Entry::name);
    if names().any(is_huge) && !names().any(|it| matches!(it, "cpu" | "memory")) {
        checker.refuse(holder, &["resources"], "hugepages need cpu or memory beside them");
    }
    claims(checker, resources);
}

fn claims<'o>(checker: &mut Checker<'o>, resources: NodeRef<'o>) {
    let mut claims = resources.items_at(&["claims"]).peekable();
    if claims.peek().is_none() {
        return;
    }
    let of_pod = |spec: NodeRef<'o>| spec.items_at(&["resourceClaims"]).filter_map(|it| it.str_at(&["name"]));
    let root = checker.root();
    let specs = [root.get("spec"), root.at(&["spec", "template", "spec"])];
    let of_cron = root.at(&["spec", "jobTemplate", "spec", "template", "spec"]);
    let known: Vec<&str> = specs.into_iter().chain([of_cron]).flatten().flat_map(of_pod).collect();
    for claim in claims.filter(|it| it.is_map()) {
        if let Some(name) = checker.required_text(claim, &["name"])
            && !known.contains(&name)
        {
            checker.refuse(claim, &["name"], format!("the pod has no resource claim {}", shown(name)));
        }
    }
}

fn is_huge(name: &str) -> bool {
    name.starts_with("hugepages-")
}

/// Whether less than the limit can be requested.
fn can_be_less(name: &str) -> bool {
    is_native(name) && !is_huge(name)
}

fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

fn amount<'o>(checker: &mut Checker<'o>, holder: NodeRef<'o>, part: &str, entry: Entry<'o>) {
    let name = entry.name();
    let keys = ["resources", part, name];
    if may_be_filled_in(name) {
        return;
    }
    if let Err(reason) = of_containers(name) {
        let near = crate::suggest::nearest(name, STANDARD.iter().copied());
        let refusal = checker.refuse(holder, &keys, format!("{} {reason}", shown(name)));
        refusal.help = near.map(|it| format!("did you mean {it}?"));
        return;
    }
    if let Some(reason) = wrong_amount(name, entry.value.text()) {
        checker.refuse(holder, &keys, format!("{} {reason}", entry.value.text()));
    }
}

/// What is wrong with an amount of a resource.
fn wrong_amount(name: &str, text: &str) -> Option<String> {
    if is_below_zero(text) {
        return Some("is below 0".to_owned());
    }
    let amount = Quantity::parse(text)?;
    if !is_native(name) && !is_whole(amount) {
        return Some(format!("is no whole number of {name}"));
    }
    let page = name.strip_prefix("hugepages-").and_then(Quantity::parse).filter(|it| it.0 > 0)?;
    (amount.0 % page.0 != 0).then(|| format!("is no multiple of {} pages", &name["hugepages-".len()..]))
}

/// Whether an amount is negative, and not nothing.
pub(super) fn is_below_zero(text: &str) -> bool {
    text.strip_prefix('-').and_then(Quantity::parse).is_some_and(|it| it.0 > 0)
}

/// An amount in thousandths, which can be negative.
pub(super) fn signed(text: &str) -> Option<i128> {
    match text.strip_prefix('-') {
        Some(rest) => Quantity::parse(rest).map(|it| -it.0),
        None => Quantity::parse(text).map(|it| it.0),
    }
}

/// Whether an amount has no thousandths.
pub(super) fn is_whole(amount: Quantity) -> bool {
    amount.0 % 1000 == 0
}

/// The name of a resource of containers.
pub(super) fn of_containers(name: &str) -> Checked {
    names::qualified(name)?;
    if !name.contains('/') {
        let is_known = STANDARD.contains(&name) || is_huge(name);
        return if is_known { Ok(()) } else { Err("is none of cpu, memory and ephemeral-storage, and has no domain") };
    }
    if !is_native(name) && (name.starts_with("requests.") || names::qualified(&format!("requests.{name}")).is_err()) {
        return Err("is no name of an extended resource");
    }
    Ok(())
}

/// The text of an amount, of which nothing is 0.
fn written(amount: NodeRef<'_>) -> &str {
    if amount.is_null() { "0" } else { amount.text() }
}

fn compare<'o>(checker: &mut Checker<'o>, holder: NodeRef<'o>, entry: Entry<'o>, limits: Option<NodeRef<'o>>) {
    let name = entry.name();
    let Some(limit) = limits.and_then(|it| it.get(name)) else {
        if !can_be_less(name) && !may_be_filled_in(name) && of_containers(name).is_ok() {
            let message = format!("{name} is requested and has no limit, which has to be the same");
            checker.refuse(holder, &["resources", "limits", name], message);
        }
        return;
    };
    let [asked, limit] = [entry.value, limit].map(written);
    let (Some(request), Some(most)) = (Quantity::parse(asked), Quantity::parse(limit)) else { return };
    let message = match () {
        () if request > most => format!("the request of {asked} {name} is above its limit of {limit}"),
        () if request != most && !can_be_less(name) => {
            format!("the request of {asked} {name} has to be its limit of {limit}")
        }
        () => return,
    };
    checker.refuse(holder, &["resources", "requests", name], message);
}

/// The `resources` of a pod, which its containers have to fit into.
pub(super) fn of_pod<'o>(checker: &mut Checker<'o>, spec: NodeRef<'o>, resources: NodeRef<'o>) {
    check(checker, spec, resources);
    let amounts = |name: &'o str, part: &'static str| {
        let containers = spec.items_at(&["containers"]);
        containers.filter_map(move |it| Quantity::read(it.at(&["resources", part, name])?))
    };
    for entry in resources.at(&["limits"]).into_iter().flat_map(NodeRef::entries) {
        let (name, text) = (entry.name(), entry.value.text());
        let largest = amounts(name, "limits").max();
        if largest.zip(Quantity::read(entry.value)).is_some_and(|(largest, limit)| largest > limit) {
            let message = format!("the limit of {text} {name} is below that of a container");
            checker.refuse(spec, &["resources", "limits", name], message);
        }
    }
    for entry in resources.at(&["requests"]).into_iter().flat_map(NodeRef::entries) {
        let (name, text) = (entry.name(), entry.value.text());
        let sum = Quantity(amounts(name, "requests").fold(0, |sum, it| sum.saturating_add(it.0)));
        if Quantity::read(entry.value).is_some_and(|request| sum > request) {
            let message = format!("the request of {text} {name} is below that of the containers together");
            checker.refuse(spec, &["resources", "requests", name], message);
        }
    }
}

/// The `resizePolicy` of a container.
pub(super) fn resizing<'o>(checker: &mut Checker<'o>, policies: NodeRef<'o>) {
    for policy in policies.items().filter(|it| is_object(*it)) {
        checker.required_one_of(policy, &["resourceName"], &["cpu", "memory"]);
        checker.required_one_of(policy, &["restartPolicy"], &["NotRequired", "RestartContainer"]);
    }
    checker.unique(policies.items(), &["resourceName"], "policies");
}
