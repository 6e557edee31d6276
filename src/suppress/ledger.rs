//! Which orders took nothing away in the whole run.
//!
//! An order may stand in a file of several environments: it is unused when it takes nothing away in any of them.

use super::repairs::Written;
use super::{INVALID, Suppressions, UNUSED};
use crate::finding::{Outcome, RuleId, Subject, SuppressedBy, Undecided, Unverified};
use crate::rule::Notice;
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// An order's rule in the run.
#[derive(Debug)]
struct Line {
    is_used: bool,
    /// The environments in which it could have been used.
    judged: BTreeSet<usize>,
    by: SuppressedBy,
    subject: Subject,
}

/// What became of all orders.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    lines: BTreeMap<(Span, RuleId), Line>,
    written: BTreeMap<Span, Written>,
}

impl Ledger {
    /// Adds what became of an environment's orders. Only rules that ran there can be missed.
    pub(crate) fn add(
        &mut self,
        number: usize,
        suppressions: &Suppressions<'_>,
        (single, unverified): (&[Outcome], &[Unverified]),
        ran: &dyn Fn(RuleId) -> bool,
    ) {
        if suppressions.orders.is_empty() {
            return;
        }
        // Where a rule has said that it cannot tell, an order may be right in a run that can.
        let is_open = |it: &&Outcome| matches!(it.undecided, Undecided::NotVerifiable(_) | Undecided::Attested { .. });
        let mut undecided: HashSet<(RuleId, Subject)> =
            single.iter().filter(is_open).map(|it| (it.rule, it.subject.clone())).collect();
        for open in unverified {
            undecided.extend(open.objects.iter().map(|it| (open.rule, it.subject())));
        }
        let environment = suppressions.environment;
        for order in &suppressions.orders {
            let subject = order.object.map(|it| environment.objects[it].subject()).unwrap_or_default();
            self.written.entry(order.span).or_insert_with(|| order.written.clone());
            for (rule, is_used) in &order.rules {
                let line = self.lines.entry((order.span, *rule)).or_insert_with(|| Line {
                    is_used: false,
                    judged: BTreeSet::new(),
                    by: order.by,
                    subject: subject.clone(),
                });
                line.is_used |= *is_used || undecided.contains(&(*rule, subject.clone()));
                // Some rules are silent where a run does not see whole folders.
                let is_judge = [INVALID, UNUSED].contains(rule);
                if environment.is_directory && order.is_seen && ran(*rule) && !is_judge {
                    line.judged.insert(number);
                }
            }
        }
    }

    /// What to say of those that are unused, with each environment in which to say it.
    pub(crate) fn unused(self) -> Vec<(usize, Notice)> {
        let mut all: BTreeMap<Span, Vec<(RuleId, Line)>> = BTreeMap::new();
        for ((span, rule), line) in self.lines {
            all.entry(span).or_default().push((rule, line));
        }
        let mut notices = Vec::new();
        for (span, lines) in all {
            let is_unused = |it: &&(RuleId, Line)| !it.1.is_used && !it.1.judged.is_empty();
            let unused: Vec<&(RuleId, Line)> = lines.iter().filter(is_unused).collect();
            let Some((_, first)) = unused.first() else { continue };
            let names: Vec<&str> = unused.iter().map(|it| it.0.as_str()).collect();
            let ids: Vec<RuleId> = unused.iter().map(|it| it.0).collect();
            let repair = self.written.get(&span).and_then(|it| it.without(span, &ids));
            let what = match first.by {
                SuppressedBy::Comment => "comment",
                SuppressedBy::Annotation => "annotation",
                SuppressedBy::Configuration | SuppressedBy::Baseline => "entry",
            };
            let message = format!("this suppression takes nothing away: no finding of {} is here", names.join(", "));
            let help = if unused.len() == lines.len() {
                format!("remove the {what}")
            } else {
                format!("remove {} from the {what}", names.join(", "))
            };
            let (subject, help) = (first.subject.clone(), Some(help));
            let notice = Notice { rule: UNUSED, case: None, subject, span, message, help, labels: Vec::new(), repair };
            let judged: BTreeSet<usize> = unused.iter().flat_map(|it| it.1.judged.iter().copied()).collect();
            notices.extend(judged.into_iter().map(|it| (it, notice.clone())));
        }
        notices
    }
}
