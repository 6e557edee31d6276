//! How a rule words a finding, and what becomes of it among others.

use super::{Head, Repair, Verdict};
use crate::finding::{CaseName, Confidence, Evidence, Fix, Found, Group, Label, RuleId, Safety, Subject};
use crate::model::{Object, ObjectId};
use crate::source::Span;
use std::borrow::Cow;
use std::sync::Arc;

/// A finding with what decides its severity and company.
pub(super) struct Drafted {
    pub(super) finding: Found,
    pub(super) case: Option<CaseName>,
    pub(super) merge_target: Option<Box<MergeTarget>>,
    /// The kinds from whose absence it concludes, where they are not those of the page.
    pub(super) absence: Option<&'static [&'static str]>,
    /// The object that is wrong, if it is one.
    pub(super) object: Option<ObjectId>,
    /// Whether it is about something that is judged at all.
    pub(super) is_judged: bool,
}

/// The finding of another rule that tells the same story, with the label that it gets.
#[derive(Clone, Debug)]
pub struct MergeTarget {
    /// The other rule.
    pub by: RuleId,
    /// What its finding is about.
    pub carrier: Subject,
    /// What this rule adds to it.
    pub label: Label,
}

/// What a finding has in common with others of its rule, as a rule words it: see [`Group`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similar {
    /// `Deployments`.
    pub noun: &'static str,
    /// What is said of each: `have no autoscaler`.
    pub verdict: &'static str,
    /// The name of this one; empty where it is that of the finding's subject.
    pub name: String,
    /// What to do about all of them.
    pub help: &'static str,
}

/// So many findings that are alike stay single: each is then a thing to do.
const FEW: usize = 5;

/// A finding that is being worded.
pub struct Draft<'c> {
    pub(super) drafted: &'c mut Drafted,
    /// The group of the draft before, which mostly is the same.
    pub(super) last_group: &'c mut Option<Arc<Group>>,
    pub(super) rule: &'static Head,
}

impl Draft<'_> {
    /// Adds a place, in any file, with what is there.
    pub fn label(self, span: Span, text: impl Into<String>) -> Self {
        self.drafted.finding.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds several places, or one that there may be.
    pub fn labels<T: Into<String>>(self, labels: impl IntoIterator<Item = (Span, T)>) -> Self {
        labels.into_iter().fold(self, |draft, (span, text)| draft.label(span, text))
    }

    /// Adds a number behind the verdict.
    pub fn evidence(self, name: &'static str, value: impl std::fmt::Display) -> Self {
        let evidence: Evidence = (name, value.to_string());
        // There are few of them, and many findings.
        self.drafted.finding.evidence.reserve_exact(1);
        self.drafted.finding.evidence.push(evidence);
        self
    }

    /// Says what to do.
    pub fn help(self, text: impl Into<Cow<'static, str>>) -> Self {
        self.drafted.finding.help = Some(text.into());
        self
    }

    /// Says what to do, if there is something.
    pub fn maybe_help(self, text: Option<impl Into<Cow<'static, str>>>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// Names the case, whose levels the page declares.
    ///
    /// # Panics
    /// If the page declares no such case: a mistake in the rule, which its fixtures bring to light.
    pub fn case(self, name: CaseName) -> Self {
        let is_declared = self.rule.page().cases.contains_key(name.as_str());
        assert!(is_declared, "{} has no case {}", self.rule.id, name.as_str());
        self.drafted.case = Some(name);
        self
    }

    /// Names the case, if there is one.
    pub fn maybe_case(self, name: Option<CaseName>) -> Self {
        match name {
            Some(name) => self.case(name),
            None => self,
        }
    }

    /// Says from the absence of which kinds this finding concludes, in place of those that the page names. With
    /// none it stands whatever the run does not see.
    pub fn absent(self, kinds: &'static [&'static str]) -> Self {
        self.drafted.absence = Some(kinds);
        self
    }

    /// Says that it is inferred, not proved.
    pub fn heuristic(self) -> Self {
        self.drafted.finding.confidence = Confidence::Heuristic;
        self
    }

    /// Says that the finding of rule `by` about `carrier` reports the same defect: where there is one, this
    /// becomes its label at `span`. Where that rule is off, or lets its own threshold pass, this finding stands.
    pub fn merged_into(self, by: RuleId, carrier: &Object, span: Span, text: impl Into<String>) -> Self {
        let label = Label { span, text: text.into() };
        self.drafted.merge_target = Some(Box::new(MergeTarget { by, carrier: carrier.subject(), label }));
        self
    }

    /// Lets reports for people list it with others that are alike, where there are many.
    pub fn listed_with_similar(self, alike: Similar) -> Self {
        self.grouped(alike, FEW)
    }

    /// Lets them list it with any other that is alike: they have one cause.
    pub fn listed_together(self, alike: Similar) -> Self {
        self.grouped(alike, 1)
    }

    fn grouped(self, Similar { noun, verdict, name, help }: Similar, few: usize) -> Self {
        // Most of many share all but their names, which their subjects have.
        let name = if name == self.drafted.finding.subject.name { String::new() } else { name };
        let group = Group { noun, verdict, name, help, few };
        let shared = self.last_group.take().filter(|it| **it == group).unwrap_or_else(|| Arc::new(group));
        *self.last_group = Some(Arc::clone(&shared));
        self.drafted.finding.group = Some(shared);
        self
    }

    /// The verdict on what was shown, at the end of the words.
    pub fn verdict(self) -> Verdict {
        Verdict::Fail
    }

    /// Offers a fix, if there is one.
    ///
    /// # Panics
    /// If the page says that the rule has none: a mistake in the rule, which its fixtures bring to light.
    pub fn fix(self, repair: impl Into<Option<Repair>>) -> Self {
        let Some(repair) = repair.into() else { return self };
        let remedy = self.rule.page().remedy.as_ref().expect("the page says what its fixes do");
        let finding = &mut self.drafted.finding;
        // What is only inferred is not proved impossible or without effect today.
        let proved = if finding.confidence == Confidence::Certain { Safety::Safe } else { Safety::Unsafe };
        finding.fix = Some(Box::new(Fix {
            title: repair.title.unwrap_or(Cow::Borrowed(remedy.title)),
            safety: remedy.class.min(repair.most).min(proved),
            stage: repair.stage.unwrap_or(remedy.stage),
            yields_to: repair.yields_to,
            changes: repair.changes,
            edits: Vec::new(),
            effect: repair.effect,
            hindrance: repair.hindrance.map(Cow::Borrowed),
            refused: None,
            is_aside: false,
        }));
        self
    }
}
