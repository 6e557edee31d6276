//! A value in place of another.

use super::place::{Lead, Place};
use super::refusal::Refusal;
use super::style::quotes_of;
use super::{TextEdit, flow};
use crate::emit;
use crate::value::Value;

/// The edits that put a value in place of a node.
pub(super) fn edits(place: Place<'_>, value: &Value) -> Result<Vec<TextEdit>, Refusal> {
    let lead = place.lead();
    if lead.is_some_and(|it| it.has_tag) {
        return Err(Refusal::Tagged(place.node.span()));
    }
    if place.block_header().is_some() {
        return Err(Refusal::BlockScalar(place.node.span()));
    }
    if place.node.is_flow() || place.is_in_brackets() {
        return Ok(vec![in_brackets(place, value, lead)]);
    }
    let Some(lead) = lead else { return Err(place.layout()) };
    if place.is_block() { replace_block(place, value, lead) } else { replace_inline(place, value, lead) }
}

/// In brackets, and in place of brackets, a value is written in brackets.
fn in_brackets(place: Place<'_>, value: &Value, lead: Option<Lead>) -> TextEdit {
    let written = flow::written(place, value, quotes_of(place));
    if !place.is_absent() {
        return TextEdit { range: place.start()..place.end(), text: written };
    }
    match lead {
        Some(lead) => TextEdit { range: lead.behind..lead.behind, text: format!(" {written}") },
        // A key without a colon.
        None => TextEdit { range: place.start()..place.start(), text: format!(": {written}") },
    }
}

/// A scalar, brackets or nothing, behind a colon or a dash.
fn replace_inline(place: Place<'_>, value: &Value, lead: Lead) -> Result<Vec<TextEdit>, Refusal> {
    let lines = place.file.lines();
    let style = &place.parsed.style;
    let (start, end) = if place.is_absent() { (lead.behind, lead.behind) } else { (place.start(), place.end()) };
    let gap = if place.is_absent() { " " } else { "" };
    let is_entry = place.parent().is_some_and(|it| it.node.is_map());
    let written = match (value, quotes_of(place)) {
        (Value::Text(text), Some(quote)) if !emit::is_literal(text) => vec![emit::quoted(text, quote)],
        _ => emit::block(value, style),
    };
    let column = if is_entry { entry_column(place)? } else { lines.column(start) + gap.len() };
    let line_break = lines.line_break(start);
    if is_entry && value.is_filled() {
        let text = below(&emit::indented(written, column + step_of(place, value)), line_break);
        let at = lines.line_end(end);
        let mut edits = vec![TextEdit { range: lead.behind..end, text: String::new() }];
        edits.push(TextEdit { range: at..at, text });
        return Ok(edits.into_iter().filter(|it| !it.range.is_empty() || !it.text.is_empty()).collect());
    }
    let mut written = written.into_iter();
    let first = format!("{gap}{}", written.next().unwrap_or_default());
    let mut edits = vec![TextEdit { range: start..end, text: first }];
    let rest: Vec<String> = emit::indented(written.collect(), column);
    if !rest.is_empty() {
        let at = lines.line_end(end);
        edits.push(TextEdit { range: at..at, text: below(&rest, line_break) });
    }
    Ok(edits)
}

/// The column of the key whose value this is.
fn entry_column(place: Place<'_>) -> Result<usize, Refusal> {
    let key = place.of(place.parsed.document.node(place.parsed.member_of(place.node.id())));
    let lines = place.file.lines();
    let before = lines.before(key.start());
    if before.contains('\t') {
        return Err(Refusal::TabIndent(place.node.span()));
    }
    if before.chars().any(|it| !matches!(it, ' ' | '-')) {
        return Err(place.layout());
    }
    Ok(lines.column(key.start()))
}

/// How far a collection stands to the right of its key.
fn step_of(place: Place<'_>, value: &Value) -> usize {
    if matches!(value, Value::List(_)) { place.parsed.style.list } else { place.parsed.style.step }
}

/// Lines, each behind a break.
fn below(lines: &[String], line_break: &str) -> String {
    lines.iter().flat_map(|it| [line_break, it.as_str()]).collect()
}

/// A map or a list without brackets.
fn replace_block(place: Place<'_>, value: &Value, lead: Lead) -> Result<Vec<TextEdit>, Refusal> {
    let lines = place.file.lines();
    let start = place.first();
    let line_break = lines.line_break(start);
    let is_same_kind = place.node.is_map() == matches!(value, Value::Map(_));
    let is_entry = place.parent().is_some_and(|it| it.node.is_map());
    let end = lines.tail(place.written_end(), lines.column(start));
    let written = emit::block(value, &place.parsed.style);
    if lines.is_first(start) && value.is_filled() {
        let is_moved = is_entry && !is_same_kind;
        let column = if is_moved { entry_column(place)? + step_of(place, value) } else { lines.column(start) };
        let text = emit::indented(written, column).join(line_break);
        return Ok(vec![TextEdit { range: lines.line_start(start)..end, text }]);
    }
    if lines.is_first(start) {
        // The value moves up to its key.
        let at = lines.line_end(lead.behind);
        let mut written = written.into_iter();
        let first =
            TextEdit { range: lead.behind..lead.behind, text: format!(" {}", written.next().unwrap_or_default()) };
        let column = if is_entry { entry_column(place)? } else { lines.column(lead.opening) };
        let text = below(&emit::indented(written.collect(), column), line_break);
        return Ok(vec![first, TextEdit { range: at..end, text }]);
    }
    let column = lines.column(start);
    let text = emit::indented(written, column).join(line_break);
    Ok(vec![TextEdit { range: start..end, text: text.trim_start().to_owned() }])
}
