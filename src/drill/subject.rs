//! A part of the system with what becomes of it.

use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::finding::Subject as Identity;
use crate::source::Span;

/// A part of the system with what becomes of it in each scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The object.
    pub identity: Identity,
    /// How people call it: `Deployment backend`, `ZooKeeper of events`.
    pub title: String,
    /// Where its name is written.
    pub span: Span,
    /// What it is.
    pub role: Role,
    /// Pods that run now; `None` if the manifests do not tell.
    pub pods: Option<i64>,
    /// Pods at the largest scale, of a workload.
    pub ceiling: Option<i64>,
    /// Pods that must answer.
    pub need: i64,
    /// Whether the number of pods that answer is worth telling beside the verdict.
    pub is_counted: bool,
    /// What becomes of it, in the order of scenarios.
    pub outcomes: Vec<Outcome>,
}

impl Subject {
    /// What becomes of it in a scenario.
    pub fn outcome(&self, scenario: Scenario) -> Option<&Outcome> {
        self.outcomes.iter().find(|it| it.scenario == scenario)
    }

    /// Gives each proof a place: where nothing else does, that of the name.
    pub fn anchored(mut self) -> Subject {
        for outcome in &mut self.outcomes {
            if outcome.proof.iter().all(|it| it.span.is_none()) {
                outcome.proof.push(Proof::at(self.title.clone(), self.span));
            }
        }
        self
    }

    /// Whether it survives nothing that may happen to it.
    pub fn survives_nothing(&self) -> bool {
        let mut judged = self.outcomes.iter().filter(|it| it.verdict != Verdict::NotKnown).peekable();
        judged.peek().is_some() && judged.all(|it| matches!(it.verdict, Verdict::Fails | Verdict::Stuck))
    }
}
