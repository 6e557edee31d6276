//! Where a finding is, as code scanning wants it: one line, UTF-16 columns, a path of the repository.

use super::ROOT;
use super::model::{ArtifactLocation, PhysicalLocation, Region};
use crate::source::{Source, Span};
use std::fmt::Write as _;

/// The place of a span in a file of this path.
pub(super) fn physical(span: Span, source: &Source, path: &str) -> PhysicalLocation {
    PhysicalLocation { artifact_location: artifact(path), region: region(span, source) }
}

/// A file of this path.
pub(super) fn artifact(path: &str) -> ArtifactLocation {
    let uri = uri(path);
    let uri_base_id = (!uri.starts_with("file:")).then_some(ROOT);
    ArtifactLocation { uri, uri_base_id }
}

/// Exactly the bytes that an edit replaces, which may be none.
pub(super) fn replaced(span: Span, source: &Source) -> Region {
    let (start, end) = (source.line_column_utf16(span.start), source.line_column_utf16(span.end));
    Region {
        start_line: start.line,
        start_column: Some(start.column),
        end_line: Some(end.line),
        end_column: Some(end.column),
    }
}

/// A file of the repository of which no line is known.
pub(super) fn whole_file(path: &str) -> PhysicalLocation {
    let region = Region { start_line: 1, start_column: None, end_line: None, end_column: None };
    PhysicalLocation { artifact_location: ArtifactLocation { uri: uri(path), uri_base_id: Some(ROOT) }, region }
}

/// The span's first line: an alert is shown on a pull request only when all its lines are in the change.
pub(super) fn region(span: Span, source: &Source) -> Region {
    let text = source.text();
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut start = span.start.min(length);
    if start == length && text.ends_with(['\n', '\r']) {
        // After the last line break there is no line that a viewer could show.
        start -= 1;
    }
    let range = source.line_range(start);
    let clip = |offset: u32| u32::try_from((offset as usize).clamp(range.start, range.end)).unwrap_or(u32::MAX);
    let (from, to) = (clip(start), clip(span.end));
    let place = source.line_column_utf16(from);
    if from >= to {
        return Region { start_line: place.line, start_column: None, end_line: None, end_column: None };
    }
    let end = source.line_column_utf16(to).column;
    if end == place.column {
        // A byte-order mark alone has no width.
        return Region { start_line: place.line, start_column: None, end_line: None, end_column: None };
    }
    Region {
        start_line: place.line,
        start_column: Some(place.column),
        end_line: Some(place.line),
        end_column: Some(end),
    }
}

/// A path as a URI: relative to the repository's root, or with a scheme when it is absolute. Everything
/// but letters, digits, `-._~` and `/` is percent-encoded, `<stdin>` too.
pub(crate) fn uri(path: &str) -> String {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && path[1..].starts_with(":/");
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if drive {
        uri.push_str("file:///");
        uri.push_str(&path[..2]);
        path = &path[2..];
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("k8s/backend.yaml", "k8s/backend.yaml"),
            ("././k8s/my broker.yaml", "k8s/my%20broker.yaml"),
            ("a:b/100%.yaml", "a%3Ab/100%25.yaml"),
            ("<stdin>", "%3Cstdin%3E"),
            ("na\u{ef}ve.yaml", "na%C3%AFve.yaml"),
            ("/srv/a.yaml", "file:///srv/a.yaml"),
            ("C:/k8s/a.yaml", "file:///C:/k8s/a.yaml"),
            ("\u{1f680}/a.yaml", "%F0%9F%9A%80/a.yaml"),
            ("", ""),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
