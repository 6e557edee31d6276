//! `primaryLocationLineHash`, the fingerprint by which code scanning recognises an alert.
//!
//! The service computes it when a file lacks it, and complains when a file has another one. It hashes the
//! hundred characters from the start of a line on, white space left out, and counts equal hashes.

use std::collections::HashMap;

/// Characters that a line's hash covers.
const WINDOW: usize = 100;
/// The hash's multiplier.
const FACTOR: u64 = 37;
/// What stands for the end of the file.
const END: u16 = 0xffff;

/// The fingerprints of all lines of a text.
pub(super) struct LineHashes(Vec<(u64, u32)>);

impl LineHashes {
    pub(super) fn of(text: &str) -> LineHashes {
        let mut units = significant_units(text);
        let mut starts = vec![0];
        starts.extend(units.iter().enumerate().filter(|(_, it)| **it == u16::from(b'\n')).map(|(at, _)| at + 1));
        units.push(END);
        units.extend([0; WINDOW]);
        let mut seen: HashMap<u64, u32> = HashMap::new();
        let count = |start: usize| {
            let window = &units[start..start + WINDOW];
            let hash = window.iter().fold(0_u64, |hash, it| hash.wrapping_mul(FACTOR).wrapping_add(u64::from(*it)));
            let times = seen.entry(hash).or_default();
            *times += 1;
            (hash, *times)
        };
        LineHashes(starts.into_iter().map(count).collect())
    }

    /// The fingerprint of a line, counted from 1.
    pub(super) fn line(&self, number: usize) -> Option<String> {
        let (hash, times) = self.0.get(number.checked_sub(1)?)?;
        Some(format!("{hash:x}:{times}"))
    }
}

/// UTF-16 units without spaces and tabs, each line break as one LF. A dropped space between CR and LF
/// makes two breaks of them, as the service has it.
fn significant_units(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len() + WINDOW + 1);
    let mut after_return = false;
    for unit in text.encode_utf16() {
        let is = |it: u8| unit == u16::from(it);
        if is(b'\r') {
            units.push(u16::from(b'\n'));
        } else if !(is(b' ') || is(b'\t') || (is(b'\n') && after_return)) {
            units.push(unit);
        }
        after_return = is(b'\r');
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_the_service_computes() {
        // Both from the service's own client.
        assert_eq!(LineHashes::of("").line(1).as_deref(), Some("c129715d7a2bc9a3:1"));
        let marked = LineHashes::of("\u{feff}apiVersion: v1\nkind: X\n");
        assert_eq!(marked.line(1).as_deref(), Some("41924d81249f574b:1"));
        assert_eq!(marked.line(3).as_deref(), Some("c129715d7a2bc9a3:1"));
        assert_eq!(marked.line(4), None);
    }

    #[test]
    fn equal_lines_are_counted_and_breaks_are_alike() {
        let lines = "a: 1\n".repeat(200);
        let hashes = LineHashes::of(&lines);
        let first = hashes.line(1).expect("there is a line 1");
        assert_eq!(hashes.line(2), first.strip_suffix(":1").map(|it| format!("{it}:2")));
        let windows = LineHashes::of(&lines.replace('\n', "\r\n").replace(' ', "\t"));
        assert_eq!(hashes.0, windows.0);
        assert_eq!(LineHashes::of("a\r \nb").0.len(), 3);
    }
}
