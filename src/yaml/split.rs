//! Cuts a stream into documents where Kubernetes cuts it, before any of it is parsed.
//!
//! The rules are those of apimachinery's `YAMLReader` (`pkg/util/yaml/decoder.go`): a line that begins
//! with `---` ends a document, whatever stands before it; only blanks and a comment may follow.

use std::ops::Range;

/// One piece of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The text of a document, without the separator lines around it.
    Document(Range<usize>),
    /// Something other than a comment follows `---`. Kubernetes stops reading the stream here.
    InvalidSeparator(Range<usize>),
    /// A `%YAML` or `%TAG` line before a separator: legal YAML, but Kubernetes cuts the stream between
    /// the two and refuses the piece that holds the directive. The range is that of the line.
    Directive(Range<usize>),
}

/// The pieces of a text, in order. Pieces without content are left out.
pub fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut start = bom;
    let mut at = bom;
    while at < text.len() {
        let end = memchr_newline(text, at);
        let line = &text[at..end];
        if let Some(rest) = line.strip_prefix("---") {
            push_document(text, start..at, true, &mut pieces);
            start = end;
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                pieces.push(Piece::InvalidSeparator(at..at + line.trim_end().len()));
                // The user meant a document, so what follows the separator is read all the same.
                start = at + "---".len();
            }
        }
        at = end;
    }
    push_document(text, start..text.len(), false, &mut pieces);
    pieces
}

/// The offset after the next line feed.
fn memchr_newline(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |it| from + it + 1)
}

/// Adds the range unless it is blank, and sets its directives apart.
fn push_document(text: &str, range: Range<usize>, before_separator: bool, pieces: &mut Vec<Piece>) {
    let body = &text[range.clone()];
    if body.trim().is_empty() {
        return;
    }
    if before_separator && body.contains('%') && only_directives(body) {
        let at = range.start + body.find('%').expect("it contains one");
        let line = text[at..range.end].lines().next().unwrap_or_default();
        pieces.push(Piece::Directive(at..at + line.trim_end().len()));
        return;
    }
    pieces.push(Piece::Document(range));
}

/// Whether a text holds directives, comments and blank lines, and nothing else.
fn only_directives(body: &str) -> bool {
    body.lines().all(|line| line.starts_with('%') || line.trim().is_empty() || line.trim_start().starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<&str> {
        split(text)
            .into_iter()
            .map(|it| match it {
                Piece::Document(range) => &text[range],
                Piece::InvalidSeparator(_) => "!",
                Piece::Directive(_) => "%",
            })
            .collect()
    }

    #[test]
    fn separators_as_kubernetes_has_them() {
        assert_eq!(documents("a: 1\n---\nb: 1\n"), ["a: 1\n", "b: 1\n"]);
        assert_eq!(documents("--- # first\r\na: 1\r\n---  \r\n\r\n---\nb: 1"), ["a: 1\r\n", "b: 1"]);
        assert_eq!(documents("\u{feff}---\na: 1\n---"), ["a: 1\n"]);
        assert_eq!(documents("a: |\n  x\n---\nb: 1"), ["a: |\n  x\n", "b: 1"]);
        assert_eq!(documents("%YAML 1.2\n---\na: 1\n"), ["%", "a: 1\n"]);
        assert_eq!(documents("a: 1\n--- {b: 1}\n"), ["a: 1\n", "!", " {b: 1}\n"]);
        assert_eq!(documents(" ---\n"), [" ---\n"]);
        assert_eq!(documents(""), [""; 0]);
    }
}
