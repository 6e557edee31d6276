//! How orders are taken out and corrected where they are written.

use super::Suppressions;
use super::annotations::{Annotation, PREFIX};
use super::covered::{At, Covered};
use crate::config::ConfigNode;
use crate::finding::{Found, RuleId, Safety};
use crate::model::Object;
use crate::rule::{Entry, Notice, Repair};
use crate::rules;
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::BTreeSet;

/// Where an order is written, as far as an edit reaches it.
#[derive(Clone, Debug)]
pub(super) enum Written {
    /// In a comment with this text.
    Comment(Box<str>),
    /// In an annotation, which this takes out.
    Annotation(Box<Repair>),
    /// In the configuration.
    Entry(ConfigNode),
}

impl Written {
    /// Has an order, which stands there, name these rules no more; without any other it goes.
    pub(super) fn without(&self, span: Span, unused: &[RuleId]) -> Option<Repair> {
        match self {
            Written::Comment(text) => Some(Repair::new().comment(span, comment_without(text, unused)?)),
            Written::Annotation(repair) => Some((**repair).clone()),
            Written::Entry(entry) => Some(entry_without(entry, unused)),
        }
    }
}

/// A comment without some of the rules that it names; empty if it names no other.
fn comment_without(text: &str, unused: &[RuleId]) -> Option<String> {
    let (head, rest) = text.split_once('[')?;
    let (names, tail) = rest.split_once(']')?;
    let is_unused = |name: &str| unused.iter().any(|it| *it == *name);
    let kept: Vec<&str> = names.split(',').map(str::trim).filter(|it| !it.is_empty() && !is_unused(it)).collect();
    if kept.is_empty() {
        return Some(String::new());
    }
    Some(format!("{head}[{}]{tail}", kept.join(", ")))
}

/// An entry of the configuration without some of its rules; without any other it goes.
fn entry_without(entry: &ConfigNode, unused: &[RuleId]) -> Repair {
    let is_unused = |it: &NodeRef<'_>| unused.iter().any(|rule| *rule == *it.text());
    let rules = || entry.get().items_at(&["rules"]);
    if rules().all(|it| is_unused(&it)) {
        return Repair::new().remove_from(&entry.document, entry.get());
    }
    rules().filter(is_unused).fold(Repair::new(), |repair, it| repair.remove_from(&entry.document, it))
}

/// Takes an annotation out.
pub(super) fn without_annotation(object: &Object, annotation: &Annotation<'_>) -> Repair {
    on_pods(Repair::new().remove_in(object, annotation.entry.value, &[]), object, annotation)
}

/// What stands on a pod template restarts the pods.
fn on_pods(repair: Repair, object: &Object, annotation: &Annotation<'_>) -> Repair {
    if !annotation.is_on_pods {
        return repair;
    }
    repair.at_most(Safety::Unsafe).effect(format!("restarts the pods of {}", object.title()))
}

/// A name that is near to that of a rule.
#[derive(Debug)]
pub(super) struct Slip<'n> {
    /// The position of the notice that says so.
    pub(super) notice: usize,
    pub(super) name: &'n str,
    pub(super) meant: RuleId,
}

impl Slip<'_> {
    /// The right name in the comment, of whose text this is a piece.
    pub(super) fn in_comment(&self, span: Span, text: &str) -> Option<Repair> {
        let at = self.name.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        let (before, rest) = (text.get(..at)?, text.get(at..)?);
        let after = rest.strip_prefix(self.name)?;
        Some(Repair::new().comment(span, format!("{before}{}{after}", self.meant.as_str())))
    }

    /// The right name in the annotation.
    pub(super) fn in_annotation(&self, object: &Object, annotation: &Annotation<'_>) -> Repair {
        let key = annotation.entry.key.text();
        let repair = Repair::new().rename_in(object, annotation.map, key, format!("{PREFIX}{}", self.meant.as_str()));
        on_pods(repair, object, annotation)
    }
}

/// The rules that misspelt orders probably meant: corrected is what would take a finding away.
#[derive(Debug, Default)]
pub(super) struct Meant {
    pub(super) covered: Covered,
    /// The positions of notices by which a finding is covered.
    confirmed: BTreeSet<usize>,
    is_any: bool,
}

impl Meant {
    /// What covers a finding if the notice at this position is heeded.
    pub(super) fn at(&mut self, notice: usize) -> At {
        self.is_any = true;
        (notice, 0)
    }
}

impl Suppressions<'_> {
    /// Looks whether a misspelt order would take a finding away.
    pub(super) fn confirm(&mut self, finding: &Found) {
        if !self.meant.is_any {
            return;
        }
        let covered = &self.meant.covered;
        let at = covered.by_place(finding.rule, Some(finding.span));
        let at = at.or_else(|| covered.by_subject(finding.rule, &finding.subject));
        self.meant.confirmed.extend(at.map(|it| it.0));
    }

    /// What is wrong with them. Only what would take a finding away is corrected.
    pub(crate) fn notices(&mut self) -> Vec<Notice> {
        let mut notices = std::mem::take(&mut self.notices);
        for (at, notice) in notices.iter_mut().enumerate() {
            if !self.meant.confirmed.contains(&at) {
                notice.repair = None;
            }
        }
        notices
    }
}

/// The rule that a name probably means.
pub(super) fn nearest_rule(name: &str) -> Option<RuleId> {
    let near = crate::suggest::nearest(name, rules::all().map(|it| it.id().as_str()).collect::<Vec<&str>>());
    near.and_then(rules::find).map(Entry::id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suppress::{INVALID, UNUSED};

    #[test]
    fn a_comment_loses_the_rules_that_it_names_in_vain() {
        let text = "# edms-lint: ignore[ unused-suppression, pdb-missing,nonsense ] until=2027-01-31: for [now]";
        let without = |unused: &[RuleId]| comment_without(text, unused);
        let rest = "# edms-lint: ignore[pdb-missing, nonsense] until=2027-01-31: for [now]";
        assert_eq!(without(&[UNUSED]).as_deref(), Some(rest));
        assert_eq!(without(&[INVALID]).map(|it| it.contains("unused-suppression")), Some(true));
        assert_eq!(comment_without("# edms-lint: ignore[unused-suppression]: x", &[UNUSED]).as_deref(), Some(""));
    }

    #[test]
    fn a_comment_names_another_rule_at_the_same_place() {
        let text = "# edms-lint: ignore[pdb-mising]: pdb-mising";
        let span = Span { source: crate::source::SourceId(0), start: 0, end: 1 };
        let repair = Slip { notice: 0, name: &text[20..30], meant: UNUSED }.in_comment(span, text);
        let expected = Repair::new().comment(span, "# edms-lint: ignore[unused-suppression]: pdb-mising");
        assert_eq!(format!("{repair:?}"), format!("{:?}", Some(expected)));
    }
}
