//! The readiness report: one file per format, each a pure function from [`Readiness`] to a writer.

pub mod html;
pub mod json;
pub mod markdown;
mod overview;
mod picture;
mod room;
pub mod text;

use super::text::count;
use crate::finding::{Severity, SuppressedBy};
use crate::readiness::{
    Aspect, AttestationState, BudgetFact, EnvironmentReadiness, Judged, Part, Readiness, Reason, Row, Score, Standing,
    Word,
};
use crate::source::{Sources, Span};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Reasons of one sentence that are shown in full.
const SHOWN: usize = 12;
/// Objects of which it is said in one line that they are right.
const NAMED: usize = 4;
/// Parts that are listed; the JSON report has all.
const LISTED: usize = 40;
/// Further places of a reason that are shown.
const PLACES: usize = 3;

/// What a line about a reason begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Severity(Severity),
    Lapsed,
    Follows,
    Accepted,
    Open,
    Off,
    Attested,
    Right,
}

impl Mark {
    /// The order of lines: what decides most first.
    fn rank(self) -> u8 {
        match self {
            Mark::Severity(Severity::Error) => 0,
            Mark::Severity(Severity::Warning) => 1,
            Mark::Lapsed => 2,
            Mark::Follows => 3,
            Mark::Accepted => 4,
            Mark::Open => 5,
            Mark::Off => 6,
            Mark::Severity(Severity::Note) => 7,
            Mark::Attested => 8,
            Mark::Right => 9,
        }
    }

    /// Whether what it marks fails a sentence.
    fn fails(self) -> bool {
        self.rank() <= Mark::Accepted.rank()
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Mark::Severity(severity) => severity.name(),
            Mark::Lapsed => "lapsed",
            Mark::Follows => "follows",
            Mark::Accepted => "accepted",
            Mark::Open => "open",
            Mark::Off => "off",
            Mark::Attested => "attested",
            Mark::Right => "right",
        }
    }
}

/// A reason, or several that say that objects are right, ready to be shown.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) mark: Mark,
    pub(super) id: Cow<'static, str>,
    pub(super) text: String,
    pub(super) place: Option<Span>,
    pub(super) labels: Vec<(Span, &'a str)>,
    pub(super) help: Option<&'a str>,
}

/// The lines of a sentence, and how many more there are.
pub(super) fn lines(reasons: &[Reason]) -> (Vec<Line<'_>>, usize) {
    let mut lines = Vec::new();
    let mut alike: Vec<((&str, &Word, &str), Vec<&Reason>)> = Vec::new();
    let mut right: BTreeMap<&'static str, Vec<&Reason>> = BTreeMap::new();
    for reason in reasons {
        match &reason.word {
            Word::Right => right.entry(reason.id).or_default().push(reason),
            Word::Follows(_) | Word::Open => {
                let key = (reason.id, &reason.word, reason.text.as_str());
                match alike.iter_mut().find(|it| it.0 == key) {
                    Some(group) => group.1.push(reason),
                    None => alike.push((key, vec![reason])),
                }
            }
            _ => lines.push(line(reason)),
        }
    }
    for (_, group) in &alike {
        lines.push(Line { text: about_all(group), ..line(group[0]) });
    }
    lines.sort_by_key(|it| it.mark.rank());
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    // Rules that find the same objects right share a line.
    let mut by_names: BTreeMap<String, (Vec<&'static str>, Option<Span>)> = BTreeMap::new();
    for (id, reasons) in right {
        let place = reasons.first().and_then(|it| it.span);
        by_names.entry(named(&reasons)).or_insert_with(|| (Vec::new(), place)).0.push(id);
    }
    for (text, (ids, place)) in by_names {
        lines.push(Line { mark: Mark::Right, id: ids.join(", ").into(), text, place, labels: Vec::new(), help: None });
    }
    (lines, more)
}

/// The first few objects of which a rule says that they are right, and how many more there are.
fn named(reasons: &[&Reason]) -> String {
    let all: BTreeSet<&str> = reasons.iter().map(|it| it.text.as_str()).collect();
    let first: Vec<&str> = all.iter().take(NAMED).copied().collect();
    let more = all.len() - first.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", first.join(", "))
}

/// What is said alike of several objects, once.
fn about_all(group: &[&Reason]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let after = match first.word {
        Word::Follows(by) => format!(" (after {by})"),
        _ => String::new(),
    };
    let all: BTreeSet<String> = group.iter().map(|it| short(it)).filter(|it| !it.is_empty()).collect();
    if all.is_empty() {
        return format!("{}{after}", first.text);
    }
    let more = if all.len() > NAMED { format!(" and {} more", all.len() - NAMED) } else { String::new() };
    let names: Vec<&str> = all.iter().take(NAMED).map(String::as_str).collect();
    format!("{}{more}: {}{after}", names.join(", "), first.text)
}

fn line(reason: &Reason) -> Line<'_> {
    let (mark, text) = match &reason.word {
        Word::Wrong(severity) => (Mark::Severity(*severity), reason.text.clone()),
        Word::Accepted { by, why, .. } => (Mark::Accepted, format!("{} ({})", reason.text, accepted(*by, why))),
        Word::Follows(_) => (Mark::Follows, String::new()),
        Word::Advice => (Mark::Severity(Severity::Note), reason.text.clone()),
        Word::Open => (Mark::Open, String::new()),
        Word::SwitchedOff => (Mark::Off, reason.text.clone()),
        Word::Vouched { .. } => {
            let evidence = reason.evidence.first().map(|it| format!(" (evidence: {})", it.1));
            (Mark::Attested, format!("{}{}", reason.text, evidence.unwrap_or_default()))
        }
        Word::Lapsed => (Mark::Lapsed, reason.text.clone()),
        Word::Right => (Mark::Right, reason.text.clone()),
    };
    let labels = reason.labels.iter().take(PLACES).map(|it| (it.span, it.text.as_str())).collect();
    Line { mark, id: reason.id.into(), text, place: reason.span, labels, help: reason.help.as_deref() }
}

/// `accepted by a comment: until March`.
fn accepted(by: SuppressedBy, why: &str) -> String {
    let by = match by {
        SuppressedBy::Comment => "accepted by a comment",
        SuppressedBy::Annotation => "accepted by an annotation",
        SuppressedBy::Configuration => "accepted by the configuration",
        SuppressedBy::Baseline => "in the baseline",
    };
    if why.is_empty() { by.to_owned() } else { format!("{by}: {why}") }
}

fn short(reason: &Reason) -> String {
    format!("{} {}", reason.subject.kind, reason.subject.name).trim().to_owned()
}

/// `k8s/kafka.yaml:9:5`.
pub(super) fn place(span: Span, sources: &Sources) -> String {
    let start = sources.start(span);
    format!("{}:{}:{}", sources.get(span.source).name(), start.line, start.column)
}

/// `35 %: 6 of 17 decided sentences hold`.
pub(super) fn headline(score: Score) -> String {
    let percent = score.percent().map(|it| format!("{it} %: ")).unwrap_or_default();
    format!("{percent}{}", decided(score))
}

/// `6 of 17 decided sentences hold`.
pub(super) fn decided(score: Score) -> String {
    if score.decided() == 0 {
        return "no sentence could be decided".to_owned();
    }
    let verb = if score.holds == 1 || score.decided() == 1 { "holds" } else { "hold" };
    format!("{} of {} {verb}", score.holds, count(score.decided(), "decided sentence"))
}

/// `11 fail, 1 of them accepted; beside the score: 2 attested, 9 not verifiable, 4 not applicable`.
pub(super) fn beside(score: Score) -> String {
    let accepted = match score.accepted {
        0 => String::new(),
        number => format!(", {number} of them accepted"),
    };
    let verb = if score.fails == 1 { "fails" } else { "fail" };
    let Score { fails, attested, not_verifiable, not_applicable, .. } = score;
    format!(
        "{fails} {verb}{accepted}; beside the score: {attested} attested, {not_verifiable} not verifiable, \
         {not_applicable} not applicable"
    )
}

/// `1 error and 2 warnings beyond the guideline`.
pub(super) fn beyond(environment: &EnvironmentReadiness) -> Option<String> {
    let part = |severity: Severity| {
        let number = environment.beyond.iter().filter(|it| it.word == Word::Wrong(severity)).count();
        (number > 0).then(|| count(number, severity.name()))
    };
    let parts: Vec<String> = [Severity::Error, Severity::Warning].into_iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("{} beyond the guideline", parts.join(" and ")))
}

/// `1 broker`, `2 to 10 pods`.
pub(super) fn scale(part: &Part) -> String {
    let plural = |number: i64| format!("{number} {}{}", part.noun, if number == 1 { "" } else { "s" });
    match (part.floor, part.ceiling) {
        (Some(floor), Some(ceiling)) if floor != ceiling => format!("{floor} to {}", plural(ceiling)),
        (Some(floor), _) => plural(floor),
        (None, _) => format!("an unknown number of {}s", part.noun),
    }
}

/// `budget x: maxUnavailable 1, 1 eviction allowed`.
pub(super) fn budget(fact: &BudgetFact) -> String {
    let maker = if fact.is_generated { ", made by the operator" } else { "" };
    let allowed = match fact.allowed {
        Some(number) => {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} eviction{plural} allowed at the least scale")
        }
        None => "evictions not known".to_owned(),
    };
    format!("budget {} ({}{maker}): {allowed}", fact.name, fact.demand)
}

/// The parts of all rows that are listed, and how many more there are.
pub(super) fn listed(rows: &[Row]) -> (Vec<&Part>, usize) {
    let mut parts: Vec<&Part> = rows.iter().flat_map(|it| &it.parts).collect();
    let more = parts.len().saturating_sub(LISTED);
    parts.truncate(LISTED);
    (parts, more)
}

/// How many of a part run and what protects it, in words.
pub(super) fn described(part: &Part) -> String {
    format!("{}; {}", scale(part), protections(part))
}

/// What protects a part, in words.
pub(super) fn protections(part: &Part) -> String {
    let mut words = Vec::new();
    let verb = if part.floor == Some(0) { "scales from 0, by" } else { "scaled by" };
    words.extend(part.scaler.iter().map(|it| format!("{verb} {it}")));
    words.extend(part.budgets.iter().map(budget));
    if part.budgets.is_empty() {
        words.push("no budget".to_owned());
    }
    words.join("; ")
}

/// `Deployment backend`.
pub(super) fn name(part: &Part) -> String {
    format!("{} {}", part.subject.kind, part.subject.name)
}

/// What stands for a cell in words.
pub(super) fn cell_title(standing: Option<Standing>) -> &'static str {
    standing.map_or("no sentence covers it", Standing::title)
}

/// `profile default, on 2026-11-25`.
pub(super) fn circumstances(readiness: &Readiness) -> String {
    let day = readiness.day.as_deref().map(|it| format!(", on {it}")).unwrap_or_default();
    format!("profile {}{day}", readiness.profile)
}
