//! Two findings of one defect become one: the one that another rule tells becomes its label.

use crate::finding::{Finding, Found, Outcome, RuleId, Subject, Undecided};
use crate::rule::MergeTarget;
use foldhash::fast::FixedState;
use std::collections::{HashMap, HashSet};

type Key = (RuleId, Subject);

/// Settles what other rules may tell: an outcome where they have a finding, or else a finding of its own.
pub(super) fn settle(told: Vec<(Found, Box<MergeTarget>)>, findings: &mut Vec<Found>, outcomes: &mut Vec<Outcome>) {
    if told.is_empty() {
        return;
    }
    let found: HashSet<Key, FixedState> = findings.iter().map(|it| key(it)).collect();
    let tellers: HashMap<Key, Key, FixedState> = told
        .iter()
        .map(|(finding, merge_target)| (key(finding), (merge_target.by, merge_target.carrier.clone())))
        .collect();
    for (mut finding, merge_target) in told {
        let Some((by, carrier)) = last_teller((merge_target.by, merge_target.carrier.clone()), &tellers, &found) else {
            findings.push(finding);
            continue;
        };
        outcomes.push(Outcome {
            rule: finding.rule,
            environment: finding.environments.remove(0),
            subject: finding.subject,
            undecided: Undecided::Blocked { by, carrier, label: merge_target.label },
        });
    }
}

fn key(finding: &Finding) -> Key {
    (finding.rule, finding.subject.clone())
}

/// The finding at the end of the chain, where the merge_target is told by a third.
fn last_teller(mut at: Key, tellers: &HashMap<Key, Key, FixedState>, found: &HashSet<Key, FixedState>) -> Option<Key> {
    for _ in 0..=tellers.len() {
        if found.contains(&at) {
            return Some(at);
        }
        at = tellers.get(&at)?.clone();
    }
    None
}
