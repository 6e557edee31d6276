//! One line per finding, `path:line:col: severity[rule] message`, for editors, `grep` and goldens.

use super::grouped::grouped;
use super::text::escape;
use super::{Detail, Look};
use crate::finding::{Finding, Report, Severity, Suppressed};
use crate::source::Sources;
use anstyle::Style;
use std::io;

/// Writes the findings, sorted by file, line and column; no notes where quiet is asked for. Columns count characters
/// from 1. Nothing else is written: a summary belongs to another stream.
///
/// # Errors
/// Those of the writer.
pub fn render(
    report: &Report,
    sources: &Sources,
    look: Look,
    detail: Detail,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let is_shown = |it: &&Finding| detail != Detail::Quiet || it.severity > Severity::Note;
    let grouped = grouped(&report.findings);
    let mut findings: Vec<&Finding> = grouped.iter().map(AsRef::as_ref).filter(is_shown).collect();
    findings.sort_by(|a, b| super::by_place(a, b, sources));
    for finding in findings {
        let at = sources.start(finding.span);
        let name = sources.get(finding.span.source).name();
        let place = format!("{}:{}:{}", look.link_to(name, &escape(name)), at.line, at.column);
        let place = look.paint(Style::new().bold(), &place);
        let head = format!("{}[{}]", finding.severity, finding.rule);
        let head = look.link_to_rule(finding.rule.as_str(), &look.paint(Look::severity(finding.severity), &head));
        let message = escape(&finding.message);
        let searched = super::searched(finding, sources).map(|it| format!(" ({})", escape(&it))).unwrap_or_default();
        writeln!(out, "{place}: {head} {message}{searched}")?;
    }
    Ok(())
}

/// Writes what was taken away, in the same form, with `suppressed` in the severity's place and what did it behind.
///
/// # Errors
/// Those of the writer.
pub fn render_suppressed(report: &Report, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let mut all: Vec<&Suppressed> = report.suppressed.iter().collect();
    all.sort_by(|a, b| super::by_place(&a.finding, &b.finding, sources));
    for Suppressed { finding, kind, by, reason } in all {
        let (at, name) = (sources.start(finding.span), escape(sources.get(finding.span.source).name()));
        let (rule, message) = (finding.rule, escape(&finding.message));
        let (file, line) = (escape(sources.get(by.source).name()), sources.start(*by).line);
        let reason = if reason.is_empty() { String::new() } else { format!(": {}", escape(reason)) };
        let by = format!("{} at {file}:{line}{reason}", kind.name());
        writeln!(out, "{name}:{}:{}: suppressed[{rule}] {message} ({by})", at.line, at.column)?;
    }
    Ok(())
}
