//! GitLab's code quality report: an array of entries, each told apart by its fingerprint.
//!
//! What is required: `app/validators/json_schemas/codeclimate.json` of GitLab. It reads no further than the first entry
//! that does not fit, keeps one of those with equal fingerprints, and shows no `check_name`.

use super::files::Files;
use super::{stable_hash, worst_first};
use crate::finding::{Finding, Report, Severity};
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Writes the findings, the worst first.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, files: &Files<'_>, out: &mut impl io::Write) -> io::Result<()> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let mut entries = Vec::new();
    for finding in worst_first(report.shown(), files.sources) {
        let times = times.entry(finding.fingerprint()).or_default();
        entries.push(entry(finding, *times, files));
        *times += 1;
    }
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    writeln!(out)
}

/// An entry. `earlier` ones were recognised by the same.
fn entry<'a>(finding: &'a Finding, earlier: usize, files: &Files<'_>) -> Entry<'a> {
    let mut identity = finding.fingerprint();
    if earlier > 0 {
        identity.push_str(&format!("|{earlier}"));
    }
    let spot = files.spot(finding.span);
    let help = finding.help.as_deref().map(|it| format!("; {it}")).unwrap_or_default();
    Entry {
        description: format!("{}: {}{help}", finding.rule, files.message(finding)),
        check_name: finding.rule.as_str(),
        fingerprint: stable_hash(&identity),
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location { path: spot.path, lines: Lines { begin: spot.line } },
    }
}
