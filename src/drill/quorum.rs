//! Members that need a majority of their number.

use crate::drill::budget::Budget;
use crate::drill::caps::Bounds;
use crate::drill::cluster::Cluster;
use crate::drill::fleet::Fleet;
use crate::drill::ground::Ground;
use crate::drill::lose::Lost;
use crate::drill::merge::merged;
use crate::drill::subject::Subject;
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::drill::words::range;
use crate::index::Cleaner;
use crate::model::Object;
use crate::source::Span;

/// What is known of a quorum.
pub(super) struct Quorum<'q> {
    /// The object that describes it.
    pub(super) object: &'q Object,
    /// How people call it.
    pub(super) title: String,
    /// What a member is called: `ZooKeeper node`.
    pub(super) member: &'static str,
    /// The members; `None` if their number is not known.
    pub(super) fleet: Option<Fleet>,
    /// All pods under the same budget.
    pub(super) beside: &'q Fleet,
    /// Where their number is written.
    pub(super) span: Span,
    /// What stands between a drain and them.
    pub(super) budget: &'q Budget,
    /// What answers evictions in place of the budget.
    pub(super) cleaner: Option<Cleaner>,
}

/// How many of so many are a majority.
pub(super) fn majority(members: i64) -> i64 {
    members / 2 + 1
}

/// Drills a quorum.
pub(super) fn quorum(it: &Quorum<'_>, cluster: &Cluster) -> Subject {
    let members = it.fleet.as_ref().map(Fleet::pods);
    let ends = cluster.ends.iter().map(|ground| outcomes(it, *ground)).collect();
    Subject {
        identity: it.object.subject(),
        title: it.title.clone(),
        span: it.object.name_span(),
        role: Role::Quorum,
        pods: members,
        ceiling: None,
        need: members.map_or(1, majority),
        is_counted: false,
        outcomes: merged(ends, cluster),
    }
}

fn outcomes(it: &Quorum<'_>, ground: Ground) -> Vec<Outcome> {
    let all = [Scenario::LoseNode, Scenario::LoseZone, Scenario::Drain, Scenario::Roll];
    let Some(fleet) = &it.fleet else {
        let proof = Proof::at(format!("how many {}s there are is not in the manifests", it.member), it.span);
        return all.into_iter().map(|scenario| Outcome::plain(scenario, Verdict::NotKnown, proof.clone())).collect();
    };
    let loss = |scenario, what| {
        let noun = if what == Lost::Node { "node" } else { "zone" };
        let lost = fleet.lost(ground, what);
        let outcome = outcome(it, fleet, scenario, lost, format!("a lost {noun} takes {} of them", range(lost)));
        if what == Lost::Zone && ground.zones.is_none() { without_zones(outcome) } else { outcome }
    };
    vec![
        loss(Scenario::LoseNode, Lost::Node),
        loss(Scenario::LoseZone, Lost::Zone),
        drained(it, fleet, ground),
        outcome(it, fleet, Scenario::Roll, one(fleet, ground, 1), "a rollout takes one at a time".to_owned()),
    ]
}

/// A loss of a zone where no node names one.
pub(super) fn without_zones(outcome: Outcome) -> Outcome {
    if outcome.verdict == Verdict::Fails {
        return outcome;
    }
    let reason = Proof::of("no node names its zone; set `cluster.zones` in .edms-lint.yaml");
    Outcome { verdict: Verdict::NotKnown, reason: reason.text.clone(), proof: vec![reason], ..outcome }
}

fn drained(it: &Quorum<'_>, fleet: &Fleet, ground: Ground) -> Outcome {
    let on_node = fleet.in_place(ground, Lost::Node).most;
    let of = |most: i64, why: &str| {
        let lost = one(fleet, ground, most);
        Outcome { recovers: true, ..outcome(it, fleet, Scenario::Drain, lost, why.to_owned()) }
    };
    if is_moved(it.cleaner, it.budget) {
        return waiting(of(1, MOVED), it.beside, ground, 1);
    }
    match it.budget {
        Budget::Several(spans, names) => overlapping(spans, names),
        Budget::One { allowed: 0, text, span, .. } => {
            Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, *span)).because("pdb-blocks-drain")
        }
        Budget::One { allowed, .. } if it.beside.missing(ground).least >= *allowed => {
            let text = format!("pods that cannot be placed use up the {allowed} that the budget lets go");
            Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, it.span))
        }
        Budget::One { allowed, text, span, .. } => {
            let mut outcome = of(on_node.min(*allowed), "they go as their budget lets them");
            outcome.proof.push(Proof::at(text, *span));
            waiting(outcome, it.beside, ground, *allowed)
        }
        Budget::None => of(on_node, "no budget: all of a node go at once"),
        Budget::Open(proof) => {
            let mut outcome = of(on_node, "without a budget all of a node go at once");
            outcome.proof.insert(1, proof.clone());
            outcome
        }
    }
}

/// One member, or so many at most, and those that found no place.
fn one(fleet: &Fleet, ground: Ground, most: i64) -> Bounds {
    fleet.gone(ground, Bounds { least: 1, most: most.max(1) })
}

/// What Drain Cleaner does.
pub(super) const MOVED: &str = "Drain Cleaner has the operator move one at a time";

/// Whether Drain Cleaner moves pods: one that refuses no evictions itself leaves that to a budget which allows none.
pub(super) fn is_moved(cleaner: Option<Cleaner>, budget: &Budget) -> bool {
    match cleaner {
        Some(Cleaner::Denies) => true,
        Some(Cleaner::NeedsBudget) => matches!(budget, Budget::One { allowed: 0, .. }),
        None => false,
    }
}

/// A drain in which pods may wait for their node, so that the others on it never go.
pub(super) fn waiting(outcome: Outcome, fleet: &Fleet, ground: Ground, allowed: i64) -> Outcome {
    match fleet.waits(ground, allowed) {
        Some(why) if outcome.verdict == Verdict::Survives => outcome.doubted(Verdict::MayFail, why),
        _ => outcome,
    }
}

/// A drain of pods that several budgets select.
pub(super) fn overlapping(spans: &[Span], names: &str) -> Outcome {
    let text = format!("budgets {names} select its pods: each eviction fails with more than one");
    let mut outcome = Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, spans[0])).because("pdb-overlap");
    outcome.proof.extend(spans.iter().skip(1).map(|it| Proof::at("another budget", *it)));
    outcome
}

/// What a loss of so many members comes to.
fn outcome(it: &Quorum<'_>, fleet: &Fleet, scenario: Scenario, lost: Bounds, why: String) -> Outcome {
    let members = fleet.pods();
    let (need, left) = (majority(members), lost.left_of(members));
    let mut proof = vec![Proof::at(
        format!(
            "{why}: {} of {members} {}s stay, {need} {} a majority",
            range(left),
            it.member,
            if need == 1 { "is" } else { "are" }
        ),
        it.span,
    )];
    proof.extend(fleet.proof(&format!("{}s", it.member)));
    Outcome::counted(scenario, left, need, proof)
}
