//! The keys and values of generated ConfigMaps and Secrets, from literals, files and lists of variables.
//!
//! The rules are those of `api/kv` and `api/internal/generators`.

use super::Refusal;
use super::build::Builder;
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

/// A value, and where it is named.
pub(super) struct Value {
    pub(super) bytes: Vec<u8>,
    pub(super) span: Span,
}

impl Builder<'_> {
    /// The keys and values of one generator.
    pub(super) fn key_values(&self, at: usize, node: NodeRef<'_>) -> Result<BTreeMap<String, Value>, Refusal> {
        let mut found = BTreeMap::new();
        let mut add = |key: &str, bytes: Vec<u8>, place: NodeRef<'_>| {
            let span = place.first_line();
            if found.insert(key.to_owned(), Value { bytes, span }).is_some() {
                return Err(Refusal { message: format!("the key {key} is given twice"), span });
            }
            Ok(())
        };
        for place in node.items_at(&["envs"]).chain(node.get("env").filter(|it| !it.text().is_empty())) {
            let text = self.text_of(at, place)?;
            for (number, line) in text.lines().enumerate() {
                let line = if number == 0 { line.trim_start_matches('\u{feff}') } else { line };
                let line = line.trim_start();
                // A line without a key is no more than an empty one.
                if line.is_empty() || line.starts_with(['#', '=']) {
                    continue;
                }
                let (key, value) = line.split_once('=').unwrap_or((line, ""));
                add(key, value.as_bytes().to_vec(), place)?;
            }
        }
        for place in node.items_at(&["literals"]) {
            let (key, value) = place.text().split_once('=').filter(|it| !it.0.is_empty()).ok_or_else(|| {
                let message = format!("`{}` is not of the form key=value", place.text());
                Refusal { message, span: place.first_line() }
            })?;
            add(key, unquoted(value).as_bytes().to_vec(), place)?;
        }
        for place in node.items_at(&["files"]) {
            let (key, path) =
                file_source(place.text()).map_err(|message| Refusal { message, span: place.first_line() })?;
            let bytes = self.load(at, path, place.first_line())?;
            add(key, bytes, place)?;
        }
        Ok(found)
    }

    fn text_of(&self, at: usize, place: NodeRef<'_>) -> Result<String, Refusal> {
        let bytes = self.load(at, place.text(), place.first_line())?;
        String::from_utf8(bytes).map_err(|_| {
            let message = format!("{}: not UTF-8", place.text());
            Refusal { message, span: place.first_line() }
        })
    }
}

/// The key and the path of `key=path`, or of a path alone.
fn file_source(source: &str) -> Result<(&str, &str), String> {
    let Some((key, path)) = source.split_once('=') else {
        return Ok((source.trim_end_matches('/').rsplit('/').next().unwrap_or(source), source));
    };
    if key.is_empty() || path.is_empty() || path.contains('=') {
        return Err(format!("`{source}` is neither a path nor key=path"));
    }
    Ok((key, path))
}

fn unquoted(text: &str) -> &str {
    ['"', '\''].into_iter().find_map(|it| text.strip_prefix(it)?.strip_suffix(it)).unwrap_or(text)
}

/// Base64 in lines of 70 letters, as kustomize writes it.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const LINE: usize = 70;
    let mut digits = String::with_capacity(bytes.len() / 3 * 4 + 4);
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |word, at| word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0)));
        for place in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * place) & 63) as usize];
            digits.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    if digits.len() < LINE {
        return digits;
    }
    let mut lines = String::with_capacity(digits.len() + digits.len() / LINE + 1);
    let mut rest = digits.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE));
        lines.push_str(line);
        lines.push('\n');
        rest = more;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_padded_and_cut() {
        assert_eq!(base64(b"x"), "eA==");
        assert_eq!(base64(b"Hello World"), "SGVsbG8gV29ybGQ=");
        assert_eq!(base64(&[255; 60]).lines().map(str::len).collect::<Vec<_>>(), [70, 10]);
    }

    #[test]
    fn sources_of_files_may_name_their_key() {
        assert_eq!(file_source("a/b.conf"), Ok(("b.conf", "a/b.conf")));
        assert_eq!(file_source("k=a/b.conf"), Ok(("k", "a/b.conf")));
        assert!(file_source("=a").is_err() && file_source("a=b=c").is_err());
        assert_eq!((unquoted("\"a\""), unquoted("'"), unquoted("'a\"")), ("a", "'", "'a\""));
    }
}
