//! The front matter of a page, in the little of YAML that pages are written in.
//!
//! Rules are read by the page as they find something, and a reader of all of YAML takes ten times as long. A test reads all
//! pages with such a one and compares.

use super::levels::Levels;
use crate::finding::{Confidence, Impact};
use std::collections::BTreeMap;

/// What stands before the words of a page.
#[derive(Default)]
pub(super) struct FrontMatter {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) component: &'static str,
    pub(super) guideline: Vec<&'static str>,
    pub(super) since: &'static str,
    pub(super) kinds: Vec<&'static str>,
    pub(super) absence: Vec<&'static str>,
    pub(super) levels: Option<Levels>,
    pub(super) impact: Impact,
    pub(super) cases: BTreeMap<&'static str, Levels>,
    pub(super) confidence: Option<Confidence>,
    /// In the words of the page; see [`super::Remedy`].
    pub(super) fix: &'static str,
    pub(super) why: &'static str,
    /// The lines of the parameters, a map.
    pub(super) parameters: &'static str,
}

impl FrontMatter {
    /// Reads the lines between the dashes.
    ///
    /// # Errors
    /// The first line that is not as pages are written.
    pub(super) fn read(text: &'static str) -> Result<FrontMatter, String> {
        let mut front = FrontMatter::default();
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            rest = after;
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = entry(line).ok_or_else(|| format!("no key and value: {line}"))?;
            if value.is_empty() {
                let lines = indented(after);
                rest = &after[lines.len()..];
                front.take_map(key, lines)?;
            } else {
                front.take(key, value)?;
            }
        }
        Ok(front)
    }

    fn take(&mut self, key: &str, value: &'static str) -> Result<(), String> {
        match key {
            "id" => self.id = plain(value)?,
            "title" => self.title = plain(value)?,
            "component" => self.component = plain(value)?,
            "guideline" => self.guideline = list(value)?,
            "since" => self.since = plain(value)?,
            "kinds" => self.kinds = list(value)?,
            "absence" => self.absence = list(value)?,
            "levels" => self.levels = Some(levels(value)?),
            "impact" => self.impact = impact(value)?,
            "confidence" => self.confidence = Some(confidence(value)?),
            "fix" => self.fix = value,
            "why" => self.why = plain(value)?,
            _ => return Err(format!("no key of a page: {key}")),
        }
        Ok(())
    }

    fn take_map(&mut self, key: &str, lines: &'static str) -> Result<(), String> {
        match key {
            "parameters" => self.parameters = lines,
            "cases" => {
                for line in lines.lines().map(str::trim).filter(|it| !it.starts_with('#')) {
                    let (name, value) = entry(line).ok_or_else(|| format!("no case: {line}"))?;
                    self.cases.insert(name, levels(value)?);
                }
            }
            _ => return Err(format!("no map of a page: {key}")),
        }
        Ok(())
    }
}

/// `key: value`, or `key:` before lines that are indented.
fn entry(line: &'static str) -> Option<(&'static str, &'static str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
    let value = if value.is_empty() { "" } else { value.strip_prefix(' ')? };
    is_key.then_some((key, value))
}

/// The lines at the start that are indented.
fn indented(text: &'static str) -> &'static str {
    let lines = text.split_inclusive('\n').take_while(|it| it.starts_with("  "));
    &text[..lines.map(str::len).sum()]
}

/// A text that needs no quotes, and has none.
fn plain(value: &'static str) -> Result<&'static str, String> {
    let is_plain = value.starts_with(|it: char| it.is_alphanumeric());
    if is_plain { Ok(value) } else { Err(format!("no plain text: {value}")) }
}

/// `[A, B]` or `["2", "4"]`.
fn list(value: &'static str) -> Result<Vec<&'static str>, String> {
    let items =
        value.strip_prefix('[').and_then(|it| it.strip_suffix(']')).ok_or_else(|| format!("no list: {value}"))?;
    let bare = |it: &'static str| it.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(it);
    items.split(", ").map(|it| plain(bare(it))).collect()
}

fn levels(value: &str) -> Result<Levels, String> {
    Levels::read(value).ok_or_else(|| format!("no levels: {value}"))
}

fn impact(value: &str) -> Result<Impact, String> {
    match value {
        "data-loss" => Ok(Impact::DataLoss),
        "outage" => Ok(Impact::Outage),
        "single-point" => Ok(Impact::SinglePoint),
        "degraded" => Ok(Impact::Degraded),
        "upkeep" => Ok(Impact::Upkeep),
        _ => Err(format!("no impact: {value}")),
    }
}

fn confidence(value: &str) -> Result<Confidence, String> {
    match value {
        "certain" => Ok(Confidence::Certain),
        "heuristic" => Ok(Confidence::Heuristic),
        _ => Err(format!("no confidence: {value}")),
    }
}
