//! The baseline: findings that were there when a team began, a line each, so that only new ones are shown.
//!
//! A line is a finding's fingerprint: it names rule, environment, object and field, but no line and no file.
//! Lines are sorted, so that two branches merge; a finding that is there twice has two lines.

use crate::source::{Source, SourceId, Span};
use std::collections::BTreeMap;

/// What stands above the entries.
const HEAD: &str = "\
# edms-lint baseline, version 1: findings that are known, one a line, sorted.
# Written by `edms-lint --write-baseline FILE`, read by `edms-lint --baseline FILE`. Lines may be taken out by hand.
";

/// A baseline as it was read.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Each entry, with the places at which it stands: as many as findings are known.
    pub entries: BTreeMap<String, Vec<Span>>,
}

/// An entry of a baseline, in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'e> {
    /// The rule's id.
    pub rule: &'e str,
    /// The environment's name.
    pub environment: &'e str,
}

/// Rule and environment of an entry, if it is one.
pub fn parts(entry: &str) -> Option<Parts<'_>> {
    let mut parts = entry.splitn(5, '|');
    let (rule, environment) = (parts.next()?, parts.next()?);
    parts.nth(2).map(|_| Parts { rule, environment })
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// The lines that are no entries.
    pub fn read(id: SourceId, source: &Source) -> Result<Baseline, Vec<Span>> {
        let mut entries: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        let mut wrong = Vec::new();
        let text = source.text();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let entry = line.trim();
            let at = start + line.len() - line.trim_start().len();
            start += line.len();
            if entry.is_empty() || entry.starts_with('#') {
                continue;
            }
            let offset = |it: usize| u32::try_from(it).unwrap_or(u32::MAX);
            let span = Span { source: id, start: offset(at), end: offset(at + entry.len()) };
            match parts(entry) {
                Some(_) => entries.entry(entry.to_owned()).or_default().push(span),
                None => wrong.push(span),
            }
        }
        if wrong.is_empty() { Ok(Baseline { entries }) } else { Err(wrong) }
    }
}

/// The text of a baseline.
pub fn write(mut entries: Vec<String>) -> String {
    entries.sort_unstable();
    let mut text = HEAD.to_owned();
    for entry in entries {
        text.push_str(&entry);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let entries = ["b|k8s|apps/Deployment|/api|spec", "a|k8s|/Service|x/y|", "a|k8s|/Service|x/y|"];
        let text = write(entries.map(str::to_owned).to_vec());
        let source = Source::new("baseline", text.as_str());
        let baseline = Baseline::read(SourceId(0), &source).expect("is one");
        let counts: Vec<(&str, usize)> = baseline.entries.iter().map(|(it, at)| (it.as_str(), at.len())).collect();
        assert_eq!(counts, [(entries[1], 2), (entries[0], 1)]);
        let second = baseline.entries[entries[1]][1];
        assert_eq!((source.line_column(second.start).line, source.slice(second)), (4, entries[1]));
        assert_eq!(parts(entries[0]), Some(Parts { rule: "b", environment: "k8s" }));
    }

    #[test]
    fn what_is_no_entry_is_pointed_at() {
        let source = Source::new("baseline", "# head\r\n\r\n<<<<<<< main\r\na|b|c/D|/e|f\r\n");
        let wrong = Baseline::read(SourceId(0), &source).expect_err("a conflict is no entry");
        assert_eq!(wrong.iter().map(|it| source.slice(*it)).collect::<Vec<&str>>(), ["<<<<<<< main"]);
    }
}
