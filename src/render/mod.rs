//! Reports as text: one file per format, each a pure function from a report to a writer.
//!
//! A renderer reads no file, no clock and no environment variable, and the same report gives the same
//! bytes. Columns are counted here, because each format counts in its own unit.

mod address;
pub mod agent;
pub mod checkstyle;
pub mod concise;
pub mod drill;
pub mod files;
pub mod fixes;
mod gfm;
pub mod github;
pub mod gitlab;
mod grouped;
mod html;
pub mod json;
mod json_parts;
pub mod junit;
mod look;
pub mod markdown;
pub mod openreports;
pub mod page;
pub mod pretty;
pub mod readiness;
pub mod sarif;
pub mod summary;
mod tally;
pub mod text;
pub mod unified;
mod xml;

pub use html::About;
pub use look::Look;
pub(crate) use sarif::uri;
pub(crate) use tally::skipped;

use crate::finding::{Finding, Severity};
use crate::source::{LineColumn, Sources, Span};
use std::cmp::Reverse;

/// What a format says of a rule besides its findings. The caller fills it from the rule's page.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// The id, as in `pdb-blocks-drain`.
    pub id: String,
    /// One line.
    pub title: String,
    /// One paragraph.
    pub summary: String,
    /// The whole page.
    pub markdown: String,
    /// The page, or its gist, without markup.
    pub text: String,
    /// The level that it has by default; none where it is off.
    pub level: Option<Severity>,
    /// Component, sections of the guideline.
    pub tags: Vec<String>,
    /// Whether it infers from names and habits.
    pub heuristic: bool,
}

/// How much is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Errors and warnings only: no notes, no summary.
    Quiet,
    /// All findings, those of one rule cut short, and a summary.
    #[default]
    Normal,
    /// All findings, what became of each document, and what nobody could tell.
    Verbose,
}

/// Findings in the order of every format that shows the worst first: by severity, impact, rule, file and place.
pub(crate) fn worst_first<'a>(findings: impl Iterator<Item = &'a Finding>, sources: &Sources) -> Vec<&'a Finding> {
    let mut findings: Vec<&Finding> = findings.collect();
    findings.sort_by(|a, b| {
        let key = |it: &&'a Finding| (Reverse(it.severity), it.impact, it.rule);
        key(a).cmp(&key(b)).then_with(|| by_place(a, b, sources))
    });
    findings
}

/// The order of two findings by file, place, and what is left to tell them apart.
pub(crate) fn by_place(a: &Finding, b: &Finding, sources: &Sources) -> std::cmp::Ordering {
    sources
        .get(a.span.source)
        .name()
        .cmp(sources.get(b.span.source).name())
        .then_with(|| (a.span, a.rule, &a.message).cmp(&(b.span, b.rule, &b.message)))
        .then_with(|| (&a.environments, &a.subject).cmp(&(&b.environments, &b.subject)))
}

/// Line and column, in characters, of the byte after a span. A span that ends with its line's break ends
/// at the start of the next line.
pub(crate) fn end(sources: &Sources, span: Span) -> LineColumn {
    sources.get(span.source).line_column(span.end.max(span.start))
}

/// That the line of a finding was searched in the template which rendered the object, and what says so exactly.
pub(crate) fn searched(finding: &Finding, sources: &Sources) -> Option<String> {
    let rendered = finding.rendered.filter(|_| sources.get(finding.span.source).is_template())?;
    let (name, line) = (sources.get(rendered.source).name(), sources.start(rendered).line);
    Some(format!("line approximate: a template, rendered at {name}:{line}"))
}

/// A hash that is the same in every version and on every machine: FNV-1a with 128 bits. It recognises
/// findings and guards nothing, so a cryptographic hash would be six crates for no gain.
pub(crate) fn stable_hash(text: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let hash = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_fnv_1a() {
        // The vectors of draft-eastlake-fnv.
        assert_eq!(stable_hash(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(stable_hash("a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(stable_hash("foobar"), "343e1662793c64bf6f0d3597ba446f18");
    }
}
