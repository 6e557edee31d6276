//! Workflow commands of GitHub Actions: an annotation for each finding, the worst first.
//!
//! How they are escaped: `src/command.ts` of `actions/toolkit`, packages/core, and `ActionCommand.cs` of `actions/runner`.

use super::files::Files;
use super::text::{count, escape};
use super::worst_first;
use crate::finding::{Finding, Report, Severity};
use std::io;

/// Annotations of a level that the service keeps of one step (GitHub's documentation of problem matchers).
const KEPT: usize = 10;

/// Writes a command for each finding and, where the service keeps fewer, a line that says so.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, files: &Files<'_>, out: &mut impl io::Write) -> io::Result<()> {
    for finding in worst_first(report.shown(), files.sources) {
        command(finding, files, out)?;
    }
    let levels = [Severity::Error, Severity::Warning, Severity::Note];
    let number = |level| report.findings.iter().filter(|it| it.severity == level).count();
    if let Some(level) = levels.into_iter().find(|it| number(*it) > KEPT) {
        let number = count(number(level), level.name());
        writeln!(
            out,
            "{number}: GitHub shows the first {KEPT} of a level; --output markdown=FILE or sarif=FILE has all"
        )?;
    }
    Ok(())
}

fn command(finding: &Finding, files: &Files<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let spot = files.spot(finding.span);
    let title = property(&format!("{} ({})", env!("CARGO_PKG_NAME"), finding.rule));
    write!(out, "::{word} title={title},file={},line={1},endLine={1}", property(&spot.path), spot.line)?;
    // Columns are refused where they do not end in the same line.
    if let Some(end) = spot.end_column {
        write!(out, ",col={},endColumn={end}", spot.column)?;
    }
    let help = finding.help.as_deref().map(|it| format!("%0A{}", data(it))).unwrap_or_default();
    writeln!(out, "::{}{help}", data(&files.message(finding)))
}

/// The text of a command. Line breaks are visible before it is escaped, so that only `%` needs it.
fn data(text: &str) -> String {
    escape(text).replace('%', "%25")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
