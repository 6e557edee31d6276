//! The outcome of a lost node or zone, with its proof.

use crate::drill::caps::{Bounds, Form, Hard, Level, Load};
use crate::drill::facts::{MARKED, Replaced};
use crate::drill::ground::{Ground, MANY};
use crate::drill::judged::Judged;
use crate::drill::lose::{Lost, answering, gone, lost, replaced};
use crate::drill::verdict::{Moment, Outcome, Proof, Scenario, Verdict};
use crate::drill::words::count;

impl Judged<'_> {
    /// The pods that answer after a loss, between which numbers.
    pub(super) fn answering(&self, what: Lost) -> Bounds {
        let actual =
            self.facts.actual.and_then(|it| Some((it, if what == Lost::Node { Some(it.node) } else { it.zone }?)));
        if let Some((placed, taken)) = actual {
            return Bounds { least: placed.all - taken, most: placed.all - taken };
        }
        if self.facts.asked.together.is_some() {
            return Bounds { least: 0, most: 0 };
        }
        answering(&self.caps, self.ground, what)
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
        if let Some(placed) = facts.actual {
            let (taken, place) = match what {
                Lost::Node => (Some(placed.node), "on one node"),
                Lost::Zone => (placed.zone, "in one zone"),
            };
            let taken = taken.map_or_else(|| "a number".to_owned(), |it| it.to_string());
            let text = format!("the dump shows {} pods that are ready, {taken} of them {place}", placed.all);
            proof = vec![Proof::at(text, facts.scale_span)];
        }
        let mut bounds = bounds;
        if let Some(open) = asked.open.as_ref().filter(|_| !is_in_one && facts.actual.is_none()) {
            // Wherever the pods run, the fullest node has one of them.
            let most = (self.whole() - 1).max(0);
            bounds = Bounds { least: 0, most };
            verdict = if most < facts.need { Verdict::Fails } else { Verdict::NotKnown };
            proof.insert(0, open.clone());
        }
        let after = match facts.replaced {
            Replaced::After(_) if !is_in_one && asked.open.is_none() && !self.is_tight(what) => {
                replaced(facts.load, &asked.hard, &self.caps, self.ground, what)
            }
            Replaced::After(_) => Bounds { least: bounds.least, most: self.whole() },
            _ => bounds,
        };
        let outcome = Outcome::counted(scenario, bounds, facts.need, proof);
        Outcome {
            verdict,
            recovers: after.least >= facts.need && matches!(facts.replaced, Replaced::After(_)),
            timeline: self.loss_timeline(what, bounds, after),
            because: self.loss_rules(what, verdict),
            ..outcome
        }
    }

    /// Whether the nodes that are left have less than all pods request.
    fn is_tight(&self, what: Lost) -> bool {
        let left = self.ground.nodes - gone(self.ground, what).most;
        self.facts.tight_below.is_some_and(|it| left < it)
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
                "at least {} - {cap} = {}, at most {} - {share} = {} pods answer, {} needed",
                placed.least,
                (placed.least - cap).max(0),
                placed.most,
                bounds.most,
                facts.need
            )));
        }
        proof.push(Proof::at(count(pods, "pod"), facts.scale_span));
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
            Lost::Node if self.facts.asked.hard.iter().any(|it| matches!(it.form, Form::Spread { .. })) => {
                vec!["spread-skewed-by-rollout"]
            }
            Lost::Node if self.facts.asked.soft.is_some() => vec!["anti-affinity-preferred-only"],
            Lost::Node => vec!["anti-affinity-missing"],
            Lost::Zone => vec!["zone-spread-missing"],
        }
    }
}

/// What a constraint allows in one place, with its numbers.
fn cap_proof(by: &Hard, cap: i64, noun: &str, load: Load, ground: Ground) -> Proof {
    let places = by.places(ground).unwrap_or(1);
    let own = if by.level == Level::Node { "node" } else { "zone" };
    let place = if noun == "node" { "on a node" } else { "in a zone" };
    let many = if places >= MANY { "any number of".to_owned() } else { places.to_string() };
    let text = match by.form {
        Form::Apart => format!("required anti-affinity: 1 pod for each {own}, so at most {cap} {place}"),
        Form::Room { each } => format!("a node has room for {each} of its pods, so at most {cap} {place}"),
        Form::Spread { skew, .. } if by.fixed(ground).is_some() => {
            format!("maxSkew {skew} with fewer {own}s than minDomains: at most {cap} {place}")
        }
        Form::Spread { skew, .. } if by.per_revision => {
            format!("maxSkew {skew} over {many} {own}s, each revision for itself: at most {cap} {place}")
        }
        Form::Spread { skew, .. } => format!(
            "maxSkew {skew} over {many} {own}s, of up to {} pods during rollouts: at most {cap} {place}",
            load.most
        ),
    };
    by.span.map_or_else(|| Proof::of(text.clone()), |it| Proof::at(text.clone(), it))
}
