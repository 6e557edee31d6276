//! Cuts a stream of JSON objects, which kubectl reads one behind the other without a separator.
//!
//! The rules are those of apimachinery's `YAMLOrJSONDecoder` (`pkg/util/yaml/decoder.go`): a text that begins with
//! `{` is read as JSON for as long as it is JSON. Where it is not, what is left is read as YAML, but only if no more
//! than one object was found by then.

use super::split::Piece;
use serde::de::IgnoredAny;

/// How far into the text kubectl looks for the first brace.
const LOOKAHEAD: usize = 4096;

/// Adds the objects that a text begins with from an offset on; where the rest begins that is read as YAML.
pub(super) fn cut(text: &str, from: usize, pieces: &mut Vec<Piece>) -> usize {
    let blanks = text[from..].len() - text[from..].trim_start().len();
    if blanks >= LOOKAHEAD || !text[from + blanks..].starts_with('{') {
        return from;
    }
    let mut at = from;
    loop {
        let (end, error) = values(text, at, pieces);
        let Some(error) = error else { return text.len() };
        let rest = end + (text[end..].len() - text[end..].trim_start().len());
        let is_stream = pieces.len() > 1;
        // A text that begins so is no YAML either.
        if !is_stream && (pieces.is_empty() || !text[rest..].starts_with([',', '}', ']'])) {
            return behind_line_end(text, end);
        }
        let is_broken = text[rest..].starts_with(['{', '[']);
        // An object without an end is to blame itself.
        let place = if is_broken && error < text.len() { error } else { rest };
        pieces.push(Piece::NotJson(place..char_end(text, place)));
        match next_object(text, if is_broken { error } else { rest }, is_broken) {
            Some(next) if text[next..].starts_with('{') => at = next,
            Some(next) => return next,
            None => return text.len(),
        }
    }
}

/// Adds the values of JSON from an offset on. Returns the end of the last, and where JSON ends before the text does.
fn values(text: &str, from: usize, pieces: &mut Vec<Piece>) -> (usize, Option<usize>) {
    let body = &text[from..];
    let mut stream = serde_json::Deserializer::from_str(body).into_iter::<IgnoredAny>();
    let mut end = 0;
    while let Some(value) = stream.next() {
        if let Err(error) = value {
            let offset = if error.is_eof() { body.len() } else { offset_of(body, end, &error) };
            return (from + end, Some(from + offset));
        }
        let start = end + (body[end..].len() - body[end..].trim_start().len());
        end = stream.byte_offset();
        pieces.push(Piece::Json(from + start..from + end));
    }
    (from + end, None)
}

/// The offset of an error, which names line and column; the error stands behind `from`.
fn offset_of(body: &str, from: usize, error: &serde_json::Error) -> usize {
    let before = |it: usize| body[..it].bytes().filter(|byte| *byte == b'\n').count();
    let mut start = body[..from].rfind('\n').map_or(0, |it| it + 1);
    for _ in before(start) + 1..error.line() {
        start += body[start..].find('\n').map_or(0, |it| it + 1);
    }
    let mut at = (start + error.column().saturating_sub(1)).clamp(from, body.len());
    while !body.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where reading can go on behind what is no JSON: at an object behind a comma, or at a line that begins with
/// an object or with a separator.
fn next_object(text: &str, refused: usize, is_broken: bool) -> Option<usize> {
    if let Some(behind) = text[refused..].strip_prefix(',').filter(|_| !is_broken)
        && behind.trim_start().starts_with('{')
    {
        return Some(text.len() - behind.trim_start().len());
    }
    let mut at = refused;
    let mut is_line_start = refused == 0 || text[..refused].ends_with('\n');
    for line in text[refused..].split_inclusive('\n') {
        if is_line_start && (line.starts_with('{') || line.starts_with("---")) {
            return Some(at);
        }
        is_line_start = true;
        at += line.len();
    }
    None
}

/// The offset behind blanks up to the end of the line.
fn behind_line_end(text: &str, from: usize) -> usize {
    let mut at = from;
    for found in text[from..].chars().take_while(|it| it.is_whitespace()) {
        at += found.len_utf8();
        if found == '\n' {
            break;
        }
    }
    at
}

fn char_end(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().filter(|it| !matches!(it, '\n' | '\r')).map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::super::split::split;
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let piece = |it| match it {
            Piece::Document(range) | Piece::Json(range) => &text[range],
            Piece::NotJson(range) => text[range.start..].get(..2).unwrap_or(&text[range]),
            _ => "!",
        };
        split(text).into_iter().map(piece).collect()
    }

    #[test]
    fn objects_follow_each_other() {
        assert_eq!(cut("{\"a\":1}\n{\"b\":{}}\n"), ["{\"a\":1}", "{\"b\":{}}"]);
        assert_eq!(cut(" {\n\"a\":1}{\"b\":\"}{\"}"), ["{\n\"a\":1}", "{\"b\":\"}{\"}"]);
        assert_eq!(cut("{}\n---\na: 1\n---\nb: 1\n"), ["{}", "a: 1\n", "b: 1\n"]);
        assert_eq!(cut("{}\n# why\n{a: 1}\n"), ["{}", "# why\n{a: 1}\n"]);
        assert_eq!(cut("{a: 1}\n---\n{}\n"), ["{a: 1}\n", "{}\n"]);
    }

    #[test]
    fn what_is_no_json_is_refused_and_the_next_object_found() {
        assert_eq!(cut("{},\n{}\n"), ["{}", ",\n", "{}"]);
        assert_eq!(cut("{}\n{},{}"), ["{}", "{}", ",{", "{}"]);
        assert_eq!(cut("{}{}\n---\na: 1\n"), ["{}", "{}", "--", "a: 1\n"]);
        assert_eq!(cut("{}{}\n{\"a\": 1,}\n{}"), ["{}", "{}", "}\n", "{}"]);
        assert_eq!(cut("{}{}\n{\"a\": [\n{}\n"), ["{}", "{}", "{\""]);
        assert_eq!(cut("{}{}\n{\"a\": 1\n{}\n"), ["{}", "{}", "{}", "{}"]);
    }
}
