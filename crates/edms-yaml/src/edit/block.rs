//! Members of collections without brackets: each begins a line, but for the first behind a dash.

use super::TextEdit;
use super::members::{Inserted, Members};
use super::place::{Member, Place};
use super::refusal::Refusal;
use crate::emit::{self, Style};
use std::ops::Range;
use std::sync::Arc;

/// A collection in which at least one member stays.
struct Block<'f> {
    place: Place<'f>,
    members: Arc<[Member]>,
    column: usize,
    style: &'f Style,
    line_break: &'static str,
}

/// The edits that change members of a block. At least one of those that are there stays.
pub(super) fn edits(place: Place<'_>, change: &Members) -> Result<Vec<TextEdit>, Refusal> {
    let members = place.members()?;
    let lines = place.file.lines();
    let Some(first) = members.first() else { return Err(place.layout()) };
    let (column, line_break) = (lines.column(first.start), lines.line_break(first.start));
    let block = Block { place, members, column, style: &place.parsed.style, line_break };
    block.check(0)?;
    let mut edits = Vec::new();
    let mut inserted = change.inserted_after(&block.members);
    for (first, last) in change.removed_runs(&block.members) {
        block.check(first)?;
        if first == 0 && block.is_behind_dash() {
            edits.push(block.replace_head(last + 1, &inserted.remove(&None).unwrap_or_default())?);
        } else {
            edits.push(TextEdit { range: block.lines_of(first, last), text: String::new() });
        }
    }
    for (before, new) in inserted {
        block.check(before.unwrap_or_default())?;
        edits.push(block.insert(before, &new));
    }
    Ok(edits)
}

impl Block<'_> {
    /// Nothing but blanks and dashes stands before a member on its line.
    fn check(&self, at: usize) -> Result<(), Refusal> {
        let before = self.place.file.lines().before(self.members[at].start);
        if before.chars().all(|it| matches!(it, ' ' | '-')) { Ok(()) } else { Err(self.place.layout()) }
    }

    fn is_behind_dash(&self) -> bool {
        !self.place.file.lines().is_first(self.members[0].start)
    }

    /// The whole lines of a run of members, with comments directly above.
    fn lines_of(&self, first: usize, last: usize) -> Range<usize> {
        let lines = self.place.file.lines();
        let mut start = lines.comments_above(lines.line_start(self.members[first].start), self.column);
        let tail = lines.tail(self.members[last].end, self.column);
        let end = lines.next_line(tail);
        let is_unended = tail == end;
        // Blank lines above would be the last of the file, unless they belong to a block of text.
        let before = first.checked_sub(1).map(|it| lines.next_line(self.members[it].end));
        if end == self.place.file.text.len() {
            start = lines.blank_lines_above(start).max(before.unwrap_or(start));
        }
        // Without a break at the end the one before goes.
        if is_unended && start > 0 { lines.line_end(start - 1)..end } else { start..end }
    }

    /// The first members, of which one stands behind a dash, go up to the one that stays.
    fn replace_head(&self, kept: usize, new: &[&Inserted]) -> Result<TextEdit, Refusal> {
        let kept = self.members.get(kept).ok_or_else(|| self.place.layout())?;
        let mut text = self.written(new).join(&self.next_line());
        if !text.is_empty() {
            text.push_str(&self.next_line());
        }
        Ok(TextEdit { range: self.members[0].start..kept.start, text })
    }

    fn next_line(&self) -> String {
        format!("{}{}", self.line_break, " ".repeat(self.column))
    }

    fn written(&self, new: &[&Inserted]) -> Vec<String> {
        let lines = new.iter().flat_map(|it| match &it.key {
            Some(key) => emit::entry(key, &it.value, self.style),
            None => emit::item(&it.value, self.style),
        });
        lines.collect()
    }

    /// New members behind the one at this position, or before all.
    fn insert(&self, before: Option<usize>, new: &[&Inserted]) -> TextEdit {
        let lines = self.place.file.lines();
        let written = emit::indented(self.written(new), self.column);
        let before = before.or_else(|| self.is_behind_dash().then_some(0));
        let tail = match (before, self.place.lead()) {
            (Some(before), _) => lines.far_tail(self.members[before].end, self.column),
            (None, Some(lead)) => lines.line_end(lead.behind),
            (None, None) => return whole_lines(lines.line_start(self.members[0].start), &written, self.line_break),
        };
        let next = lines.next_line(tail);
        if next > tail {
            return whole_lines(next, &written, self.line_break);
        }
        // The file ends without a break, and so do the new lines.
        let text = written.iter().flat_map(|it| [self.line_break, it.as_str()]).collect();
        TextEdit { range: tail..tail, text }
    }
}

/// Lines before the one that begins here.
fn whole_lines(at: usize, lines: &[String], line_break: &str) -> TextEdit {
    TextEdit { range: at..at, text: lines.iter().flat_map(|it| [it.as_str(), line_break]).collect() }
}
