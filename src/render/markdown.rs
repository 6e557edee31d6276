//! The findings for a job's summary or a comment: GitHub's Markdown, never longer than a summary may be.
//!
//! What manifests say is escaped, so that a name cannot become markup, a mention or a link.

use super::files::Files;
use super::gfm::{code, plain};
use super::tally::Tally;
use super::text::count;
use super::{Detail, summary, worst_first};
use crate::finding::{Finding, Outcome, Report, Severity, Suppressed, Undecided};
use std::io;

/// Bytes of a job's summary: more, and none of it is shown (GitHub's documentation of workflow commands: 1 MiB a step).
pub const LIMIT: usize = 1 << 20;
/// What is kept for closing what is open and for the sentence on what is left out.
const RESERVE: usize = 512;
/// The head of each table.
const HEAD: &str = "| where | rule | what |\n| --- | --- | --- |\n";

/// What is written besides the findings.
#[derive(Clone, Copy)]
pub struct Options {
    /// With [`Detail::Verbose`] what is not verifiable is written, too; with [`Detail::Quiet`] no numbers.
    pub detail: Detail,
    /// Whether to write what was taken away.
    pub shows_suppressed: bool,
}

/// Writes the findings, the worst first.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, files: &Files<'_>, options: Options, out: &mut impl io::Write) -> io::Result<()> {
    let mut page = Page::default();
    head(report, options, &mut page);
    let findings = worst_first(report.shown(), files.sources);
    for level in findings.chunk_by(|a, b| a.severity == b.severity) {
        let Some(severity) = level.first().map(|it| it.severity) else { continue };
        let title = count(level.len(), severity.name());
        let rows = level.iter().map(|it| row(it, files, report.environments.len() > 1));
        page.table(&title, severity == Severity::Note, HEAD, rows);
    }
    if options.shows_suppressed {
        let mut suppressed: Vec<&Suppressed> = report.suppressed.iter().collect();
        suppressed.sort_by(|a, b| super::by_place(&a.finding, &b.finding, files.sources).then(a.by.cmp(&b.by)));
        let rows = suppressed.iter().map(|it| suppressed_row(it, files));
        page.table(&format!("{} suppressed", suppressed.len()), true, HEAD, rows);
    }
    if options.detail == Detail::Verbose {
        let outcomes = report.outcomes();
        let rows: Vec<String> = outcomes.iter().filter_map(open_row).collect();
        let head = "| object | rule | what would decide it |\n| --- | --- | --- |\n";
        page.table(&format!("{} not verifiable", rows.len()), true, head, rows.into_iter());
    }
    page.finish(out)
}

/// The numbers, of all and of each of several environments.
fn head(report: &Report, options: Options, page: &mut Page) {
    let tally = Tally::of_run(report);
    page.push(&format!("## {}: {}\n", env!("CARGO_PKG_NAME"), summary::numbers(tally)));
    if options.detail == Detail::Quiet {
        return;
    }
    page.push(&format!("\n{}\n", summary::documents(tally)));
    let environments = Tally::of_environments(report);
    if environments.len() > 1 {
        let row = |(it, tally): &(&crate::finding::EnvironmentSummary, Tally)| {
            format!("| {} | {} | {} | {} |\n", plain(&it.name), tally.errors, tally.warnings, tally.notes)
        };
        page.push("\n");
        page.rows(
            "| environment | errors | warnings | notes |\n| --- | --: | --: | --: |\n",
            environments.iter().map(row),
        );
    }
    for it in &report.left_out {
        page.push(&format!("\n{}\n", plain(&summary::left_out(it))));
    }
}

fn row(finding: &Finding, files: &Files<'_>, several: bool) -> String {
    let spot = files.spot(finding.span);
    let mut what = plain(&files.message(finding));
    if several && !finding.environments.is_empty() {
        what.push_str(&format!("<br>in {}", plain(&finding.environments.join(", "))));
    }
    if let Some(help) = &finding.help {
        what.push_str(&format!("<br>_{}_", plain(help)));
    }
    format!("| {} | {} | {what} |\n", code(&format!("{}:{}", spot.path, spot.line)), code(finding.rule.as_str()))
}

fn suppressed_row(it: &Suppressed, files: &Files<'_>) -> String {
    let (spot, by) = (files.spot(it.finding.span), files.spot(it.by));
    let reason = if it.reason.is_empty() { "no reason given" } else { &it.reason };
    let by = format!("{} at {}:{}: {reason}", it.kind.name(), by.path, by.line);
    let (place, rule) = (code(&format!("{}:{}", spot.path, spot.line)), code(it.finding.rule.as_str()));
    format!("| {place} | {rule} | {}<br>_{}_ |\n", plain(&it.finding.message), plain(&by))
}

fn open_row(it: &Outcome) -> Option<String> {
    let Undecided::NotVerifiable(reason) = &it.undecided else { return None };
    Some(format!("| {} | {} | {} |\n", plain(&it.subject.to_string()), code(it.rule.as_str()), plain(reason)))
}

/// A page that takes nothing more once it is full.
#[derive(Default)]
struct Page {
    text: String,
    left_out: usize,
}

impl Page {
    /// Adds a piece, if there is room.
    fn push(&mut self, piece: &str) -> bool {
        let fits = self.left_out == 0 && self.text.len() + piece.len() + RESERVE <= LIMIT;
        if fits {
            self.text.push_str(piece);
        }
        fits
    }

    /// A table under a title; folded away where it is less urgent. Nothing where it has no rows.
    fn table(&mut self, title: &str, is_folded: bool, head: &str, rows: impl ExactSizeIterator<Item = String>) {
        if rows.len() == 0 {
            return;
        }
        let opening =
            if is_folded { format!("\n<details><summary>{title}</summary>\n\n") } else { format!("\n### {title}\n\n") };
        if !self.push(&opening) {
            self.left_out += rows.len();
            return;
        }
        self.rows(head, rows);
        if is_folded {
            self.text.push_str("\n</details>\n");
        }
    }

    fn rows(&mut self, head: &str, rows: impl Iterator<Item = String>) {
        self.text.push_str(head);
        for row in rows {
            if !self.push(&row) {
                self.left_out += 1;
            }
        }
    }

    fn finish(mut self, out: &mut impl io::Write) -> io::Result<()> {
        if self.left_out > 0 {
            let rows = count(self.left_out, "row");
            self.text.push_str(&format!(
                "\n{rows} more would not fit: a job's summary holds 1 MiB. `--format json` has everything.\n"
            ));
        }
        out.write_all(self.text.as_bytes())
    }
}
