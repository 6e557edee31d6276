//! The outcome of a rollout, with its proof.

use crate::drill::caps::Bounds;
use crate::drill::judged::Judged;
use crate::drill::roll::{Rolled, Way};
use crate::drill::verdict::{Outcome, Proof, Scenario, Verdict};
use crate::drill::words::range;
use crate::model::Ending;

impl Judged<'_> {
    /// The outcome of a rollout, where there can be one.
    pub(super) fn roll(&self) -> Option<Outcome> {
        let facts = self.facts;
        if let Some(open) = &facts.open_way {
            return Some(Outcome::plain(Scenario::Roll, Verdict::NotKnown, open.clone()));
        }
        let (rolled, way) = (self.rolled?, facts.way?);
        let (verdict, mut proof) = self.roll_verdict(&rolled, way);
        proof.extend(self.hanging(&rolled));
        proof.push(Proof::at(self.course(way, rolled.answering), facts.scale_span));
        proof.extend(facts.halt.clone());
        let because = match (rolled.end, verdict) {
            (Ending::Never, _) => vec!["anti-affinity-rollout-deadlock"],
            (_, Verdict::Fails) if self.whole() > 1 => vec!["rollout-takes-all-down"],
            (_, Verdict::Fails) => vec!["workload-too-few-replicas"],
            _ => Vec::new(),
        };
        let outcome = Outcome::counted(Scenario::Roll, rolled.answering, facts.need, proof);
        let recovers = rolled.end == Ending::Ends && facts.need <= self.whole();
        Some(Outcome { verdict, recovers, because, ..outcome })
    }

    /// The verdict of a rollout, with what makes it other than the numbers do.
    fn roll_verdict(&self, rolled: &Rolled, way: Way) -> (Verdict, Vec<Proof>) {
        let (facts, asked) = (self.facts, &self.facts.asked);
        let Bounds { least, most } = rolled.answering;
        let verdict = match rolled.end {
            Ending::Never => Verdict::Stuck,
            Ending::Depends => Verdict::of(0, most, facts.need),
            Ending::Ends => Verdict::of(least, most, facts.need),
        };
        if let Some(open) = asked.open.as_ref().filter(|_| asked.is_open_term || !asked.hard.is_empty()) {
            // How many are placed is not known, but that so many go.
            let fails = self.whole() - way.gone(self.whole()).least < facts.need;
            return (if fails { Verdict::Fails } else { Verdict::NotKnown }, vec![open.clone()]);
        }
        if let Some(crowded) = facts.crowded.as_ref().filter(|_| verdict == Verdict::Survives) {
            return (Verdict::MayFail, vec![crowded.clone()]);
        }
        match &facts.volume {
            Some(volume) if way.surge(self.whole()) > 0 && verdict == Verdict::Survives => {
                (Verdict::MayFail, vec![volume.clone()])
            }
            _ => (verdict, Vec::new()),
        }
    }

    /// Why a rollout does not end, or may not.
    fn hanging(&self, rolled: &Rolled) -> Option<Proof> {
        let doubt = self.facts.asked.doubt.as_ref();
        let text = match (rolled.end, doubt) {
            (Ending::Ends, _) => return None,
            (Ending::Never, _) => {
                format!("no place is left for a new pod of {} while all old ones stay", self.whole())
            }
            (Ending::Depends, Some(doubt)) => doubt.text.clone(),
            (Ending::Depends, None) => "several hard constraints may leave a new pod without a place".to_owned(),
        };
        Some(Proof { text, span: rolled.by.and_then(|it| it.span).or(doubt.and_then(|it| it.span)) })
    }

    /// What a rollout does, in words.
    fn course(&self, way: Way, answering: Bounds) -> String {
        let (pods, left) = (self.whole(), range(answering));
        match way {
            Way::Rolling { surge, unavailable } => {
                format!("a rollout of {pods} takes {unavailable} away and adds {surge} at a time: {left} answer")
            }
            Way::InPlace { unavailable: Bounds { most: 0, .. } } => format!("a rollout replaces none of {pods} pods"),
            Way::InPlace { unavailable } => {
                format!("a rollout of {pods} takes {} at a time away: {left} answer", unavailable.most)
            }
            Way::Recreate => format!("Recreate stops all {pods} before new ones start"),
            Way::Beside => format!("a rollout starts {pods} new pods beside {pods} old ones, which stay until then"),
        }
    }
}
