//! What several environments share is told once: findings at one place that say the same become one, which names
//! the environments.

use super::renamed::Renamed;
use crate::finding::{Change, Finding, Found, Label, RuleId};
use crate::model::Environment;
use crate::source::Span;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// The findings of a run, merged as they come.
pub(super) struct Shared {
    held: Vec<Held>,
    /// By rule, place and words, where there is more than one environment.
    at: HashMap<(RuleId, Span, String), usize, FixedState>,
    renamed: Vec<Option<Renamed>>,
}

impl Shared {
    pub(super) fn new(environments: &[Environment]) -> Shared {
        let renamed = environments.par_iter().map(Renamed::of).collect();
        Shared { held: Vec::new(), at: HashMap::default(), renamed }
    }

    /// Adds what was found in an environment.
    pub(super) fn add(&mut self, environment: usize, findings: Vec<Found>) {
        let renamed = self.renamed.get(environment).and_then(Option::as_ref);
        for finding in findings {
            if self.renamed.len() > 1 {
                let words = match renamed {
                    Some(renamed) => renamed.comparable(&finding.message).into_owned(),
                    None => finding.message.clone(),
                };
                let next = self.held.len();
                let there = *self.at.entry((finding.rule, finding.span, words)).or_insert(next);
                if there < next {
                    let there = &mut self.held[there];
                    let first = self.renamed.get(there.environment).and_then(Option::as_ref);
                    merge(there, *finding, first, renamed);
                    continue;
                }
            }
            self.held.push(Held { finding, environment, is_written: false });
        }
    }

    /// All of them.
    pub(super) fn finish(self) -> Vec<Found> {
        self.held.into_iter().map(|it| it.finding).collect()
    }
}

/// A finding, and the first environment that has it, by position.
struct Held {
    finding: Found,
    environment: usize,
    /// Whether it has the names of the files.
    is_written: bool,
}

fn changes(finding: &Finding) -> Option<&[Change]> {
    finding.fix.as_ref().map(|it| it.changes.as_slice())
}

/// Adds the finding of another environment to the one that says the same.
fn merge(there: &mut Held, other: Finding, first: Option<&Renamed>, renamed: Option<&Renamed>) {
    // One edit has to be right in all environments that read the file.
    let is_agreed = changes(&there.finding) == changes(&other);
    let finding = &mut there.finding;
    finding.severity = finding.severity.max(other.severity);
    if let Some(fix) = finding.fix.as_mut().filter(|_| !is_agreed) {
        let environment = other.environments.first().map_or("another", String::as_str);
        fix.refuse("composed", format!("environment {environment} reads the same file and needs another edit"));
    }
    finding.environments.extend(other.environments);
    if finding.message != other.message || finding.subject != other.subject {
        // What both are made of has other names in each: that of the file speaks for both.
        if let Some(first) = first.filter(|_| !there.is_written) {
            as_written(finding, first);
            there.is_written = true;
        }
        if finding.subject.namespace != other.subject.namespace {
            finding.subject.namespace = None;
        }
    }
    if other.labels == finding.labels {
        return;
    }
    let comparable = |label: &Label, renamed: Option<&Renamed>| {
        (label.span, renamed.map_or(Cow::Borrowed(label.text.as_str()), |it| it.comparable(&label.text)).into_owned())
    };
    let mut known: HashSet<(Span, String)> = finding.labels.iter().map(|it| comparable(it, first)).collect();
    for mut label in other.labels {
        if known.insert(comparable(&label, renamed)) {
            if let Some(renamed) = renamed {
                label.text = renamed.written(&label.text).into_owned();
            }
            finding.labels.push(label);
        }
    }
}

/// Puts the names of the files in the place of those that the kustomization gives.
fn as_written(finding: &mut Finding, renamed: &Renamed) {
    let change = |text: &mut String| {
        if let Cow::Owned(text_as_written) = renamed.written(text) {
            *text = text_as_written;
        }
    };
    change(&mut finding.message);
    change(&mut finding.subject.name);
    finding.labels.iter_mut().for_each(|it| change(&mut it.text));
    finding.evidence.iter_mut().for_each(|it| change(&mut it.1));
    if let Some(help) = &mut finding.help {
        change(help.to_mut());
    }
    if let Some(group) = finding.group.as_mut().filter(|it| !it.name.is_empty()) {
        change(&mut std::sync::Arc::make_mut(group).name);
    }
}
