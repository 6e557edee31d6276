//! A document behind another.

use super::TextEdit;
use super::place::Place;
use super::refusal::Refusal;
use crate::emit;
use crate::value::Value;

/// The edits that put documents behind the one of this root.
pub(super) fn edits(root: Place<'_>, values: &[Value]) -> Result<Vec<TextEdit>, Refusal> {
    let text = &root.file.text;
    let lines = root.file.lines();
    let tail = end_of(root)?;
    let at = lines.next_line(tail);
    let line_break = lines.line_break(root.start());
    let mut written = String::new();
    if at == tail {
        written.push_str(line_break);
    }
    // A stream of objects of JSON knows no separator, and holds nothing else.
    let is_stream = root.file.jsons > 1;
    for value in values {
        if !is_stream {
            written.push_str("---");
            written.push_str(line_break);
        }
        if root.parsed.is_json {
            written.push_str(&emit::json(value, &root.parsed.json, ""));
        } else {
            written.push_str(&emit::block(value, &root.parsed.style).join(line_break));
        }
        written.push_str(line_break);
    }
    debug_assert!(at <= text.len(), "a line ends in its text");
    Ok(vec![TextEdit { range: at..at, text: written }])
}

/// Where the last line of a document ends, its end marker included. Comments below it stay with what follows.
fn end_of(root: Place<'_>) -> Result<usize, Refusal> {
    let text = &root.file.text;
    let lines = root.file.lines();
    if root.is_json_piece() {
        let end = lines.line_end(root.end());
        let is_alone = text[root.end()..end].trim().is_empty();
        return if is_alone { Ok(end) } else { Err(root.layout()) };
    }
    let tail = lines.tail(root.written_end(), 0);
    let next = lines.skip_gap(tail);
    let is_marker = text[next..].starts_with("...");
    Ok(if is_marker { lines.line_end(next) } else { tail })
}
