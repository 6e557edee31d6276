//! The outcome of a rollout, with its proof.

use crate::drill::caps::Bounds;
use crate::drill::judged::Judged;
use crate::drill::roll::Way;
use crate::drill::verdict::{Outcome, Proof, Scenario, Verdict};
use crate::model::Ending;

impl Judged<'_> {
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
            // How many are placed is not known, but that so many go.
            Some(open) if !facts.asked.hard.is_empty() => {
                proof.push(open.clone());
                if self.whole() - gone(way) < facts.need { Verdict::Fails } else { Verdict::NotKnown }
            }
            _ => verdict,
        };
        let verdict = match &facts.volume {
            Some(volume) if way.surge() > 0 && verdict == Verdict::Survives => {
                proof.push(volume.clone());
                Verdict::MayFail
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

/// How many pods a rollout takes away for certain.
fn gone(way: Way) -> i64 {
    match way {
        Way::Rolling { unavailable, .. } => unavailable,
        Way::InPlace { unavailable } => unavailable.least,
        Way::Recreate => i64::MAX / 2,
    }
}
