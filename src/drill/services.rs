//! Services and Ingresses: as strong as the pods that they lead to.

use crate::drill::subject::Subject;
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::index::Index;
use crate::model::{Object, ObjectId};
use std::collections::HashMap;

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

/// The Ingresses that lead to Services: each as strong as the weakest.
pub(super) fn ingresses<'a>(index: &Index<'a>, services: &[(&'a Object, Subject)]) -> Vec<Subject> {
    let known: HashMap<ObjectId, &Subject> = services.iter().map(|it| (it.0.id(), &it.1)).collect();
    // The older group `extensions` counts as `apps`.
    let all = ["networking.k8s.io", "apps"].into_iter().flat_map(|it| index.of_kind(it, "Ingress"));
    all.filter_map(|ingress| {
        let backends = index.services_of_ingress(ingress);
        let led: Vec<&Subject> = backends.iter().filter_map(|it| known.get(&it.1?.id()).copied()).collect();
        let unknown = backends.iter().find(|it| it.1.is_none_or(|it| !known.contains_key(&it.id())));
        if led.is_empty() {
            return None;
        }
        let outcomes = Scenario::ALL.into_iter().filter_map(|scenario| {
            let outcomes = led.iter().filter_map(|it| Some((*it, it.outcome(scenario)?)));
            let (service, outcome) = outcomes.min_by_key(|it| it.1.verdict)?;
            let mut outcome = outcome.clone();
            outcome.proof.insert(0, Proof::at(format!("weakest link: {}", service.title), service.span));
            if let Some((name, _)) = unknown.filter(|_| outcome.verdict > Verdict::NotKnown) {
                outcome.verdict = Verdict::NotKnown;
                outcome.reason = format!("what Service {name} leads to is not known");
                outcome.proof.insert(0, Proof::at(outcome.reason.clone(), ingress.name_span()));
            }
            Some(outcome)
        });
        Some(Subject {
            identity: ingress.subject(),
            title: ingress.title(),
            span: ingress.name_span(),
            role: Role::Ingress,
            pods: led.iter().filter_map(|it| it.pods).min(),
            ceiling: None,
            need: 1,
            is_counted: led.iter().all(|it| it.is_counted),
            outcomes: outcomes.collect(),
        })
    })
    .collect()
}
