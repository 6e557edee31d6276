//! The outcome of draining every node, with its proof.

use crate::drill::budget::Budget;
use crate::drill::caps::{Form, Hard, Level};
use crate::drill::drain::{Drained, drain};
use crate::drill::judged::Judged;
use crate::drill::quorum::overlapping;
use crate::drill::verdict::{Outcome, Proof, Scenario, Verdict};
use crate::drill::words::{count, range};
use crate::model::Ending;

impl Judged<'_> {
    /// The outcome of draining every node in turn.
    pub(super) fn drain(&self) -> Outcome {
        let (allowed, budget) = match &self.facts.budget {
            Budget::None => (None, Proof::of("no budget: all pods of a node go at once")),
            Budget::One { allowed: 0, text, span, .. } => {
                let stuck = Outcome::plain(Scenario::Drain, Verdict::Stuck, Proof::at(text, *span));
                return self.if_placed(stuck.because("pdb-blocks-drain"));
            }
            Budget::One { allowed, text, span, .. } => (Some(*allowed), Proof::at(text, *span)),
            Budget::Several(spans, names) => return self.if_placed(overlapping(spans, names)),
            Budget::Open(proof) => return Outcome::plain(Scenario::Drain, Verdict::NotKnown, proof.clone()),
        };
        let hard = &self.facts.asked.hard;
        let drained = drain(self.facts.load, hard, &self.caps, self.ground, allowed, self.at_once);
        let (verdict, mut proof, mut because) = self.drain_verdict(&drained, allowed);
        proof.push(budget);
        if drained.end == Ending::Ends && !matches!(verdict, Verdict::Stuck | Verdict::NotKnown) {
            let (left, need) = (range(drained.answering), self.facts.need);
            proof.push(Proof::of(format!("{left} of {} answer meanwhile, {need} needed", count(self.whole(), "pod"))));
            if verdict != Verdict::Survives {
                because.push(if self.whole() == 1 { "workload-too-few-replicas" } else { "pdb-missing" });
            }
        }
        let outcome = Outcome::counted(Scenario::Drain, drained.answering, self.facts.need, proof);
        Outcome { verdict, recovers: verdict != Verdict::Stuck && self.comes_back(), because, ..outcome }
    }

    /// A drain that never ends, unless pods of others keep all off, so that none is there to evict.
    fn if_placed(&self, stuck: Outcome) -> Outcome {
        match &self.facts.asked.doubt {
            Some(doubt) if self.caps.placed.least == 0 => stuck.doubted(Verdict::MayFail, doubt.clone()),
            _ => stuck,
        }
    }

    /// The verdict of a drain, with what decides it.
    fn drain_verdict(&self, drained: &Drained, allowed: Option<i64>) -> (Verdict, Vec<Proof>, Vec<&'static str>) {
        let (facts, asked) = (self.facts, &self.facts.asked);
        let because = |verdict, proof: &Proof| (verdict, vec![proof.clone()], Vec::new());
        let verdict = match drained.end {
            Ending::Never => Verdict::Stuck,
            Ending::Depends => Verdict::MayFail,
            Ending::Ends => Verdict::of(drained.answering.least, drained.answering.most, facts.need),
        };
        let on_nodes = self.caps.node.saturating_mul(self.at_once).min(self.whole());
        let may_all_go = allowed.is_none_or(|it| on_nodes <= it);
        let bound = asked.together.as_ref().or_else(|| facts.volumes.binds(self.ground, self.at_once));
        if let Some(bound) = bound.filter(|_| !may_all_go) {
            return because(Verdict::MayFail, bound);
        }
        if let Some(open) = &asked.open {
            // Wherever the pods run, one of them goes at a time at least.
            let fails = self.whole() - 1 < facts.need;
            return because(if fails { Verdict::Fails } else { Verdict::NotKnown }, open);
        }
        let is_shared = matches!(facts.budget, Budget::One { is_shared: true, .. });
        if is_shared && verdict == Verdict::Survives {
            let text = "pods of other workloads use the same budget up";
            return because(Verdict::MayFail, &Proof::of(text));
        }
        if drained.end == Ending::Ends {
            return (verdict, Vec::new(), Vec::new());
        }
        let (proof, rules) = self.drain_proof(drained.is_used_up, drained.by, drained.end, allowed.unwrap_or(0));
        (verdict, proof, rules)
    }

    /// Whether evicted pods come back on another node. Of several that share a volume the first would wait for the last.
    fn comes_back(&self) -> bool {
        let facts = self.facts;
        let follows =
            facts.volume.is_none() || (self.whole() == 1 && facts.volumes.binds(self.ground, self.at_once).is_none());
        let is_free = facts.volumes.local.is_none() && !facts.is_pinned && follows;
        is_free && facts.is_controlled && self.ground.nodes > self.at_once
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
            _ if matches!(by.form, Form::Room { .. }) => {
                format!(
                    "{pods} pods on {places} {noun}s: the others have no room for all, and the budget lets {allowed} go"
                )
            }
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
        let rule = matches!(by.form, Form::Spread { .. }).then_some("spread-blocks-drain");
        (vec![proof], rule.into_iter().collect())
    }
}
