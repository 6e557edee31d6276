//! The table that a report of several environments begins with: where work is needed, and where to begin.

use super::{EnvironmentReadiness, Readiness, Reason, Word, place};
use crate::source::{Sources, Span};

/// What the overview says of an environment.
pub(super) struct Head<'r> {
    pub(super) environment: &'r EnvironmentReadiness,
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) first: First<'r>,
}

/// What to mend first.
pub(super) enum First<'r> {
    /// A finding, or an attestation that no longer counts.
    Reason { id: &'static str, text: &'r str, span: Option<Span> },
    /// Nothing, for this reason.
    Nothing(&'static str),
}

impl Head<'_> {
    /// `35 %`.
    pub(super) fn score(&self) -> String {
        self.environment.score.percent().map_or("\u{2013}".to_owned(), |it| format!("{it} %"))
    }
}

impl First<'_> {
    /// The place, if there is one.
    pub(super) fn place(&self, sources: &Sources) -> Option<String> {
        match self {
            First::Reason { span, .. } => span.map(|it| place(it, sources)),
            First::Nothing(_) => None,
        }
    }
}

/// The lines of the overview, the most urgent first; none where there is only one environment.
pub(super) fn heads(readiness: &Readiness) -> Vec<Head<'_>> {
    if readiness.environments.len() < 2 {
        return Vec::new();
    }
    readiness.by_urgency().into_iter().map(head).collect()
}

fn head(environment: &EnvironmentReadiness) -> Head<'_> {
    let urgency = &environment.urgency;
    let first = match first(environment) {
        Some(reason) => First::Reason { id: reason.id, text: &reason.text, span: reason.span },
        None if environment.is_undecided() => First::Nothing("no sentence could be decided"),
        None if environment.score.fails > 0 => First::Nothing("nothing that is not accepted"),
        None => First::Nothing("nothing"),
    };
    Head { environment, errors: urgency.errors, warnings: urgency.warnings, first }
}

/// What to mend first: the worst finding, or else an attestation that no longer counts.
pub(super) fn first(environment: &EnvironmentReadiness) -> Option<&Reason> {
    let mut reasons = environment.sections.iter().flat_map(|it| &it.1).flat_map(|it| &it.reasons);
    environment.urgency.first.first().or_else(|| reasons.find(|it| it.word == Word::Lapsed))
}
