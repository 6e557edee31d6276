//! Which environment needs work first, and where to begin in each.

use super::heard::Heard;
use super::{EnvironmentReadiness, Readiness, Reason, Word, from_finding};
use crate::finding::Severity;
use std::cmp::Reverse;

/// What was found in an environment, in three words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urgency {
    /// Its errors.
    pub errors: usize,
    /// Its warnings.
    pub warnings: usize,
    /// The worst of them, each of another rule; nothing where there is neither.
    pub first: Vec<Reason>,
}

/// So many of the worst.
const FIRST: usize = 3;

/// The urgency of an environment. Findings stand worst first.
pub(super) fn urgency(heard: &Heard<'_>) -> Urgency {
    let mut urgency = Urgency::default();
    for finding in &heard.findings {
        match finding.severity {
            Severity::Error => urgency.errors += 1,
            Severity::Warning => urgency.warnings += 1,
            Severity::Note => continue,
        }
        let is_known = urgency.first.iter().any(|it| it.id == finding.rule.as_str());
        if urgency.first.len() < FIRST && !is_known {
            urgency.first.push(from_finding(finding, Word::Wrong(finding.severity)));
        }
    }
    urgency
}

impl Readiness {
    /// The environments that need work first, first: by errors, warnings and score. Those of which nothing can be
    /// said are last.
    pub fn by_urgency(&self) -> Vec<&EnvironmentReadiness> {
        let mut environments: Vec<&EnvironmentReadiness> = self.environments.iter().collect();
        environments.sort_by_key(|it| {
            let Urgency { errors, warnings, .. } = it.urgency;
            (it.is_undecided(), Reverse(errors), Reverse(warnings), it.score.percent(), it.score.fails)
        });
        environments
    }
}

impl EnvironmentReadiness {
    /// Whether no sentence is decided and nothing else is wrong, so that there is nothing to show but that.
    pub fn is_undecided(&self) -> bool {
        self.score.decided() == 0 && self.urgency.errors == 0 && self.urgency.warnings == 0
    }
}
