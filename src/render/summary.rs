//! The last lines for people: what was read, why it belongs together, and how much is wrong.
//!
//! The terminal report ends with it; with other formats it goes to another stream.

use super::tally::{Tally, skipped};
use super::text::{count, escape};
use super::{Detail, Look};
use crate::finding::{EnvironmentSummary, LeftOut, Report, Severity, SuppressedBy};
use anstyle::Style;
use std::io;

/// Environments that are listed unless all are asked for.
const LISTED: usize = 12;
/// Reasons that say no more than the name of an only environment.
const PLAIN: &[&str] = &["a directory", "a named file", "named files", "what was piped in"];
/// Places of files that were left out, named for each reason.
const PLACES: usize = 4;

/// Writes a paragraph per environment and one line for the whole run.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, look: Look, detail: Detail, out: &mut impl io::Write) -> io::Result<()> {
    let mut environments = Tally::of_environments(report);
    let all = environments.len();
    if detail != Detail::Verbose && all > LISTED {
        // Those in which something is wrong matter more; the sort keeps the names in order.
        environments.sort_by_key(|(_, tally)| tally.errors + tally.warnings == 0);
        environments.truncate(LISTED);
    }
    for (environment, tally) in &environments {
        paragraph(environment, *tally, all == 1, look, out)?;
    }
    if environments.len() < all {
        let more = count(all - environments.len(), "more environment");
        writeln!(out, "{} and {more} (--verbose shows all)", look.dots())?;
    }
    for it in &report.left_out {
        writeln!(out, "{}", escape(&left_out(it)))?;
    }
    total(report, look, out)
}

/// What became of an environment. The findings of an only one are in the line for all.
fn paragraph(
    it: &EnvironmentSummary,
    tally: Tally,
    is_only: bool,
    look: Look,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let name = look.paint(Style::new().bold(), &escape(&it.name));
    let findings = if is_only { String::new() } else { format!("; {}", findings(tally, look)) };
    writeln!(out, "{name}: {}{findings}", documents(tally))?;
    let is_plain = is_only && PLAIN.contains(&it.reason.as_str());
    if !it.reason.is_empty() && !is_plain {
        writeln!(out, "  grouped because: {}", escape(&it.reason))?;
    }
    for sentence in &it.remarks {
        writeln!(out, "  {}", escape(sentence))?;
    }
    if let Some(reasons) = skipped(it.documents.iter()) {
        writeln!(out, "  skipped: {}", escape(&reasons))?;
    }
    Ok(())
}

/// `left out: 2 files that .gitignore names: a.yaml, b.yaml`.
pub(crate) fn left_out(it: &LeftOut) -> String {
    let mut places = it.places.iter().take(PLACES).map(String::as_str).collect::<Vec<&str>>().join(", ");
    if it.places.len() > PLACES {
        places = format!("{places} and {} more", it.places.len() - PLACES);
    }
    let number = if it.files == 0 { String::new() } else { format!("{} ", count(it.files, "file")) };
    format!("left out: {number}{}: {places}", it.reason)
}

fn total(report: &Report, look: Look, out: &mut impl io::Write) -> io::Result<()> {
    let tally = Tally::of_run(report);
    if tally.documents() == 0 && report.all().next().is_none() {
        // What was not there has been told.
        return Ok(());
    }
    let (documents, environments) = (count(tally.documents(), "document"), report.environments.len());
    let mut line = format!("{} in {documents}", findings(tally, look));
    if environments > 1 {
        line = format!("{line} of {environments} environments");
    }
    let known = report.suppressed.iter().filter(|it| it.kind == SuppressedBy::Baseline).count();
    let hidden = report.hidden.len();
    let rest = [(hidden, "not shown"), (report.suppressed.len() - known, "suppressed"), (known, "in the baseline")];
    for (number, word) in rest {
        if number > 0 {
            line = format!("{line}, {number} {word}");
        }
    }
    writeln!(out, "{line}")
}

/// `12 documents checked, 3 unknown, 1 skipped`.
pub(super) fn documents(tally: Tally) -> String {
    let mut text = format!("{} checked", count(tally.checked, "document"));
    for (number, word) in [(tally.unknown, "unknown"), (tally.skipped, "skipped")] {
        if number > 0 {
            text = format!("{text}, {number} {word}");
        }
    }
    text
}

/// The numbers of findings without colours.
pub(super) fn numbers(tally: Tally) -> String {
    findings(tally, Look { color: false, unicode: false, width: 0, links: None })
}

/// `2 errors, 1 note`, or `no findings`.
fn findings(tally: Tally, look: Look) -> String {
    let counts = [(Severity::Error, tally.errors), (Severity::Warning, tally.warnings), (Severity::Note, tally.notes)];
    let part = |(severity, number): (Severity, usize)| {
        (number > 0).then(|| look.paint(Look::severity(severity), &count(number, severity.name())))
    };
    let parts: Vec<String> = counts.into_iter().filter_map(part).collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}
