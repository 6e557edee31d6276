//! One line per finding, `path:line:col: severity[rule] message`, for editors, `grep` and goldens.

use super::text::escape;
use crate::finding::{Finding, Report};
use crate::source::Sources;
use std::io;

/// Writes the findings, sorted by file, line and column. Columns count characters from 1. Nothing else is
/// written: a summary belongs to another stream.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by(|a, b| super::by_place(a, b, sources));
    for finding in findings {
        let at = sources.start(finding.span);
        let name = escape(sources.get(finding.span.source).name());
        let (severity, rule, message) = (finding.severity, finding.rule, escape(&finding.message));
        writeln!(out, "{name}:{}:{}: {severity}[{rule}] {message}", at.line, at.column)?;
    }
    Ok(())
}
