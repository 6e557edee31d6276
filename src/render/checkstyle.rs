//! Checkstyle's XML, which reviewdog, Jenkins and SonarQube read: the findings of each file.

use super::files::Files;
use super::worst_first;
use super::xml::escape;
use crate::finding::{Finding, Report, Severity};
use std::collections::BTreeMap;
use std::io;

/// Writes the findings by file, the worst first.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, files: &Files<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let mut by_file: BTreeMap<String, Vec<&Finding>> = BTreeMap::new();
    for finding in worst_first(report.shown(), files.sources) {
        by_file.entry(files.path_at(finding.span).into_owned()).or_default().push(finding);
    }
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">")?;
    for (path, findings) in by_file {
        writeln!(out, "  <file name=\"{}\">", escape(&path))?;
        for finding in findings {
            error(finding, files, out)?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}

fn error(finding: &Finding, files: &Files<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let spot = files.spot(finding.span);
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "info",
    };
    let help = finding.help.as_deref().map(|it| format!("; {it}")).unwrap_or_default();
    let message = escape(&format!("{}{help}", files.message(finding)));
    let source = format!("{}.{}", env!("CARGO_PKG_NAME"), finding.rule);
    let (line, column) = (spot.line, spot.column);
    writeln!(
        out,
        "    <error line=\"{line}\" column=\"{column}\" severity=\"{severity}\" message=\"{message}\" source=\"{source}\"/>"
    )
}
