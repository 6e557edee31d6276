//! The outcomes of a workload on one cluster: each scenario with its proof.

use crate::drill::budget::Budget;
use crate::drill::caps::{Bounds, Caps, Form, Hard, History, Level, Load};
use crate::drill::cluster::{Ground, MANY};
use crate::drill::drain::drain;
use crate::drill::facts::{Facts, MARKED, Replaced};
use crate::drill::lose::{Lost, answering, lost, replaced};
use crate::drill::roll::{Rolled, Way, roll};
use crate::drill::verdict::{Moment, Outcome, Proof, Scenario, Verdict};
use crate::model::Ending;

/// A workload on a cluster.
pub(super) struct Judged<'f> {
    facts: &'f Facts,
    ground: Ground,
    at_once: i64,
    caps: Caps,
    rolled: Option<Rolled>,
}

impl<'f> Judged<'f> {
    /// Works out what the constraints come to.
    pub(super) fn new(facts: &'f Facts, ground: Ground, at_once: i64) -> Judged<'f> {
        let caps = |load: Load, ends: bool| {
            let mut caps = Caps::of(load, &facts.asked.hard, ground, History::Any { ends, at_once });
            if facts.asked.doubt.is_some() {
                caps.placed.least = 0;
            }
            if facts.asked.together.is_some() {
                (caps.node, caps.zone) = (load.pods, load.pods);
            }
            caps
        };
        let placed = caps(facts.load, true).placed;
        let rolled = facts.way.map(|way| roll(facts.load, way, &facts.asked.hard, placed, ground));
        let ends = facts.open_way.is_none() && rolled.is_none_or(|it| it.end == Ending::Ends);
        Judged { facts, ground, at_once, caps: caps(facts.load, ends), rolled }
    }

    /// The pods that answer after a loss, between which numbers.
    pub(super) fn answering(&self, what: Lost) -> Bounds {
        if self.facts.asked.together.is_some() {
            return Bounds { least: 0, most: 0 };
        }
        answering(&self.caps, self.ground, what)
    }

    fn whole(&self) -> i64 {
        self.facts.load.pods
    }

    /// The outcome of a loss.
    pub(super) fn lose(&self, what: Lost) -> Outcome {
        let (facts, asked) = (self.facts, &self.facts.asked);
        let scenario = if what == Lost::Node { Scenario::LoseNode } else { Scenario::LoseZone };
        if what == Lost::Zone && self.ground.zones.is_none() && asked.together.is_none() {
            return self.without_zones(scenario);
        }
        let bounds = self.answering(what);
        let is_in_one = asked.together.is_some() || (what == Lost::Zone && asked.one_zone.is_some());
        let bounds = if is_in_one { Bounds { least: 0, most: 0 } } else { bounds };
        let mut verdict = Verdict::of(bounds.least, bounds.most, facts.need);
        let mut proof = self.loss_proof(what, bounds);
        let mut bounds = bounds;
        if let Some(open) = asked.open.as_ref().filter(|_| !is_in_one) {
            // Wherever the pods run, the fullest node has one of them.
            let most = (self.whole() - 1).max(0);
            bounds = Bounds { least: 0, most };
            verdict = if most < facts.need { Verdict::Fails } else { Verdict::NotKnown };
            proof.insert(0, open.clone());
        }
        let after = match facts.replaced {
            Replaced::After(_) if !is_in_one && asked.open.is_none() => {
                replaced(facts.load, &asked.hard, &self.caps, self.ground, what)
            }
            Replaced::After(_) => Bounds { least: bounds.least, most: self.whole() },
            _ => bounds,
        };
        Outcome {
            scenario,
            verdict,
            least: Some(bounds.least),
            most: Some(bounds.most),
            recovers: after.least >= facts.need && matches!(facts.replaced, Replaced::After(_)),
            reason: proof[0].text.clone(),
            timeline: self.loss_timeline(what, bounds, after),
            proof,
            because: self.loss_rules(what, verdict),
        }
    }

    fn without_zones(&self, scenario: Scenario) -> Outcome {
        let most = (self.whole() - 1).max(0);
        let reason = Proof::of("no node names its zone; set `cluster.zones` in .edms-lint.yaml");
        let verdict = if most < self.facts.need { Verdict::Fails } else { Verdict::NotKnown };
        Outcome { least: Some(0), most: Some(most), ..Outcome::plain(scenario, verdict, reason) }
    }

    fn loss_proof(&self, what: Lost, bounds: Bounds) -> Vec<Proof> {
        let (facts, asked) = (self.facts, &self.facts.asked);
        let noun = if what == Lost::Node { "node" } else { "zone" };
        let pods = self.whole();
        let mut proof = Vec::new();
        if let Some(one) = asked.together.as_ref().or(asked.one_zone.as_ref().filter(|_| what == Lost::Zone)) {
            proof.push(one.clone());
        } else {
            let (cap, by) = match what {
                Lost::Node => (self.caps.node, self.caps.node_by),
                Lost::Zone => (self.caps.zone, self.caps.zone_by),
            };
            let placed = self.caps.placed;
            if let Some(doubt) = &asked.doubt {
                proof.push(doubt.clone());
            } else if placed.least < placed.most {
                proof.push(Proof::of(
                    "several hard constraints may refuse each other's places, so that not all pods need run",
                ));
            }
            if placed.most < pods {
                proof.push(Proof::at(format!("only {} of {pods} pods can be placed", placed.most), facts.scale_span));
            }
            proof.push(match by {
                Some(by) => cap_proof(&by, cap, noun, facts.load, self.ground),
                None if pods == 1 => Proof::at("one pod, with nothing beside it", facts.scale_span),
                None => {
                    let text = format!("no hard constraint keeps its pods apart: one {noun} may hold all {pods}");
                    Proof::at(text, asked.soft.unwrap_or(facts.scale_span))
                }
            });
            let share = lost(&self.caps, self.ground, what).least;
            proof.push(Proof::of(format!(
                "{} - {cap} = {} to {} - {share} = {} pods answer, {} needed",
                placed.least,
                (placed.least - cap).max(0),
                placed.most,
                bounds.most,
                facts.need
            )));
        }
        proof.push(Proof::at(format!("{pods} pods"), facts.scale_span));
        proof
    }

    fn loss_timeline(&self, what: Lost, at_once: Bounds, after: Bounds) -> Vec<Moment> {
        let noun = if what == Lost::Node { "node" } else { "zone" };
        let moment = |second, it: Bounds, why: String| Moment { second, least: it.least, most: it.most, why };
        let mut timeline = vec![
            moment(0, at_once, format!("the pods of the lost {noun} answer no more and are still endpoints")),
            moment(MARKED, at_once, format!("the {noun} is marked, and its pods are no endpoints any more")),
        ];
        if let Replaced::After(second) = self.facts.replaced {
            timeline.push(moment(second, after, "replaced on other nodes, if there is room".to_owned()));
        }
        timeline
    }

    fn loss_rules(&self, what: Lost, verdict: Verdict) -> Vec<&'static str> {
        if matches!(verdict, Verdict::Survives | Verdict::NotKnown) {
            return Vec::new();
        }
        if self.whole() == 1 {
            return vec!["workload-too-few-replicas"];
        }
        match what {
            Lost::Node if self.facts.asked.hard.iter().any(|it| it.form != Form::Apart) => {
                vec!["spread-skewed-by-rollout"]
            }
            Lost::Node if self.facts.asked.soft.is_some() => vec!["anti-affinity-preferred-only"],
            Lost::Node => vec!["anti-affinity-missing"],
            Lost::Zone => vec!["zone-spread-missing"],
        }
    }

    /// The outcome of draining every node in turn.
    pub(super) fn drain(&self) -> Outcome {
        let (facts, asked) = (self.facts, &self.facts.asked);
        let scenario = Scenario::Drain;
        let stuck = |proof: Proof, rule: &'static str| Outcome {
            because: vec![rule],
            ..Outcome::plain(scenario, Verdict::Stuck, proof)
        };
        let (allowed, budget) = match &facts.budget {
            Budget::None => (None, Proof::of("no budget: all pods of a node go at once")),
            Budget::One { allowed: 0, text, span, .. } => return stuck(Proof::at(text, *span), "pdb-blocks-drain"),
            Budget::One { allowed, text, span, .. } => (Some(*allowed), Proof::at(text, *span)),
            Budget::Several(spans, names) => {
                let text = format!("budgets {names} select its pods: each eviction fails with more than one");
                let mut outcome = stuck(Proof::at(text, spans[0]), "pdb-overlap");
                outcome.proof.extend(spans.iter().skip(1).map(|it| Proof::at("another budget", *it)));
                return outcome;
            }
            Budget::Open(proof) => {
                let verdict = if self.whole() - 1 < facts.need { Verdict::Fails } else { Verdict::NotKnown };
                return Outcome::plain(scenario, verdict, proof.clone());
            }
        };
        let drained = drain(facts.load, &asked.hard, &self.caps, self.ground, allowed, self.at_once);
        let mut proof = Vec::new();
        let mut verdict = match drained.end {
            Ending::Never => Verdict::Stuck,
            Ending::Depends => Verdict::MayFail,
            Ending::Ends => Verdict::of(drained.answering.least, drained.answering.most, facts.need),
        };
        let mut because = Vec::new();
        let on_nodes = self.caps.node.saturating_mul(self.at_once).min(self.whole());
        let may_all_go = allowed.is_none_or(|it| on_nodes <= it);
        let is_shared = matches!(facts.budget, Budget::One { is_shared: true, .. });
        let bound = asked.together.as_ref().or(facts.local.as_ref());
        if let (Some(bound), false) = (bound, may_all_go) {
            verdict = Verdict::MayFail;
            proof.push(bound.clone());
        } else if let (Some(open), true) = (&asked.open, verdict != Verdict::Fails) {
            verdict = Verdict::NotKnown;
            proof.push(open.clone());
        } else if is_shared && verdict == Verdict::Survives && !asked.hard.is_empty() {
            verdict = Verdict::MayFail;
            proof.push(Proof::of("pods of other workloads use the same budget up"));
        } else if drained.end != Ending::Ends {
            (proof, because) = self.drain_proof(drained.is_used_up, drained.by, drained.end, allowed.unwrap_or(0));
        }
        proof.push(budget);
        if matches!(verdict, Verdict::Survives | Verdict::Fails | Verdict::MayFail) && drained.end == Ending::Ends {
            let Bounds { least, most } = drained.answering;
            let text = format!("{least} to {most} of {} pods answer meanwhile, {} needed", self.whole(), facts.need);
            proof.push(Proof::of(text));
            if verdict != Verdict::Survives {
                because.push(if self.whole() == 1 { "workload-too-few-replicas" } else { "pdb-missing" });
            }
        }
        let is_stuck = verdict == Verdict::Stuck;
        Outcome {
            scenario,
            verdict,
            least: Some(drained.answering.least),
            most: Some(drained.answering.most),
            recovers: !is_stuck && facts.local.is_none() && !matches!(facts.replaced, Replaced::Never(_))
                || self.comes_back(),
            reason: proof[0].text.clone(),
            timeline: Vec::new(),
            proof,
            because,
        }
    }

    /// Whether evicted pods come back on another node: only a loss keeps some from that.
    fn comes_back(&self) -> bool {
        let is_free = self.facts.local.is_none() && self.facts.asked.together.is_none();
        let is_controlled = self.facts.replaced != Replaced::Never("nothing replaces a pod without a controller");
        is_free && is_controlled && self.ground.nodes > self.at_once
    }

    fn drain_proof(
        &self,
        is_used_up: bool,
        by: Option<Hard>,
        end: Ending,
        allowed: i64,
    ) -> (Vec<Proof>, Vec<&'static str>) {
        let (pods, placed) = (self.whole(), self.caps.placed);
        if is_used_up {
            let missing = pods - placed.most;
            let text = format!(
                "only {} of {pods} pods can be placed: the {missing} that wait use up the {allowed} that the budget lets go",
                placed.most
            );
            return (vec![Proof::at(text, self.facts.scale_span)], vec!["anti-affinity-exceeds-nodes"]);
        }
        let Some(by) = by else {
            let text = match &self.facts.asked.doubt {
                Some(doubt) => return (vec![doubt.clone()], Vec::new()),
                None if self.ground.nodes <= self.at_once => "no other node takes the pods",
                None => "several hard constraints may refuse each other's places",
            };
            return (vec![Proof::of(text)], Vec::new());
        };
        let places = by.places(self.ground).unwrap_or(1);
        let noun = if by.level == Level::Node { "node" } else { "zone" };
        let each = pods / places.max(1);
        let text = match end {
            Ending::Never => format!(
                "{pods} pods on {places} {noun}s, {each} each: a cordoned one still counts, no other takes its last pods, \
                 and the budget lets {allowed} go"
            ),
            _ => format!(
                "{pods} pods on {places} {noun}s: a cordoned one still counts, and it depends on the order of evictions and \
                 earlier rollouts whether another takes its last pods"
            ),
        };
        let proof = by.span.map_or_else(|| Proof::of(text.clone()), |it| Proof::at(text.clone(), it));
        (vec![proof], vec!["spread-blocks-drain"])
    }

    /// The outcome of a rollout, where there can be one.
    pub(super) fn roll(&self) -> Option<Outcome> {
        let facts = self.facts;
        if let Some(open) = &facts.open_way {
            return Some(Outcome::plain(Scenario::Roll, Verdict::NotKnown, open.clone()));
        }
        let (rolled, way) = (self.rolled?, facts.way?);
        let Bounds { least, most } = rolled.answering;
        let verdict = match rolled.end {
            Ending::Never => Verdict::Stuck,
            Ending::Depends => Verdict::of(0, most, facts.need),
            Ending::Ends => Verdict::of(least, most, facts.need),
        };
        let mut proof = Vec::new();
        let verdict = match &facts.asked.open {
            Some(open) if verdict != Verdict::Fails && !facts.asked.hard.is_empty() => {
                proof.push(open.clone());
                Verdict::NotKnown
            }
            _ => verdict,
        };
        if rolled.end != Ending::Ends {
            let text = match (rolled.end, &facts.asked.doubt) {
                (Ending::Never, _) => {
                    format!("no place is left for a new pod of {} while all old ones stay", self.whole())
                }
                (_, Some(doubt)) => doubt.text.clone(),
                _ => "several hard constraints may leave a new pod without a place".to_owned(),
            };
            let span = rolled.by.and_then(|it| it.span).or(facts.asked.doubt.as_ref().and_then(|it| it.span));
            proof.push(Proof { text, span });
        }
        let pods = self.whole();
        let text = match way {
            Way::Rolling { surge, unavailable } => {
                format!(
                    "a rollout of {pods} takes {unavailable} away and adds {surge} at a time: {least} to {most} answer"
                )
            }
            Way::InPlace { unavailable } => {
                format!("a rollout of {pods} takes {} at a time away: {least} to {most} answer", unavailable.most)
            }
            Way::Recreate => format!("Recreate stops all {pods} before new ones start"),
        };
        proof.push(Proof::at(text, facts.scale_span));
        let because = match (rolled.end, verdict) {
            (Ending::Never, _) => vec!["anti-affinity-rollout-deadlock"],
            (_, Verdict::Fails) if pods > 1 => vec!["rollout-takes-all-down"],
            (_, Verdict::Fails) => vec!["workload-too-few-replicas"],
            _ => Vec::new(),
        };
        Some(Outcome {
            scenario: Scenario::Roll,
            verdict,
            least: Some(least),
            most: Some(most),
            recovers: rolled.end == Ending::Ends && facts.need <= pods,
            reason: proof[0].text.clone(),
            timeline: Vec::new(),
            proof,
            because,
        })
    }
}

/// What a constraint allows in one place, with its numbers.
fn cap_proof(by: &Hard, cap: i64, noun: &str, load: Load, ground: Ground) -> Proof {
    let places = by.places(ground).unwrap_or(1);
    let own = if by.level == Level::Node { "node" } else { "zone" };
    let many = if places >= MANY { "any number of".to_owned() } else { places.to_string() };
    let text = match by.form {
        Form::Apart => format!("required anti-affinity: 1 pod in each {own}, so at most {cap} in a {noun}"),
        Form::Spread { skew, .. } if by.fixed(ground).is_some() => {
            format!("maxSkew {skew} with fewer {own}s than minDomains: at most {cap} in a {noun}")
        }
        Form::Spread { skew, .. } if by.per_revision => {
            format!("maxSkew {skew} over {many} {own}s, each revision for itself: at most {cap} in a {noun}")
        }
        Form::Spread { skew, .. } => format!(
            "maxSkew {skew} over {many} {own}s, of up to {} pods during rollouts: at most {cap} in a {noun}",
            load.most
        ),
    };
    by.span.map_or_else(|| Proof::of(text.clone()), |it| Proof::at(text.clone(), it))
}
