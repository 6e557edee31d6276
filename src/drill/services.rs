//! Services, Ingresses and routes: as strong as the pods that they lead to.

use crate::drill::subject::Subject;
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::index::{Backend, Index};
use crate::model::{Object, ObjectId};
use std::collections::{BTreeMap, HashMap};

/// The workloads by the position of their objects.
pub(super) type Known<'s> = HashMap<ObjectId, &'s Subject>;

/// The Services that pass requests on to known workloads. Headless ones only name pods.
pub(super) fn services<'a>(index: &Index<'a>, known: &Known<'_>) -> Vec<(&'a Object, Subject)> {
    let is_headless = |it: &Object| it.node().str_at(&["spec", "clusterIP"]) == Some("None");
    let all = index.of_kind("", "Service").filter(|it| !is_headless(it) && !it.is_made());
    all.filter(|it| !index.is_for_monitoring(it)).filter_map(|it| Some((it, service(index, it, known)?))).collect()
}

fn service(index: &Index<'_>, object: &Object, known: &Known<'_>) -> Option<Subject> {
    let owners = index.pods_of_service(object).iter().map(|it| index.pods(*it).owner.id());
    let mut owners: Vec<ObjectId> = owners.collect();
    owners.dedup();
    let workloads: Option<Vec<&Subject>> = owners.iter().map(|it| known.get(it).copied()).collect();
    let workloads = workloads.filter(|it| !it.is_empty())?;
    if workloads.iter().all(|it| it.role == Role::Platform) {
        return None;
    }
    let span = object.place(&["spec", "selector"]).span;
    let outcomes = Scenario::ALL.into_iter().filter_map(|scenario| {
        let mut outcome = match workloads.as_slice() {
            [one] => one.outcome(scenario)?.clone(),
            several => sum(scenario, several)?,
        };
        let titles: Vec<&str> = workloads.iter().take(3).map(|it| it.title.as_str()).collect();
        outcome.proof.push(Proof::at(format!("leads to {}", titles.join(", ")), span));
        Some(outcome)
    });
    let single = (workloads.len() == 1).then(|| workloads[0].need);
    Some(Subject {
        identity: object.subject(),
        title: object.title(),
        span: object.name_span(),
        role: Role::Service,
        pods: workloads.iter().map(|it| it.pods).sum(),
        ceiling: None,
        need: single.unwrap_or(1),
        is_counted: workloads.iter().all(|it| it.is_counted),
        outcomes: outcomes.collect(),
    })
}

/// What becomes of the pods of several workloads together, one of which is needed.
fn sum(scenario: Scenario, workloads: &[&Subject]) -> Option<Outcome> {
    let outcomes: Vec<(&Subject, &Outcome)> =
        workloads.iter().filter_map(|it| Some((*it, it.outcome(scenario)?))).collect();
    let weakest = outcomes.iter().min_by_key(|it| it.1.verdict)?;
    let mut outcome = weakest.1.clone();
    outcome.proof.insert(0, Proof::at(format!("weakest: {}", weakest.0.title), weakest.0.span));
    if outcome.verdict == Verdict::Stuck {
        return Some(outcome);
    }
    // Pods of which nothing is known, or that a scenario does not touch, count for nothing.
    let least: i64 = outcomes.iter().map(|it| it.1.least.unwrap_or(0)).sum();
    let all: Option<i64> = workloads.iter().map(|it| it.pods).sum();
    let taken = outcomes.iter().filter_map(|it| Some(it.0.pods? - it.1.most?)).max().unwrap_or(0);
    let most = all.map(|it| it - taken);
    outcome.least = Some(least);
    outcome.most = most;
    let is_open = outcomes.iter().any(|it| matches!(it.1.verdict, Verdict::NotKnown | Verdict::Asleep));
    let may_hang = matches!(scenario, Scenario::Drain | Scenario::Roll)
        && outcomes.iter().any(|it| it.1.verdict == Verdict::MayFail);
    outcome.verdict = match most.map(|it| Verdict::of(least, it, 1)) {
        Some(Verdict::Survives) if may_hang => Verdict::MayFail,
        Some(Verdict::MayFail) | None if is_open => Verdict::NotKnown,
        Some(verdict) => verdict,
        None => Verdict::NotKnown,
    };
    outcome.timeline.clear();
    Some(outcome)
}

/// The Ingresses and routes that lead to Services: each as strong as the weakest.
pub(super) fn entries<'a>(index: &Index<'a>, services: &[(&'a Object, Subject)]) -> Vec<Subject> {
    let known: HashMap<ObjectId, &Subject> = services.iter().map(|it| (it.0.id(), &it.1)).collect();
    let mut led: BTreeMap<ObjectId, (&Object, Vec<Link<'_>>)> = BTreeMap::new();
    // A backend of weight 0 gets no requests.
    let is_used = |it: &Backend<'_>| it.node.int_at(&["weight"]) != Some(0);
    for backend in index.backends().into_iter().filter(is_used) {
        let subject = index.service_of_backend(&backend).and_then(|it| known.get(&it.id()).copied());
        let links = &mut led.entry(backend.object.id()).or_insert_with(|| (backend.object, Vec::new())).1;
        links.push(Link { name: backend.name, subject });
    }
    led.into_values().filter_map(|(object, links)| entry(object, &links)).collect()
}

/// A way that requests go.
struct Link<'l> {
    name: &'l str,
    subject: Option<&'l Subject>,
}

fn entry(object: &Object, links: &[Link<'_>]) -> Option<Subject> {
    let led: Vec<&Subject> = links.iter().filter_map(|it| it.subject).collect();
    if led.is_empty() {
        return None;
    }
    let unknown = links.iter().find(|it| it.subject.is_none());
    let outcomes = Scenario::ALL.into_iter().filter_map(|scenario| {
        let outcomes = led.iter().filter_map(|it| Some((*it, it.outcome(scenario)?)));
        let (service, outcome) = outcomes.min_by_key(|it| it.1.verdict)?;
        let mut outcome = outcome.clone();
        outcome.proof.insert(0, Proof::at(format!("weakest link: {}", service.title), service.span));
        match unknown {
            Some(link) if outcome.verdict > Verdict::NotKnown => {
                let text = format!("what Service {} leads to is not known", link.name);
                Some(outcome.doubted(Verdict::NotKnown, Proof::at(text, object.name_span())))
            }
            _ => Some(outcome),
        }
    });
    Some(Subject {
        identity: object.subject(),
        title: object.title(),
        span: object.name_span(),
        role: Role::Ingress,
        pods: led.iter().filter_map(|it| it.pods).min(),
        ceiling: None,
        need: 1,
        is_counted: led.iter().all(|it| it.is_counted),
        outcomes: outcomes.collect(),
    })
}
