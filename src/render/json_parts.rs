//! The parts of the JSON report that are not findings: places, counts, outcomes.

use super::tally;
use crate::finding::{Identity, Outcome, Report, Subject, Undecided};
use crate::source::{Sources, Span};
use serde::Serialize;
use std::collections::BTreeMap;

/// Where something stands: lines and columns from 1, columns in characters, bytes from 0, ends exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start_byte: u32,
    end_byte: u32,
    /// The line was searched in the template of a chart.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    approximate: bool,
}

impl<'a> Place<'a> {
    pub(super) fn of(span: Span, sources: &'a Sources) -> Place<'a> {
        let (start, end) = (sources.start(span), super::end(sources, span));
        Place {
            file: sources.get(span.source).name(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            start_byte: span.start,
            end_byte: span.end,
            approximate: sources.get(span.source).is_template(),
        }
    }
}

/// A place with a text: a label, or an edit with what it puts there.
#[derive(Serialize)]
pub(super) struct Mark<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

impl<'a> Mark<'a> {
    pub(super) fn of(span: Span, text: &'a str, sources: &'a Sources) -> Mark<'a> {
        Mark { place: Place::of(span, sources), text }
    }
}

#[derive(Serialize)]
pub(super) struct Object<'a> {
    group: &'a str,
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
}

impl<'a> From<&'a Subject> for Object<'a> {
    fn from(it: &'a Subject) -> Self {
        Object { group: &it.group, kind: &it.kind, namespace: it.namespace.as_deref(), name: &it.name }
    }
}

impl<'a> From<&'a Identity> for Object<'a> {
    fn from(it: &'a Identity) -> Self {
        Object { group: it.group(), kind: it.kind(), namespace: it.namespace(), name: it.name() }
    }
}

/// How many findings and documents there are, in the run or in one environment.
#[derive(Serialize)]
pub(super) struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
    checked: usize,
    unknown: usize,
    skipped: usize,
}

impl From<tally::Tally> for Counts {
    fn from(it: tally::Tally) -> Self {
        Counts {
            errors: it.errors,
            warnings: it.warnings,
            notes: it.notes,
            checked: it.checked,
            unknown: it.unknown,
            skipped: it.skipped,
        }
    }
}

#[derive(Serialize)]
pub(super) struct Summary {
    #[serde(flatten)]
    counts: Counts,
    suppressed: usize,
}

impl Summary {
    pub(super) fn of(report: &Report) -> Summary {
        Summary { counts: tally::Tally::of_run(report).into(), suppressed: report.suppressed.len() }
    }
}

/// A rule that ran, and how often it said what.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleCounts<'a> {
    id: &'a str,
    findings: usize,
    suppressed: usize,
    passed: usize,
    not_verifiable: usize,
    blocked: usize,
    attested: usize,
}

/// The rules that ran, by id. A rule that speaks without having run is listed too: nothing gets lost.
pub(super) fn rule_counts(report: &Report) -> Vec<RuleCounts<'_>> {
    let mut rules: BTreeMap<&str, RuleCounts<'_>> = BTreeMap::new();
    for id in &report.rules {
        rules.entry(id).or_default();
    }
    for finding in report.all() {
        rules.entry(finding.rule.as_str()).or_default().findings += 1;
    }
    for suppressed in &report.suppressed {
        rules.entry(suppressed.finding.rule.as_str()).or_default().suppressed += 1;
    }
    for passed in &report.passed {
        rules.entry(passed.rule.as_str()).or_default().passed += passed.objects.len();
    }
    for open in &report.unverified {
        rules.entry(open.rule.as_str()).or_default().not_verifiable += open.objects.len();
    }
    for outcome in &report.single_outcomes {
        let counts = rules.entry(outcome.rule.as_str()).or_default();
        match outcome.undecided {
            Undecided::NotVerifiable(_) => counts.not_verifiable += 1,
            Undecided::Attested { .. } => counts.attested += 1,
            Undecided::Blocked { .. } => counts.blocked += 1,
        }
    }
    rules.into_iter().map(|(id, counts)| RuleCounts { id, ..counts }).collect()
}

/// Rule, environment and object of an outcome.
#[derive(Serialize)]
pub(super) struct About<'a> {
    rule: &'a str,
    environment: &'a str,
    subject: Object<'a>,
}

impl<'a> From<&'a Outcome> for About<'a> {
    fn from(it: &'a Outcome) -> Self {
        About { rule: it.rule.as_str(), environment: &it.environment, subject: (&it.subject).into() }
    }
}

#[derive(Serialize)]
pub(super) struct NotVerifiable<'a> {
    #[serde(flatten)]
    about: About<'a>,
    reason: &'a str,
}

#[derive(Serialize)]
pub(super) struct Blocked<'a> {
    #[serde(flatten)]
    about: About<'a>,
    by: &'a str,
    label: Mark<'a>,
}

#[derive(Serialize)]
pub(super) struct Attested<'a> {
    #[serde(flatten)]
    about: About<'a>,
    by: &'a str,
    until: &'a str,
}

pub(super) fn not_verifiable<'a>(outcomes: &'a [Outcome]) -> Vec<NotVerifiable<'a>> {
    let reason = |it: &'a Outcome| match &it.undecided {
        Undecided::NotVerifiable(reason) => Some(NotVerifiable { about: it.into(), reason }),
        _ => None,
    };
    outcomes.iter().filter_map(reason).collect()
}

pub(super) fn blocked<'a>(outcomes: &'a [Outcome], sources: &'a Sources) -> Vec<Blocked<'a>> {
    let blocked = |it: &'a Outcome| match &it.undecided {
        Undecided::Blocked { by, label, .. } => {
            Some(Blocked { about: it.into(), by, label: Mark::of(label.span, &label.text, sources) })
        }
        _ => None,
    };
    outcomes.iter().filter_map(blocked).collect()
}

pub(super) fn attested<'a>(outcomes: &'a [Outcome]) -> Vec<Attested<'a>> {
    let attested = |it: &'a Outcome| match &it.undecided {
        Undecided::Attested { by, until } => Some(Attested { about: it.into(), by, until }),
        _ => None,
    };
    outcomes.iter().filter_map(attested).collect()
}
