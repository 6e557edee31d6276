//! Differences of texts as `diff -u` prints them.
//!
//! The shortest difference takes time with the square of what differs, and an edited file of thousands of objects differs
//! in thousands of places. They are found one after the other: each only in the lines around it.

use similar::{Algorithm, DiffOp, DiffableStr as _, capture_diff_slices, group_diff_ops};
use std::fmt::Write as _;
use std::ops::Range;

/// Lines around a difference that are shown.
const CONTEXT: usize = 3;
/// Lines of each text that are compared at once, where that is enough.
const WINDOW: usize = 256;
/// So many equal lines in a row are no coincidence: what differs before them is told apart from what differs behind them.
const SURE: usize = 16;
/// The most lines that are compared at once: any equal ones divide these, and without any all are replaced.
const WIDEST: usize = 1_024;

/// The difference of two texts under their names; nothing where there is none.
pub fn diff(old: (&str, &str), new: (&str, &str)) -> String {
    let (old_lines, new_lines) = (old.1.tokenize_lines(), new.1.tokenize_lines());
    let groups = group_diff_ops(operations(&old_lines, &new_lines), CONTEXT);
    let mut text = String::new();
    for (at, group) in groups.iter().enumerate() {
        if at == 0 {
            _ = write!(text, "--- {}\n+++ {}\n", old.0, new.0);
        }
        hunk(group, &old_lines, &new_lines, &mut text);
    }
    text
}

/// What makes the new lines of the old ones. Where both have a long run of equal lines, it goes on behind that.
fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let mut all: Vec<DiffOp> = Vec::new();
    let (mut at, mut to) = (0, 0);
    let mut window = WINDOW;
    while at < old.len() || to < new.len() {
        let (ends, comes) = (old.len().min(at + window), new.len().min(to + window));
        let is_rest = ends == old.len() && comes == new.len();
        let mut some = capture_diff_slices(Algorithm::Myers, &old[at..ends], &new[to..comes]);
        if !is_rest {
            let Some(count) = sure(&some, window) else {
                window *= 2;
                continue;
            };
            some.truncate(count);
        }
        let (start, begin) = (at, to);
        for it in some {
            let (_, from, into) = it.as_tag_tuple();
            (at, to) = (start + from.end, begin + into.end);
            add(&mut all, it, start, begin);
        }
        window = WINDOW;
    }
    all
}

/// How many of the operations on a window hold, whatever follows it; none if a wider one may tell better. The ends of
/// the windows need not belong together, so that single lines which are equal there say nothing.
fn sure(some: &[DiffOp], window: usize) -> Option<usize> {
    let long = |it: &DiffOp| matches!(it, DiffOp::Equal { len, .. } if *len >= SURE);
    let early = |it: &DiffOp| {
        let (_, from, into) = it.as_tag_tuple();
        matches!(it, DiffOp::Equal { .. }) && from.end.max(into.end) <= window * 3 / 4
    };
    match some.iter().rposition(long) {
        Some(at) => Some(at + 1),
        None if window < WIDEST => None,
        None => Some(some.iter().rposition(early).map_or(some.len(), |it| it + 1)),
    }
}

/// Adds an operation on the rest of the lines; of equal lines in a row there is one.
fn add(all: &mut Vec<DiffOp>, new: DiffOp, old_start: usize, new_start: usize) {
    let moved = match new {
        DiffOp::Equal { old_index, new_index, len } => {
            if let Some(DiffOp::Equal { len: before, .. }) = all.last_mut() {
                *before += len;
                return;
            }
            DiffOp::Equal { old_index: old_start + old_index, new_index: new_start + new_index, len }
        }
        DiffOp::Delete { old_index, old_len, new_index } => {
            DiffOp::Delete { old_index: old_start + old_index, old_len, new_index: new_start + new_index }
        }
        DiffOp::Insert { old_index, new_index, new_len } => {
            DiffOp::Insert { old_index: old_start + old_index, new_index: new_start + new_index, new_len }
        }
        DiffOp::Replace { old_index, old_len, new_index, new_len } => {
            DiffOp::Replace { old_index: old_start + old_index, old_len, new_index: new_start + new_index, new_len }
        }
    };
    all.push(moved);
}

fn hunk(group: &[DiffOp], old: &[&str], new: &[&str], text: &mut String) {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return };
    let (olds, news) = (first.old_range().start..last.old_range().end, first.new_range().start..last.new_range().end);
    _ = writeln!(text, "@@ -{} +{} @@", place(&olds), place(&news));
    for it in group {
        if matches!(it, DiffOp::Equal { .. }) {
            lines(' ', &old[it.old_range()], text);
            continue;
        }
        lines('-', &old[it.old_range()], text);
        lines('+', &new[it.new_range()], text);
    }
}

fn lines(sign: char, all: &[&str], text: &mut String) {
    for line in all {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with(['\n', '\r']) {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// The lines of a hunk as `diff` counts them: of none it names the line before.
fn place(lines: &Range<usize>) -> String {
    match lines.len() {
        1 => (lines.start + 1).to_string(),
        0 => format!("{},0", lines.start),
        len => format!("{},{len}", lines.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use similar::TextDiff;

    /// Lines that are their own numbers, but for some.
    fn text(count: usize, changed: impl Fn(usize) -> Option<String>) -> String {
        (0..count).map(|it| changed(it).unwrap_or_else(|| format!("{it}\n"))).collect()
    }

    #[test]
    fn differences_are_those_of_the_whole_texts() {
        let old = text(2_000, |_| None);
        let cases: [(&str, &dyn Fn(usize) -> Option<String>); 5] = [
            ("the same", &|_| None),
            ("a line here and there", &|it| (it % 97 == 0).then(|| "other\n".to_owned())),
            ("a line less and two more", &|it| match it % 150 {
                3 => Some(String::new()),
                90 => Some(format!("{it}\nmore\nmore\n")),
                _ => None,
            }),
            ("more than a window", &|it| (it == 700).then(|| "more\n".repeat(600))),
            ("no newline at the end", &|it| (it == 1_999).then(|| "1999".to_owned())),
        ];
        for (name, changed) in cases {
            let new = text(2_000, changed);
            let whole = TextDiff::from_lines(&old, &new).unified_diff().header("a/x", "b/x").to_string();
            assert_eq!(diff(("a/x", &old), ("b/x", &new)), whole, "{name}");
        }
    }

    #[test]
    fn what_differs_in_thousands_of_places_takes_no_minutes() {
        let old = text(200_000, |_| None);
        let new = text(200_000, |it| (it % 20 == 0).then(|| format!("{it}\nmore\n")));
        let told = diff(("a/x", &old), ("b/x", &new));
        assert_eq!(told.lines().filter(|it| *it == "+more").count(), 10_000);
    }

    #[test]
    fn short_lines_between_thousands_of_differences_divide_them() {
        let old = text(20_000, |it| (it % 5 != 4).then(|| format!("same {}\n", it % 5)));
        let new =
            text(20_000, |it| Some(if it % 5 == 4 { "other\n".to_owned() } else { format!("same {}\n", it % 5) }));
        let told = diff(("a/x", &old), ("b/x", &new));
        assert_eq!(told.lines().filter(|it| *it == "+other").count(), 4_000);
        let nothing = diff(("a/x", &old), ("b/x", &text(20_000, |it| Some(format!("new {it}\n")))));
        assert_eq!(nothing.lines().count(), 40_003);
    }

    #[test]
    fn a_file_that_comes_begins_at_nothing() {
        assert_eq!(diff(("/dev/null", ""), ("b/x", "a\nb\n")), "--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n");
    }
}
