//! Cuts a stream into documents where Kubernetes cuts it, before any of it is parsed.
//!
//! The rules are those of apimachinery's `YAMLReader` (`pkg/util/yaml/decoder.go`): a line that begins
//! with `---` ends a document, whatever stands before it; only blanks and a comment may follow. Objects of JSON
//! need no such line.

use super::objects;
use std::ops::Range;

/// One piece of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The text of a document, without the separator lines around it.
    Document(Range<usize>),
    /// A value of JSON, which is read as JSON.
    Json(Range<usize>),
    /// Something other than a comment follows `---`. Kubernetes stops reading the stream here.
    InvalidSeparator(Range<usize>),
    /// Something other than an object of JSON where only that may stand. Kubernetes stops reading the stream here.
    NotJson(Range<usize>),
    /// A `%YAML` or `%TAG` line before a separator: legal YAML, but Kubernetes cuts the stream between
    /// the two and refuses the piece that holds the directive. The range is that of the line.
    Directive(Range<usize>),
}

impl Piece {
    /// Where it begins.
    pub fn start(&self) -> usize {
        match self {
            Piece::Document(range)
            | Piece::Json(range)
            | Piece::InvalidSeparator(range)
            | Piece::NotJson(range)
            | Piece::Directive(range) => range.start,
        }
    }
}

/// The pieces of a text, in order. Pieces without content are left out.
pub fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut at = objects::cut(text, bom, &mut pieces);
    let mut start = at;
    // Kubernetes leaves a separator that nothing stands before with what follows it.
    let mut has_separator = false;
    while at < text.len() {
        let end = memchr_newline(text, at);
        let line = &text[at..end];
        if let Some(rest) = line.strip_prefix("---") {
            push_document(text, start..at, has_separator, &mut pieces);
            has_separator = start == at && !has_separator;
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
    push_document(text, start..text.len(), has_separator, &mut pieces);
    pieces
}

/// The offset after the next line feed.
fn memchr_newline(text: &str, from: usize) -> usize {
    text[from..].find('\n').map_or(text.len(), |it| from + it + 1)
}

/// Adds the range unless it is blank, and sets directives apart, which are cut from their document.
fn push_document(text: &str, range: Range<usize>, has_separator: bool, pieces: &mut Vec<Piece>) {
    let body = &text[range.clone()];
    // Kubernetes' reader refuses a tab even where it stands alone.
    if body.trim().is_empty() && !body.contains('\t') {
        return;
    }
    match only_directives(body) {
        // Behind a separator they begin the next document, which is not read.
        Some(_) if has_separator => {}
        Some((at, line)) => {
            let start = range.start + at;
            pieces.push(Piece::Directive(start..start + line.trim_end().len()));
        }
        None => pieces.push(Piece::Document(range)),
    }
}

/// The first directive of a text that holds directives, comments and blank lines, and nothing else.
fn only_directives(body: &str) -> Option<(usize, &str)> {
    let mut first = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.starts_with('%') {
            first.get_or_insert((at, line));
        } else if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
            return None;
        }
        at += line.len();
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<&str> {
        split(text)
            .into_iter()
            .map(|it| match it {
                Piece::Document(range) | Piece::Json(range) => &text[range],
                Piece::InvalidSeparator(_) => "!",
                Piece::NotJson(_) => ",",
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
        assert_eq!(documents("# 50%\n---\na: 1\n"), ["# 50%\n", "a: 1\n"]);
        assert_eq!(documents("# 50%\n%YAML 1.2\n---\na: 1\n"), ["%", "a: 1\n"]);
        assert_eq!(documents("a: 1\n--- {b: 1}\n"), ["a: 1\n", "!", " {b: 1}\n"]);
        assert_eq!(documents(" ---\n"), [" ---\n"]);
        assert_eq!(documents(""), [""; 0]);
    }
}
