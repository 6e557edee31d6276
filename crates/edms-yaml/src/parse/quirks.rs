//! What a reader of YAML 1.2 takes and Kubernetes' does not.

use super::super::layout;
use super::super::packed::{COOKED, FLOW};
use super::super::scalar::{self, Scalar};
use super::{Builder, ParseError, span};
use crate::source::SourceId;

/// YAML allows no control characters but tab and line breaks; Kubernetes' reader refuses them.
pub(super) fn control_character(source: SourceId, body: &str, base: usize) -> Option<ParseError> {
    let suspicious =
        |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7f || *byte == 0xc2;
    // Without a way out of the loop many bytes are looked at together.
    if !body.as_bytes().iter().fold(false, |found, byte| found | suspicious(byte)) {
        return None;
    }
    let mut from = 0;
    while let Some(at) = body.as_bytes()[from..].iter().position(&suspicious) {
        let at = from + at;
        let found = body[at..].chars().next()?;
        let is_allowed = found == '\u{85}' || !found.is_control();
        if !is_allowed {
            let message = format!("control character U+{:04X}, which YAML does not allow", u32::from(found));
            return Some(ParseError { message, span: span(source, base + at, base + at + found.len_utf8()) });
        }
        from = at + found.len_utf8();
    }
    None
}

/// Where a document begins with `...`, if it does.
pub(super) fn end_marker(body: &str) -> Option<usize> {
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("...") {
            return (rest.is_empty() || rest.starts_with(char::is_whitespace)).then_some(at);
        }
        let content = line.trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            return None;
        }
        at += line.len();
    }
    None
}

/// Whether line breaks that only YAML 1.1 has stand in a text, and stay in its scalars.
pub(super) fn has_separators(body: &str) -> bool {
    layout::has_breaks(body) && body.contains(['\u{2028}', '\u{2029}'])
}

/// A scalar without blanks around such breaks.
pub(super) fn trim_separators(text: &str) -> String {
    let mut trimmed = String::with_capacity(text.len());
    for (at, part) in text.split_inclusive(['\u{2028}', '\u{2029}']).enumerate() {
        let part = if at > 0 { part.trim_start_matches([' ', '\t']) } else { part };
        let end = part.trim_end_matches(['\u{2028}', '\u{2029}']);
        let separator = &part[end.len()..];
        trimmed.push_str(if separator.is_empty() { part } else { end.trim_end_matches([' ', '\t']) });
        trimmed.push_str(separator);
    }
    trimmed
}

/// Whether a plain scalar is infinite or no number, which makes a document that cannot become JSON.
pub(super) fn is_not_finite(text: &str) -> bool {
    text.len() <= "+.inf".len()
        && text.trim_start_matches(['+', '-']).starts_with(['.'])
        && matches!(scalar::resolve(text), Scalar::Float(value) if !value.is_finite())
}

/// A number as a key, in the form of Go's `FormatFloat(…, 'g', -1, 32)`, which Kubernetes' reader uses.
pub(super) fn float_key(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "Kubernetes' reader writes them with 32 bits")]
    let value = value as f32;
    if !value.is_finite() {
        return if value.is_nan() {
            ".nan"
        } else if value > 0.0 {
            ".inf"
        } else {
            "-.inf"
        }
        .to_owned();
    }
    let written = format!("{value:e}");
    let (digits, exponent) = written.split_once('e').expect("the form has an exponent");
    match exponent.parse::<i32>().unwrap_or(0) {
        -4..=5 => value.to_string(),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs()),
    }
}

impl Builder<'_> {
    /// Double quotes: JSON escapes a slash and writes some characters as two escapes, YAML 1.1 does neither.
    pub(super) fn check_escapes(&self, start: usize, end: usize) -> Result<(), ParseError> {
        let bytes = &self.text.as_bytes()[start..end];
        let mut at = 0;
        while let Some(found) = bytes[at..].iter().position(|it| *it == b'\\') {
            at += found;
            let message = match bytes[at + 1..] {
                [b'/', ..] => "`\\/` is an escape of JSON that YAML 1.1 does not have",
                [b'u', b'd' | b'D', b'8' | b'9' | b'a'..=b'f' | b'A'..=b'F', ..] => {
                    "half a character: YAML escapes it whole, as `\\U` with eight digits"
                }
                _ => {
                    at += 2;
                    continue;
                }
            };
            let place = span(self.source, start + at, start + at + 2);
            return Err(ParseError { message: message.to_owned(), span: place });
        }
        Ok(())
    }

    /// A key without `?` stands on one line, its `:` included.
    pub(super) fn check_key_line(&self, map: u32, key: u32, value: u32) -> Result<(), ParseError> {
        let node = &self.nodes[key as usize];
        let to = self.nodes[value as usize].start.max(node.end) as usize;
        if self.is_json || !self.nodes[map as usize].has(FLOW) {
            return Ok(());
        }
        let text = &self.text[node.start as usize..to];
        let key_end = (node.end - node.start) as usize;
        let colon = text[key_end..].find(':').map_or(key_end, |it| key_end + it);
        let is_on_one_line = !text[..colon].contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
        if is_on_one_line || (!node.has(COOKED) && self.is_explicit(node.start as usize)) {
            return Ok(());
        }
        Err(self.error_at(key, "a key and its `:` have to stand on one line".to_owned()))
    }

    /// Whether `?` stands before a key.
    fn is_explicit(&self, start: usize) -> bool {
        self.text[self.base..start].trim_end().ends_with('?')
    }
}
