//! A text for programs that read lines and for language models: each finding once, in few bytes. `docs/agents.md` has its
//! grammar, which keeps its meaning as long as the format keeps its name.

use super::text::{count, push};
use super::{Detail, fixes, worst_first};
use crate::finding::{Finding, Report, Severity, Undecided};
use crate::source::Sources;
use std::collections::BTreeMap;
use std::io;

/// Writes the findings by file, in each the worst first, then a line with the numbers.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, sources: &Sources, detail: Detail, out: &mut impl io::Write) -> io::Result<()> {
    let mut files: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in worst_first(report.shown(), sources) {
        files.entry(sources.get(finding.span.source).name()).or_default().push(finding);
    }
    for (name, findings) in &files {
        writeln!(out, "{}", path(name))?;
        for finding in findings {
            line(finding, sources, out)?;
        }
    }
    if !files.is_empty() {
        writeln!(out)?;
    }
    writeln!(out, "{}", summary(report, detail))?;
    if detail == Detail::Verbose {
        open(report, out)?;
    }
    Ok(())
}

fn line(finding: &Finding, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let at = sources.start(finding.span);
    let note = super::searched(finding, sources).map(|it| format!(" ({it})")).unwrap_or_default();
    let message = words(&format!("{}{note}", finding.message));
    write!(out, "{}:{} {} {} {message}", at.line, at.column, finding.rule, finding.severity)?;
    if let Some(help) = &finding.help {
        write!(out, " -> {}", words(help))?;
    }
    match finding.fix.as_deref().and_then(fixes::applied) {
        Some(safety) => writeln!(out, " [fix: {}]", safety.name()),
        None => writeln!(out),
    }
}

/// What is not verifiable, and what would decide it.
fn open(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    for (number, outcome) in report.outcomes().iter().filter(|it| is_open(&it.undecided)).enumerate() {
        let Undecided::NotVerifiable(reason) = &outcome.undecided else { continue };
        if number == 0 {
            writeln!(out)?;
        }
        let (subject, environment) = (words(&outcome.subject.to_string()), words(&outcome.environment));
        writeln!(out, "? {} {environment}: {subject} -> {}", outcome.rule, words(reason))?;
    }
    Ok(())
}

fn is_open(it: &Undecided) -> bool {
    matches!(it, Undecided::NotVerifiable(_))
}

/// `2 errors, 1 warning, 0 notes; 1 fixable with --fix, 2 more with --unsafe-fixes; 3 not verifiable (-v lists them)`.
fn summary(report: &Report, detail: Detail) -> String {
    let levels = [Severity::Error, Severity::Warning, Severity::Note];
    let counts: Vec<String> = levels.iter().map(|it| count(report.count(*it), it.name())).collect();
    let mut parts = vec![counts.join(", ")];
    if !report.hidden.is_empty() {
        parts.push(format!("{} below the least severity not shown", report.hidden.len()));
    }
    parts.extend(fixes::offer(report));
    let single = report.single_outcomes.iter().filter(|it| is_open(&it.undecided)).count();
    let open = single + report.unverified.iter().map(|it| it.objects.len()).sum::<usize>();
    if open > 0 {
        let hint = if detail == Detail::Verbose { "" } else { " (-v lists them)" };
        parts.push(format!("{open} not verifiable{hint}"));
    }
    parts.join("; ")
}

/// A file's name. One that could be taken for a finding, or for what is not verifiable, has `./` before it.
fn path(name: &str) -> String {
    let is_like_a_finding = name.starts_with(|it: char| it.is_ascii_digit()) && name.contains(' ');
    let prefix = if is_like_a_finding || name.starts_with("? ") { "./" } else { "" };
    format!("{prefix}{}", escape(name))
}

/// A message or a help, in which nothing is taken for what stands between and behind them.
fn words(text: &str) -> String {
    escape(text).replace("->", "-\\>").replace("[fix:", "[fix\\:")
}

/// Text in one line, from which the original can be had: a backslash is doubled, and what a terminal would act on is
/// written out behind one.
fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\\' => shown.push_str("\\\\"),
            _ => push(&mut shown, character),
        }
    }
    shown
}
