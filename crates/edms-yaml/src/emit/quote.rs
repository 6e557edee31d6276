//! Which texts need quotes, for Kubernetes' reader (YAML 1.1) and for the other readers that a manifest meets.

use super::super::scalar::{self, Scalar};
use std::fmt::Write as _;

/// Quotes around a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quote {
    /// `"`
    Double,
    /// `'`
    Single,
}

/// A text on one line, in quotes if it needs them.
pub(crate) fn text(text: &str, quote: Quote, in_brackets: bool) -> String {
    if is_plain(text, in_brackets) { text.to_owned() } else { quoted(text, quote) }
}

/// A key, in quotes if it needs them.
pub(crate) fn key(key: &str, quote: Quote, in_brackets: bool) -> String {
    text(key, quote, in_brackets)
}

/// A text in quotes: in these, if it can stand in them.
pub(crate) fn quoted(text: &str, quote: Quote) -> String {
    match quote {
        Quote::Single if !text.chars().any(needs_escape) => format!("'{}'", text.replace('\'', "''")),
        _ => double(text),
    }
}

/// A text in double quotes, as JSON and YAML 1.1 both read it.
pub(super) fn double(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for found in text.chars() {
        match found {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if needs_escape(found) => _ = write!(out, "\\u{:04x}", u32::from(found)),
            _ => out.push(found),
        }
    }
    out.push('"');
    out
}

/// Whether a character may stand only in double quotes, and escaped: controls, and what other readers take for a line
/// break or for a byte-order mark.
fn needs_escape(found: char) -> bool {
    found.is_control() || matches!(found, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text of several lines can stand as a literal block.
pub(crate) fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let is_line = |it: &str| it.is_empty() || (!it.trim().is_empty() && !it.starts_with('\t'));
    text.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && !body.is_empty()
        && body.split('\n').all(is_line)
        && !text.chars().any(|it| needs_escape(it) && !matches!(it, '\n' | '\t'))
}

/// Whether a text stays this text without quotes.
fn is_plain(text: &str, in_brackets: bool) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let rest = &text[first.len_utf8()..];
    let is_indicator = match first {
        '-' | '?' | ':' => rest.is_empty() || rest.starts_with(' ') || in_brackets,
        _ => ",[]{}#&*!|>'\"%@`".contains(first),
    };
    let is_something_else = !matches!(scalar::resolve(text), Scalar::Str(_)) || looks_typed(text);
    let is_cut = text.contains(": ") || text.contains(" #") || text.ends_with(':');
    let is_bracketed = in_brackets && text.contains([',', '[', ']', '{', '}', ':', '?']);
    let is_marker = text.starts_with("---") || text.starts_with("...");
    let needs_quotes = is_indicator || is_something_else || is_cut || is_bracketed || is_marker;
    !needs_quotes && text.trim() == text && !text.chars().any(needs_escape)
}

/// Whether another reader takes for a date, for a number or for a merge what is text for Kubernetes.
fn looks_typed(text: &str) -> bool {
    if matches!(text, "=" | "<<") {
        return true;
    }
    let bytes = text.as_bytes();
    let starts_as_number = matches!(bytes, [b'0'..=b'9', ..] | [b'+' | b'-' | b'.', b'0'..=b'9' | b'.', ..]);
    let is_number = bytes.iter().all(|it| it.is_ascii_digit() || b"+-_.:eE".contains(it));
    let is_date = bytes.len() >= 8 && bytes[..4].iter().all(u8::is_ascii_digit) && bytes[4] == b'-';
    // An address has dots, but no reader takes two of them for a number.
    let is_address = text.matches('.').nth(1).is_some();
    starts_as_number && (is_date || (is_number && !is_address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_read_as_something_else_is_quoted() {
        for word in [
            "",
            " a",
            "a ",
            "y",
            "No",
            "ON",
            "off",
            "true",
            "null",
            "~",
            "1",
            "0o17",
            "0x1F",
            "017",
            "1_000",
            "1.5",
            ".5",
            "1e3",
            "1e999",
            "190:20:30",
            "2001-12-14",
            "2001-12-14T21:59:43Z",
            ".inf",
            "- a",
            "-",
            "? a",
            ": a",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "'a",
            "\"a",
            "%a",
            "@a",
            "`a",
            "[a",
            "{a",
            "}",
            ",",
            "a\tb",
            "a\nb",
            "---",
            "--- a",
            "...",
            "=",
            "<<",
            "a\u{85}b",
            "\u{feff}a",
        ] {
            assert!(!is_plain(word, false), "{word:?}");
        }
        for word in [
            "a",
            "nginx:1.27",
            "25%",
            "100m",
            "1.5Gi",
            "-Xmx1g",
            "--flag=1",
            "a#b",
            "http://x:1/y?z",
            "10.0.0.1",
            "v1",
            "0.1.0",
            "Off-peak",
            "a,b",
            "a{b}",
            "policy/v1",
            "5m30s",
            "\u{e9}t\u{e9}",
            "a'b\"c",
            "oN",
        ] {
            assert!(is_plain(word, false), "{word:?}");
        }
        for word in ["a,b", "a{b", "a]", "nginx:1.27", "-a", "a?"] {
            assert!(!is_plain(word, true), "{word:?}");
        }
    }

    #[test]
    fn quotes_hold_what_they_can() {
        assert_eq!(text("it's on: 1", Quote::Single, false), "'it''s on: 1'");
        assert_eq!(text("a\tb", Quote::Single, false), "\"a\\tb\"");
        assert_eq!(text("\"\\\u{7}\u{2028}", Quote::Double, false), "\"\\\"\\\\\\u0007\\u2028\"");
    }
}
