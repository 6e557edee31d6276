//! What one rule leaves to the finding of another.

use crate::finding::{Found, Label, Outcome, Passed, RuleId, Subject, Undecided};
use crate::model::Environment;
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

/// Drops what was left to rules that find nothing wrong with the object, as with a queue's consumer that may scale to
/// zero: nothing follows from that. `passed` is what is right in this environment.
pub(super) fn drop_unfounded<'p>(
    outcomes: &mut Vec<Outcome>,
    findings: &[Found],
    passed: impl Iterator<Item = &'p Passed>,
    environment: &Environment,
) {
    let by: HashSet<RuleId> = outcomes.iter().filter_map(|it| carrier(it)).map(|it| it.0).collect();
    if by.is_empty() {
        return;
    }
    let objects = passed.filter(|it| by.contains(&it.rule)).flat_map(|it| it.objects.iter().map(|at| (it.rule, *at)));
    let subjects = objects.filter_map(|(rule, at)| Some((rule, environment.objects.get(at as usize)?.subject())));
    let mut right: HashSet<(RuleId, Subject), FixedState> = subjects.collect();
    for finding in findings.iter().filter(|it| by.contains(&it.rule)) {
        right.remove(&(finding.rule, finding.subject.clone()));
    }
    outcomes.retain(|it| carrier(it).is_none_or(|(rule, subject)| !right.contains(&(rule, subject.clone()))));
}

/// Shows what is blocked as labels of the findings that block it.
pub(super) fn attach(findings: &mut [Found], outcomes: &[Outcome]) {
    let mut blocked: HashMap<(RuleId, &Subject), Vec<&Label>> = HashMap::new();
    for outcome in outcomes {
        if let Undecided::Blocked { by, carrier, label } = &outcome.undecided {
            blocked.entry((*by, carrier)).or_default().push(label);
        }
    }
    for finding in findings {
        let Some(labels) = blocked.remove(&(finding.rule, &finding.subject)) else { continue };
        for label in labels {
            if !finding.labels.contains(label) {
                finding.labels.push(label.clone());
            }
        }
    }
}

/// The rule and the object that an outcome is left to.
fn carrier(outcome: &Outcome) -> Option<(RuleId, &Subject)> {
    match &outcome.undecided {
        Undecided::Blocked { by, carrier, .. } => Some((*by, carrier)),
        _ => None,
    }
}
