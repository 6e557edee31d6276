//! Members that need a majority of their number.

use crate::drill::caps::Bounds;
use crate::drill::cluster::{Cluster, Ground};
use crate::drill::fleet::Fleet;
use crate::drill::lose::Lost;
use crate::drill::merge::merged;
use crate::drill::subject::Subject;
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
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
    /// Where their number is written.
    pub(super) span: Span,
    /// Evictions that are allowed at once, if a budget says so; what it says.
    pub(super) allowed: Option<(i64, Proof)>,
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
        outcome(it, fleet, Scenario::Roll, Bounds { least: 1, most: 1 }, "a rollout takes one at a time".to_owned()),
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
    let on_node = fleet.lost(ground, Lost::Node).most;
    let Some((allowed, budget)) = &it.allowed else {
        let lost = Bounds { least: 1, most: on_node };
        return outcome(it, fleet, Scenario::Drain, lost, "no budget: all of a node go at once".to_owned());
    };
    if *allowed < 1 {
        let outcome = Outcome::plain(Scenario::Drain, Verdict::Stuck, budget.clone());
        return Outcome { because: vec!["pdb-blocks-drain"], ..outcome };
    }
    let lost = Bounds { least: 1, most: on_node.min(*allowed) };
    let mut outcome = outcome(it, fleet, Scenario::Drain, lost, budget.text.clone());
    // Those that cannot come back before the node does use the budget up.
    let is_free = fleet.groups.iter().all(|it| it.asked.hard.is_empty());
    if on_node > *allowed && !is_free && outcome.verdict == Verdict::Survives {
        outcome.verdict = Verdict::MayFail;
    }
    outcome.proof.insert(0, budget.clone());
    outcome
}

/// What a loss of so many members comes to.
fn outcome(it: &Quorum<'_>, fleet: &Fleet, scenario: Scenario, lost: Bounds, why: String) -> Outcome {
    let members = fleet.pods();
    let need = majority(members);
    let (least, most) = ((members - lost.most).max(0), (members - lost.least).max(0));
    let mut proof = vec![Proof::at(
        format!("{why}: {} of {members} {}s stay, {need} are a majority", range(Bounds { least, most }), it.member),
        it.span,
    )];
    proof.extend(fleet.proof(&format!("{}s", it.member)));
    Outcome {
        scenario,
        verdict: Verdict::of(least, most, need),
        least: Some(least),
        most: Some(most),
        recovers: scenario == Scenario::Drain,
        reason: proof[0].text.clone(),
        timeline: Vec::new(),
        proof,
        because: Vec::new(),
    }
}

/// `1`, `1 to 3`.
pub(super) fn range(it: Bounds) -> String {
    if it.least == it.most { it.least.to_string() } else { format!("{} to {}", it.least, it.most) }
}
