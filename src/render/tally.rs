//! How many findings and documents there are, counted once for all formats.

use crate::finding::{DocumentOutcome, DocumentStatus, EnvironmentSummary, Report, Severity};
use crate::source::Span;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Numbers of a run or of one environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) notes: usize,
    pub(crate) checked: usize,
    pub(crate) unknown: usize,
    pub(crate) skipped: usize,
}

impl Tally {
    /// The whole run. A document of several environments counts once, as the best that became of it.
    pub(crate) fn of_run(report: &Report) -> Tally {
        let mut documents: BTreeMap<Span, &DocumentStatus> = BTreeMap::new();
        for document in report.environments.iter().flat_map(|it| it.documents.iter()) {
            let fate = documents.entry(document.span).or_insert(&document.fate);
            *fate = (*fate).min(&document.fate);
        }
        let mut tally = Tally::default();
        for fate in documents.into_values() {
            tally.add_document(fate);
        }
        for finding in report.all() {
            tally.add_finding(finding.severity);
        }
        tally
    }

    /// The environments by name, each with the numbers of its documents and of the findings that name it.
    pub(crate) fn of_environments(report: &Report) -> Vec<(&EnvironmentSummary, Tally)> {
        let mut tallies: Vec<(&EnvironmentSummary, Tally)> =
            report.environments.iter().map(|it| (it, Tally::default())).collect();
        tallies.sort_by_key(|it| &it.0.name);
        let places: HashMap<&str, usize> = tallies.iter().zip(0..).map(|(it, at)| (it.0.name.as_str(), at)).collect();
        for (environment, tally) in &mut tallies {
            environment.documents.iter().for_each(|it| tally.add_document(&it.fate));
        }
        for finding in report.all() {
            for at in finding.environments.iter().filter_map(|it| places.get(it.as_str())) {
                tallies[*at].1.add_finding(finding.severity);
            }
        }
        tallies
    }

    /// How many documents there are.
    pub(crate) fn documents(self) -> usize {
        self.checked + self.unknown + self.skipped
    }

    fn add_document(&mut self, fate: &DocumentStatus) {
        match fate {
            DocumentStatus::Checked => self.checked += 1,
            DocumentStatus::Unknown => self.unknown += 1,
            DocumentStatus::Skipped(_) => self.skipped += 1,
        }
    }

    fn add_finding(&mut self, severity: Severity) {
        match severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
    }
}

/// Reasons that are listed.
const REASONS: usize = 5;

/// Why documents were skipped, the most frequent reason first: `values of a Helm chart (2), empty (1)`. Nothing if
/// none was.
pub(crate) fn skipped<'a>(documents: impl Iterator<Item = &'a DocumentOutcome>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for class in documents.filter_map(|it| it.fate.class()) {
        *counts.entry(class).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|it| Reverse(it.1));
    let mut parts: Vec<String> = counts.iter().take(REASONS).map(|(class, it)| format!("{class} ({it})")).collect();
    let more: usize = counts.iter().skip(REASONS).map(|it| it.1).sum();
    if more > 0 {
        parts.push(format!("other reasons ({more})"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
