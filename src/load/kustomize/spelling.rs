//! How a text is spelled in its file, byte by byte: indented, folded over lines, quoted, with escapes.

use std::ops::Range;

/// Pieces of a text that stand in the file as they are: where each begins in the text, and where in the file.
pub(super) struct Spelling(Vec<(usize, usize)>);

impl Spelling {
    /// Finds a text in what is written for it. None if the two do not agree.
    pub(super) fn of(text: &str, source: &str, written: Range<usize>) -> Option<Spelling> {
        let raw = source.get(written.clone())?;
        // A block scalar may hold nothing but one quoted text.
        [Style::of(raw), Style::Unquoted].into_iter().find_map(|style| {
            let from = usize::from(style != Style::Unquoted);
            Walk { raw, at: from, style, offset: written.start, pieces: Vec::new() }.run(text)
        })
    }

    /// Where a range of the text stands.
    pub(super) fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        let start = self.find(range.start)?;
        // What is empty has no last byte.
        let end = if range.is_empty() { start } else { self.find(range.end - 1)? + 1 };
        (start <= end).then_some(start..end)
    }

    fn find(&self, at: usize) -> Option<usize> {
        let piece = self.0.partition_point(|it| it.0 <= at).checked_sub(1)?;
        let (start, file) = self.0[piece];
        Some(file + (at - start))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Unquoted,
    Single,
    Double,
}

impl Style {
    fn of(raw: &str) -> Style {
        match raw.as_bytes() {
            [b'\'', .., b'\''] => Style::Single,
            [b'"', .., b'"'] => Style::Double,
            _ => Style::Unquoted,
        }
    }
}

/// A walk through the text and what is written for it, side by side.
struct Walk<'r> {
    raw: &'r str,
    at: usize,
    style: Style,
    /// Where the raw text begins in the file.
    offset: usize,
    pieces: Vec<(usize, usize)>,
}

impl<'r> Walk<'r> {
    fn run(mut self, text: &str) -> Option<Spelling> {
        let mut chars = text.char_indices().peekable();
        while let Some((at, found)) = chars.next() {
            self.skip_continuations();
            if let Some((meant, length)) = self.escape() {
                if meant != found {
                    return None;
                }
                self.note(at);
                self.at += length;
            } else if found.is_ascii_whitespace() {
                // Blanks and line breaks answer to blanks and line breaks, but not one to one.
                self.note(at);
                let next = chars.peek().map(|it| it.1);
                if next.is_none_or(|it| !it.is_ascii_whitespace()) || !self.rest().starts_with(found) {
                    self.skip_blanks();
                } else {
                    self.at += found.len_utf8();
                }
            } else {
                self.skip_blanks();
                if !self.rest().starts_with(found) {
                    return None;
                }
                self.note(at);
                let is_doubled = self.style == Style::Single && found == '\'';
                self.at += found.len_utf8() * if is_doubled { 2 } else { 1 };
            }
        }
        Some(Spelling(self.pieces))
    }

    fn rest(&self) -> &'r str {
        self.raw.get(self.at..).unwrap_or_default()
    }

    /// Begins a piece unless the last one goes on.
    fn note(&mut self, at: usize) {
        let file = self.offset + self.at;
        if self.pieces.last().is_none_or(|(text, start)| start + (at - text) != file) {
            self.pieces.push((at, file));
        }
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_whitespace()).len();
    }

    /// In double quotes a backslash at the end of a line joins it with the next.
    fn skip_continuations(&mut self) {
        while self.style == Style::Double {
            let Some(rest) = self.rest().strip_prefix('\\').filter(|it| it.starts_with(['\n', '\r'])) else { return };
            self.at += 1 + rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_whitespace()).len();
        }
    }

    /// What an escape at this place means, and how long it is.
    fn escape(&self) -> Option<(char, usize)> {
        let rest = self.rest().strip_prefix('\\').filter(|_| self.style == Style::Double)?;
        let kind = rest.chars().next()?;
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let meant = match kind {
            'n' => '\n',
            'r' => '\r',
            't' | '\t' => '\t',
            'x' | 'u' | 'U' => char::from_u32(u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?)?,
            '"' | '\\' | '/' | ' ' => kind,
            // What is rarer than these stands in no patch.
            _ => return None,
        };
        Some((meant, 1 + kind.len_utf8() + digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the first and the last byte of a word of the text stand.
    fn find(text: &str, written: &str, word: &str) -> Option<String> {
        let source = format!("patch: {written}\n");
        let spelling = Spelling::of(text, &source, 7..7 + written.len())?;
        let at = text.find(word).expect("the text holds it");
        spelling.place(at..at + word.len()).map(|it| source[it].to_owned())
    }

    #[test]
    fn words_are_found_however_a_text_is_written() {
        let cases = [
            ("a: 1\nb: 2\n", "a: 1\n      b: 2"),
            ("a: 1\n\nb: 2\n", "a: 1\r\n\r\n      b: 2"),
            ("\n  a: 1\n  b: 2\n", "a: 1\n        b: 2"),
            ("{\"b\": 2}", r#"'{"b": 2}'"#),
            ("{a: 'x', b: 2}", "'{a: ''x'', b: 2}'"),
            ("{\"a\": 1, \"b: 2", "'{\"a\": 1,\n     \"b: 2'"),
            ("a: 1\nb: 2\n", r#""a: 1\nb: 2\n""#),
            ("a: \u{e9}\nb: 2\n", "\"a: \\u00e9\\\n    \\nb: 2\\n\""),
            ("[{a: 1}, {b: 2}]\n", "[{a: 1},\n   {b: 2}]"),
        ];
        for (text, written) in cases {
            let word = if text.contains("\"b\"") { "\"b\": 2" } else { "b: 2" };
            assert_eq!(find(text, written, word).as_deref(), Some(word), "{written}");
        }
    }

    #[test]
    fn what_does_not_agree_is_not_found() {
        assert_eq!(find("a: 1", "a: 2", "1"), None);
        assert_eq!(find("a: 1", "\"a: \\q1\"", "1"), None);
    }
}
