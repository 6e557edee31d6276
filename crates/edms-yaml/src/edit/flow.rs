//! Members of collections in brackets, on one line or on lines of their own, in YAML and in JSON.

use super::TextEdit;
use super::members::{Inserted, Members};
use super::place::{Member, Place};
use super::refusal::Refusal;
use crate::emit::{self, JsonStyle, Quote};
use crate::value::Value;
use std::ops::Range;
use std::sync::Arc;

/// A value as it is written in brackets, or in place of them: as JSON where the text around is JSON.
pub(super) fn written(place: Place<'_>, value: &Value, quote: Option<Quote>) -> String {
    let style = &place.parsed.style;
    if let Some(json) = json_around(place) {
        return emit::json(value, &json, prefix(place, &json, place.start()));
    }
    match (value, quote) {
        (Value::Text(text), Some(quote)) => emit::quoted(text, quote),
        _ if place.is_in_brackets() => emit::flow_item(value, style),
        _ => emit::flow(value, style),
    }
}

/// What the line of a value begins with, if values go over several lines.
fn prefix<'f>(place: Place<'f>, json: &JsonStyle, at: usize) -> &'f str {
    if json.unit.is_some() { place.file.lines().line_prefix(at) } else { "" }
}

/// How JSON is written here, where it is JSON.
fn json_around(place: Place<'_>) -> Option<JsonStyle> {
    let is_json = |it: Place<'_>| {
        let first = it.node.children().next().map(|key| it.of(key).start());
        it.node.is_map() && it.node.is_flow() && first.is_some_and(|at| place.file.text[at..].starts_with('"'))
    };
    if place.parsed.is_json {
        return Some(place.parsed.json.clone());
    }
    let is_one = is_json(place) || place.parent().is_some_and(is_json);
    is_one.then(|| JsonStyle { unit: None, ..place.parsed.json.clone() })
}

/// A collection in brackets in which at least one member stays.
struct Brackets<'f> {
    place: Place<'f>,
    members: Arc<[Member]>,
    json: Option<JsonStyle>,
    /// Each member begins a line, and the last bracket stands on another.
    is_tall: bool,
    line_break: &'static str,
}

/// The edits that change members of a collection in brackets. At least one of those that are there stays.
pub(super) fn edits(place: Place<'_>, change: &Members) -> Result<Vec<TextEdit>, Refusal> {
    let brackets = Brackets::new(place)?;
    let mut edits = Vec::new();
    // A member whose comma goes with what stands behind it.
    let mut loose = None;
    for (first, last) in change.removed_runs(&brackets.members) {
        // The comma before the last ones goes with them, if none stands at the end.
        if last + 1 == brackets.members.len() && brackets.comma(last).is_none() {
            loose = first.checked_sub(1);
        }
        edits.extend(brackets.remove(first, last).into_iter().map(|range| TextEdit { range, text: String::new() }));
    }
    for (before, new) in change.inserted_after(&brackets.members) {
        edits.extend(brackets.insert(before, &new, loose));
    }
    Ok(joined(edits))
}

/// Edits in order; what is put where something is taken out replaces it.
fn joined(mut edits: Vec<TextEdit>) -> Vec<TextEdit> {
    edits.sort_by_key(|it| (it.range.start, it.range.end));
    let mut joined: Vec<TextEdit> = Vec::new();
    for edit in edits {
        match joined.last_mut().filter(|it| it.range.start == edit.range.start) {
            Some(last) => {
                last.range.end = edit.range.end;
                last.text.push_str(&edit.text);
            }
            None => joined.push(edit),
        }
    }
    joined
}

impl<'f> Brackets<'f> {
    fn new(place: Place<'f>) -> Result<Brackets<'f>, Refusal> {
        let members = place.members()?;
        let (text, lines) = (&place.file.text, place.file.lines());
        let (Some(first), Some(last)) = (members.first(), members.last()) else { return Err(place.layout()) };
        let is_tall =
            [first, last].iter().all(|it| lines.is_first(it.start)) && text[last.end..place.end()].contains('\n');
        let json = json_around(place);
        if json.is_none() && is_tall && lines.blanks_before(first.start).contains('\t') {
            return Err(Refusal::TabIndent(place.node.span()));
        }
        // What stands on one line may be the whole file: its end is not looked for.
        let line_break = if is_tall { lines.line_break(place.start()) } else { "" };
        Ok(Brackets { place, members, json, is_tall, line_break })
    }

    /// The comma behind a member, if there is one.
    fn comma(&self, at: usize) -> Option<usize> {
        let comma = self.place.file.lines().skip_gap(self.members[at].end);
        self.place.file.text[comma..].starts_with(',').then_some(comma)
    }

    /// What goes with a run of members.
    fn remove(&self, first: usize, last: usize) -> Vec<Range<usize>> {
        let lines = self.place.file.lines();
        let (start, end) = (self.members[first].start, self.members[last].end);
        let next = self.members.get(last + 1);
        let comma_before = first.checked_sub(1).and_then(|it| self.comma(it));
        let own_comma = self.comma(last);
        if self.is_tall {
            let column = lines.blanks_before(start).len();
            let line = lines.comments_above(lines.line_start(start), column);
            let whole = line..lines.next_line(own_comma.unwrap_or(end));
            // The last member takes the comma before it along, if no comma stands behind it.
            let before = comma_before.filter(|_| own_comma.is_none()).map(|it| it..it + 1);
            return before.into_iter().chain([whole]).collect();
        }
        let behind_own = own_comma.map_or(end, |it| it + 1);
        let range = match (next, comma_before) {
            (Some(next), _) => start..next.start,
            (None, Some(comma)) if own_comma.is_none() => comma..end,
            (None, Some(comma)) => comma + 1..behind_own,
            (None, None) => start..behind_own,
        };
        [range].into()
    }

    fn written(&self, new: &Inserted) -> String {
        let style = &self.place.parsed.style;
        let start = self.members[0].start;
        let prefix = self.json.as_ref().map_or("", |it| prefix(self.place, it, start));
        // On one line with the others it stays on that line.
        let json = self.json.clone().map(|it| if self.is_tall { it } else { JsonStyle { unit: None, ..it } });
        match (&json, &new.key) {
            (Some(json), Some(key)) => emit::json_entry(key, &new.value, json, prefix),
            (Some(json), None) => emit::json(&new.value, json, prefix),
            (None, Some(key)) => emit::flow_entry(key, &new.value, style),
            (None, None) => emit::flow_item(&new.value, style),
        }
    }

    /// New members behind the one at this position, or before all; `loose` has a comma that goes.
    fn insert(&self, before: Option<usize>, new: &[&Inserted], loose: Option<usize>) -> Vec<TextEdit> {
        let written: Vec<String> = new.iter().map(|it| self.written(it)).collect();
        if self.is_tall {
            return self.insert_lines(before, &written, loose);
        }
        let comma = self.json.as_ref().map_or(", ", |it| it.comma);
        let (at, text): (usize, String) = if let Some(before) = before {
            (self.members[before].end, written.iter().flat_map(|it| [comma, it.as_str()]).collect())
        } else {
            (self.members[0].start, written.iter().flat_map(|it| [it.as_str(), comma]).collect())
        };
        [TextEdit { range: at..at, text }].into()
    }

    /// Each new member on a line of its own.
    fn insert_lines(&self, before: Option<usize>, written: &[String], loose: Option<usize>) -> Vec<TextEdit> {
        let lines = self.place.file.lines();
        let line = format!("{}{}", self.line_break, lines.blanks_before(self.members[0].start));
        let text = written.join(&format!(",{line}"));
        let Some(before) = before else {
            let at = lines.line_end(self.place.start());
            return vec![TextEdit { range: at..at, text: format!("{line}{text},") }];
        };
        let end = self.members[before].end;
        if let Some(comma) = self.comma(before).filter(|_| loose != Some(before)) {
            let at = lines.line_end(comma);
            return vec![TextEdit { range: at..at, text: format!("{line}{text},") }];
        }
        let at = lines.line_end(end);
        let comma = TextEdit { range: end..end, text: ",".to_owned() };
        vec![comma, TextEdit { range: at..at, text: format!("{line}{text}") }]
    }
}
