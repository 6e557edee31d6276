//! Fixes for people: what a fix changes, line by line, and how many there are.

use super::text::{count, escape};
use crate::finding::{Fix, Fixed, Report, Safety};
use crate::source::{SourceId, Sources};
use similar::{ChangeTag, TextDiff};
use std::collections::{BTreeMap, BTreeSet};

/// Lines of a fix that are shown.
const LINES: usize = 8;

/// What a fix takes out and puts in, as `- line` and `+ line`, file by file; the first lines of what is long.
pub(super) fn lines(fix: &Fix, sources: &Sources) -> Vec<String> {
    let files: BTreeSet<SourceId> = fix.edits.iter().map(|it| it.span.source).collect();
    let mut lines = Vec::new();
    for file in files {
        let (old, new) = around(fix, file, sources);
        let diff = TextDiff::from_lines(&old, &new);
        for change in diff.iter_all_changes() {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => continue,
            };
            lines.push(escape(&format!("{sign} {}", change.value().trim_end_matches(['\n', '\r']))).into_owned());
        }
    }
    if lines.len() > LINES + 1 {
        let more = count(lines.len() - LINES, "more line");
        lines.truncate(LINES);
        lines.push(format!("  and {more}"));
    }
    lines
}

/// The lines that a fix edits in a file, before and after.
fn around(fix: &Fix, file: SourceId, sources: &Sources) -> (String, String) {
    let text = sources.get(file).text();
    let edits = || fix.edits.iter().filter(|it| it.span.source == file);
    let start = edits().map(|it| it.span.start as usize).min().unwrap_or_default();
    let end = edits().map(|it| it.span.end as usize).max().unwrap_or_default();
    let start = text[..start].rfind('\n').map_or(0, |it| it + 1);
    let end = text[end..].find('\n').map_or(text.len(), |it| end + it + 1);
    let (mut new, mut at) = (String::new(), start);
    for edit in edits() {
        new.push_str(&text[at..edit.span.start as usize]);
        new.push_str(&edit.text);
        at = edit.span.end as usize;
    }
    new.push_str(&text[at..end]);
    (text[start..end].to_owned(), new)
}

/// How far a fix may be trusted, if it is ever applied; also where nobody has asked for the edits yet.
pub(super) fn applied(fix: &Fix) -> Option<Safety> {
    let is_applied = fix.safety > Safety::DisplayOnly && !fix.changes.is_empty() && !fix.is_aside;
    is_applied.then_some(fix.safety)
}

/// `8 fixable with --fix, 4 more with --unsafe-fixes`; nothing where nothing is.
pub fn offer(report: &Report) -> Option<String> {
    let fixes: Vec<Safety> = report.all().filter_map(|it| applied(it.fix.as_deref()?)).collect();
    let safe = fixes.iter().filter(|it| **it == Safety::Safe).count();
    match (safe, fixes.len() - safe) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} fixable with --fix")),
        (0, more) => Some(format!("{more} fixable with --unsafe-fixes")),
        (safe, more) => Some(format!("{safe} fixable with --fix, {more} more with --unsafe-fixes")),
    }
}

/// `12 fixed in 5 files (8 safe, 4 unsafe)`.
pub fn done(fixed: &[Fixed]) -> String {
    format!("{} fixed{}", fixed.len(), within(fixed))
}

/// `7 refused: 4 composed, 3 template`; nothing where none is.
pub fn refused(refused: &BTreeMap<&'static str, usize>) -> Option<String> {
    let mut names: Vec<(&str, usize)> = refused.iter().map(|(name, count)| (*name, *count)).collect();
    // The commonest first; the sort keeps the names in order.
    names.sort_by_key(|it| std::cmp::Reverse(it.1));
    let named: Vec<String> = names.iter().map(|(name, count)| format!("{count} {name}")).collect();
    let all: usize = names.iter().map(|it| it.1).sum();
    (all > 0).then(|| format!("{all} refused: {}", named.join(", ")))
}

/// `12 would be fixed in 5 files (8 safe, 4 unsafe)`.
pub fn would(fixed: &[Fixed]) -> String {
    format!("{} would be fixed{}", fixed.len(), within(fixed))
}

fn within(fixed: &[Fixed]) -> String {
    let files: BTreeSet<&String> = fixed.iter().flat_map(|it| &it.files).collect();
    let safe = fixed.iter().filter(|it| it.safety == Safety::Safe).count();
    let kinds = match (safe, fixed.len() - safe) {
        (0, 0) => return String::new(),
        (_, 0) => "safe".to_owned(),
        (0, _) => "unsafe".to_owned(),
        (safe, others) => format!("{safe} safe, {others} unsafe"),
    };
    format!(" in {} ({kinds})", count(files.len(), "file"))
}
