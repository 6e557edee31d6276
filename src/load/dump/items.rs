//! The items of a long list, cut out of its text before any of it is parsed: they are then read side by side, none
//! needs the memory of all, and one that is broken does not hide the others.
//!
//! Only what kubectl prints is cut: its fields in order, one item a hyphen at the margin, or in JSON a brace at eight
//! blanks. A `List` of JSON that other programs print is cut where it is long: as one document it would take seventy
//! times its size in memory. Everything else is parsed as one document.

use std::ops::Range;

/// A list that was cut.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::load) struct Cut {
    /// The items, each with its hyphen, or without the comma behind it.
    pub(in crate::load) items: Vec<Range<usize>>,
    /// Where the text ends inside of the list.
    pub(in crate::load) is_truncated: bool,
}

/// A list with fewer bytes is read as one document.
const SHORT: usize = 64;

/// A list of JSON that is not printed as kubectl prints it is cut from so many bytes on.
const LONG: usize = 1 << 20;

/// Cuts the list that stands in `range` of a text, if it is one as kubectl prints it.
pub(in crate::load) fn cut(text: &str, range: Range<usize>) -> Option<Cut> {
    let body = &text[range.clone()];
    if body.len() < SHORT {
        return None;
    }
    let is_json = body.trim_start().starts_with('{');
    let cut = if is_json { cut_json(body).or_else(|| cut_long_json(body)) } else { cut_yaml(body) }?;
    let items = cut.items.into_iter().map(|it| it.start + range.start..it.end + range.start).collect();
    Some(Cut { items, ..cut })
}

/// The lines of a text with their offsets, line feeds included.
fn lines(body: &str) -> impl Iterator<Item = (usize, &str)> {
    body.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    })
}

fn cut_yaml(body: &str) -> Option<Cut> {
    let mut lines = lines(body).skip_while(|it| it.1.trim().is_empty() || it.1.starts_with('#'));
    if lines.next()?.1.trim_end() != "apiVersion: v1" || lines.next()?.1.trim_end() != "items:" {
        return None;
    }
    let mut items: Vec<Range<usize>> = Vec::new();
    let mut is_truncated = true;
    for (at, line) in lines {
        if line.starts_with("- ") && is_truncated {
            items.push(at..at + line.len());
        } else if line.starts_with("  ") || line.trim_end().is_empty() || line.starts_with('#') {
            if let Some(last) = items.last_mut().filter(|_| is_truncated) {
                last.end = at + line.len();
            }
        } else if matches!(line.trim_end(), "kind: List" | "metadata:" | "metadata: {}") {
            is_truncated = false;
        } else if line.ends_with('\n') || !is_truncated {
            return None;
        }
        // What remains is a last line that was cut.
    }
    (!items.is_empty()).then_some(Cut { items, is_truncated })
}

fn cut_json(body: &str) -> Option<Cut> {
    let mut lines = lines(body).skip_while(|it| it.1.trim().is_empty());
    let head = ["{", "    \"apiVersion\": \"v1\",", "    \"items\": ["];
    if !head.iter().all(|it| lines.next().is_some_and(|line| line.1.trim_end() == *it)) {
        return None;
    }
    let mut items: Vec<Range<usize>> = Vec::new();
    let mut is_open = false;
    for (at, line) in lines {
        match line.trim_end() {
            "        {" if !is_open => {
                items.push(at..body.len());
                is_open = true;
            }
            "        }" | "        }," if is_open => {
                items.last_mut()?.end = at + "        }".len();
                is_open = false;
            }
            "    ]," if !is_open => {
                return (!items.is_empty()).then_some(Cut { items, is_truncated: false });
            }
            _ if is_open => {}
            // A comma of the list and a brace of the next item are on one line, or the text ends here.
            _ if !line.ends_with('\n') => {}
            _ => return None,
        }
    }
    (!items.is_empty()).then_some(Cut { items, is_truncated: true })
}

/// Cuts a long `List` that is valid JSON, however it is printed.
fn cut_long_json(body: &str) -> Option<Cut> {
    if body.len() < LONG {
        return None;
    }
    let mut scanner = Scanner { body, at: 0 };
    let (mut items, mut is_list, mut is_v1) = (Vec::new(), false, false);
    scanner.expect(b'{')?;
    loop {
        let key = scanner.value()?;
        scanner.expect(b':')?;
        match &body[key] {
            "\"items\"" if items.is_empty() => items = scanner.items()?,
            "\"kind\"" => is_list = body[scanner.value()?] == *"\"List\"",
            "\"apiVersion\"" => is_v1 = body[scanner.value()?] == *"\"v1\"",
            "\"metadata\"" => _ = scanner.value()?,
            _ => return None,
        }
        match scanner.next()? {
            b',' => scanner.at += 1,
            b'}' => break,
            _ => return None,
        }
    }
    (is_list && is_v1 && !items.is_empty()).then_some(Cut { items, is_truncated: false })
}

/// Finds the ends of values in valid JSON.
struct Scanner<'t> {
    body: &'t str,
    at: usize,
}

impl Scanner<'_> {
    /// The next byte that is no blank.
    fn next(&mut self) -> Option<u8> {
        let rest = &self.body.as_bytes()[self.at..];
        self.at += rest.iter().position(|it| !it.is_ascii_whitespace())?;
        Some(self.body.as_bytes()[self.at])
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let is_there = self.next()? == byte;
        self.at += 1;
        is_there.then_some(())
    }

    /// The range of the value that stands here.
    fn value(&mut self) -> Option<Range<usize>> {
        self.next()?;
        let (start, bytes) = (self.at, self.body.as_bytes());
        let mut depth = 0_usize;
        loop {
            match bytes.get(self.at)? {
                b'"' => self.skip_text()?,
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => depth -= 1,
                b',' | b':' if depth == 0 => break,
                _ => {}
            }
            self.at += 1;
            if depth == 0 && matches!(bytes[self.at - 1], b'"' | b'}' | b']') {
                break;
            }
        }
        (self.at > start).then_some(start..self.at)
    }

    /// Goes to the closing quote of the text that begins here.
    fn skip_text(&mut self) -> Option<()> {
        let bytes = self.body.as_bytes();
        self.at += 1;
        while *bytes.get(self.at)? != b'"' {
            self.at += if bytes[self.at] == b'\\' { 2 } else { 1 };
        }
        Some(())
    }

    /// The ranges of the items of the array that stands here.
    fn items(&mut self) -> Option<Vec<Range<usize>>> {
        self.expect(b'[')?;
        let mut items = Vec::new();
        while self.next()? != b']' {
            items.push(self.value()?);
            if self.next()? == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
        Some(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: &str = "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n";

    fn cut_items(text: &str) -> Option<(Vec<&str>, bool)> {
        let cut = cut(text, 0..text.len())?;
        Some((cut.items.iter().map(|it| &text[it.clone()]).collect(), cut.is_truncated))
    }

    #[test]
    fn lists_of_kubectl_are_cut() {
        let end = "kind: List\nmetadata:\n  resourceVersion: \"\"\n";
        let text = format!("apiVersion: v1\nitems:\n{POD}{POD}{end}");
        assert_eq!(cut_items(&text), Some((vec![POD, POD], false)));
        let text = format!("apiVersion: v1\nitems:\n{POD}{POD}");
        assert_eq!(cut_items(&text), Some((vec![POD, POD], true)));
        assert_eq!(cut_items(&format!("apiVersion: v1\nitems:\n{POD}kin")), Some((vec![POD], true)));
    }

    #[test]
    fn json_is_cut_at_its_braces() {
        let pod = "        {\n            \"kind\": \"Pod\"\n        }";
        let head = "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n";
        let text = format!("{head}{pod},\n{pod}\n    ],\n    \"kind\": \"List\"\n}}\n");
        assert_eq!(cut_items(&text), Some((vec![pod, pod], false)));
        let text = format!("{head}{pod},\n        {{\n            \"ki");
        assert_eq!(cut_items(&text).map(|it| it.1), Some(true));
    }

    #[test]
    fn long_lists_of_json_are_cut_however_they_are_printed() {
        let pod = format!(r#"{{"kind": "Pod", "text": "}}],\\\"{{", "more": "{}"}}"#, "x".repeat(LONG));
        let text = format!(r#"{{"kind":"List", "items":[{pod},{pod} ], "apiVersion":"v1","metadata":{{}}}}"#);
        assert_eq!(cut_items(&text), Some((vec![pod.as_str(), pod.as_str()], false)));
        assert_eq!(cut_items(&text.replace("\"List\"", "\"PodList\"")), None);
        assert_eq!(cut_items(&text.replace("metadata", "other")), None);
        assert_eq!(cut_items(&text.replace("items", "metadata")), None);
        assert_eq!(cut_items(&text[..text.len() - 20]), None);
    }

    #[test]
    fn other_lists_are_whole() {
        assert_eq!(cut_items(&format!("kind: List\napiVersion: v1\nitems:\n{POD}")), None);
        assert_eq!(cut_items(&format!("apiVersion: v1\nitems:\n{POD}more: 1\nkind: List\n")), None);
        assert_eq!(cut_items("apiVersion: v1\nitems: []\nkind: List\n"), None);
    }
}
