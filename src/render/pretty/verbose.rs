//! What `--verbose` adds below the findings: documents, components, and what is neither right nor wrong.

use crate::finding::{
    Classified, DocumentStatus, EnvironmentSummary, Outcome, Report, Suppressed, SuppressedBy, Undecided,
};
use crate::render::text::escape;
use crate::render::{Look, by_place};
use crate::source::{Sources, Span};
use anstyle::Style;
use std::io;
use unicode_width::UnicodeWidthStr as _;

/// Writes all of it, each part under a title, parts without content left out.
pub(super) fn render(report: &Report, sources: &Sources, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let mut environments: Vec<&EnvironmentSummary> = report.environments.iter().collect();
    environments.sort_by_key(|it| &it.name);
    for environment in environments {
        let name = escape(&environment.name);
        section(&format!("Documents of {name}"), &documents(environment, sources), look, out)?;
        section(&format!("Components of {name}"), &components(&environment.components), look, out)?;
    }
    render_suppressed(report, sources, look, out)?;
    let outcomes = report.outcomes();
    section("Vouched for by the configuration", &attested(&outcomes), look, out)?;
    section("Not verifiable", &not_verifiable(&outcomes), look, out)
}

/// What was taken away.
pub(super) fn render_suppressed(
    report: &Report,
    sources: &Sources,
    look: Look,
    out: &mut impl io::Write,
) -> io::Result<()> {
    section("Suppressed", &suppressed(report, sources), look, out)
}

fn section(title: &str, lines: &[String], look: Look, out: &mut impl io::Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}", look.paint(Style::new().bold().underline(), title))?;
    for line in lines {
        writeln!(out, "  {line}")?;
    }
    writeln!(out)
}

fn place(span: Span, sources: &Sources) -> String {
    format!("{}:{}", escape(sources.get(span.source).name()), sources.start(span).line)
}

fn documents(environment: &EnvironmentSummary, sources: &Sources) -> Vec<String> {
    let row = |it: &crate::finding::DocumentOutcome| {
        let (fate, reason) = match &it.fate {
            DocumentStatus::Checked => ("checked", String::new()),
            DocumentStatus::Unknown => ("unknown", "no rule knows its kind".to_owned()),
            DocumentStatus::Skipped(reason) => ("skipped", escape(reason).into_owned()),
        };
        [fate.to_owned(), place(it.span, sources), escape(&it.title.to_string()).into_owned(), reason]
    };
    table(environment.documents.iter().map(row).collect())
}

fn components(components: &[Classified]) -> Vec<String> {
    if components.is_empty() {
        return Vec::new();
    }
    let title = ["OBJECT", "ROLE", "PODS", "SCALED BY", "BECAUSE"].map(str::to_owned);
    let number = |it: Option<i64>| it.map_or_else(|| "?".to_owned(), |it| it.to_string());
    let row = |it: &Classified| {
        let pods = match (it.floor, it.ceiling) {
            (Some(floor), Some(ceiling)) if floor == ceiling => floor.to_string(),
            (None, None) => "?".to_owned(),
            (floor, ceiling) => format!("{} to {}", number(floor), number(ceiling)),
        };
        let (subject, scaled_by) = (it.object.to_string(), it.scaled_by.to_string());
        let cells = [subject.as_str(), it.role, pods.as_str(), scaled_by.as_str(), &*it.reason];
        cells.map(|it| escape(it).into_owned())
    };
    table([title].into_iter().chain(components.iter().map(row)).collect())
}

/// Rows with their cells below each other; the last column is as long as it likes.
fn table<const N: usize>(rows: Vec<[String; N]>) -> Vec<String> {
    // A name of a thousand letters must not push all the others off the screen.
    let widest = |column: usize| rows.iter().map(|it| it[column].width()).max().unwrap_or(0).min(48);
    let widths: [usize; N] = std::array::from_fn(widest);
    let line = |row: [String; N]| {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
        }
        line.trim_end().to_owned()
    };
    rows.into_iter().map(line).collect()
}

fn suppressed(report: &Report, sources: &Sources) -> Vec<String> {
    let mut all: Vec<&Suppressed> = report.suppressed.iter().collect();
    all.sort_by(|a, b| by_place(&a.finding, &b.finding, sources).then(a.by.cmp(&b.by)));
    let mut lines = Vec::new();
    for it in all {
        let (finding, at) = (&it.finding, place(it.finding.span, sources));
        lines.push(format!("{at}: {}[{}] {}", finding.severity, finding.rule, escape(&finding.message)));
        lines.push(format!("    by {}: {}", place(it.by, sources), reason(it)));
    }
    lines
}

/// Why it was taken away.
fn reason(it: &Suppressed) -> String {
    match (it.kind, it.reason.as_str()) {
        (SuppressedBy::Baseline, _) => "the baseline knows it".to_owned(),
        (_, "") => "no reason given".to_owned(),
        (_, reason) => escape(reason).into_owned(),
    }
}

fn attested(outcomes: &[Outcome]) -> Vec<String> {
    let mut lines = Vec::new();
    for outcome in outcomes {
        if let Undecided::Attested { by, until } = &outcome.undecided {
            let (environment, subject) = (escape(&outcome.environment), outcome.subject.to_string());
            let (subject, by, until) = (escape(&subject), escape(by), escape(until));
            lines.push(format!("{environment}, {}: {subject}: {by}, until {until}", outcome.rule));
        }
    }
    lines
}

/// By environment and rule, a line per subject with what would decide it.
fn not_verifiable(outcomes: &[Outcome]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut last = None;
    for outcome in outcomes {
        let Undecided::NotVerifiable(reason) = &outcome.undecided else { continue };
        let group = (&outcome.environment, outcome.rule);
        if last != Some(group) {
            lines.push(format!("{}, {}", escape(group.0), group.1));
            last = Some(group);
        }
        let subject = outcome.subject.to_string();
        lines.push(format!("    {}: {}", escape(&subject), escape(reason)));
    }
    lines
}
