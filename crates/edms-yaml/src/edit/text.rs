//! Lines and blanks of a text around places that the tree knows.

use std::ops::Range;

/// A text that is looked at by lines. Lines end with LF or CR LF.
#[derive(Clone, Copy)]
pub(super) struct Text<'t>(pub(super) &'t str);

impl<'t> Text<'t> {
    fn bytes(self) -> &'t [u8] {
        self.0.as_bytes()
    }

    /// Where the line begins that holds this byte. A byte-order mark is before the first line.
    pub(super) fn line_start(self, at: usize) -> usize {
        match self.0[..at].rfind('\n') {
            Some(found) => found + 1,
            None if self.0.starts_with('\u{feff}') => '\u{feff}'.len_utf8().min(at),
            None => 0,
        }
    }

    /// Where the line ends that holds this byte: at its break, or at the end of the text.
    pub(super) fn line_end(self, at: usize) -> usize {
        let end = self.0[at..].find('\n').map_or(self.0.len(), |it| at + it);
        let has_return = end > 0 && end < self.0.len() && self.bytes()[end - 1] == b'\r';
        end - usize::from(has_return)
    }

    /// Where the line after this byte's begins, or the end of the text.
    pub(super) fn next_line(self, at: usize) -> usize {
        self.0[at..].find('\n').map_or(self.0.len(), |it| at + it + 1)
    }

    /// How many columns stand before this byte on its line.
    pub(super) fn column(self, at: usize) -> usize {
        self.0[self.line_start(at)..at].chars().count()
    }

    /// What stands before this byte on its line.
    pub(super) fn before(self, at: usize) -> &'t str {
        &self.0[self.line_start(at)..at]
    }

    /// Whether nothing but blanks stands before this byte on its line; looks no further than to the first other byte.
    pub(super) fn is_first(self, at: usize) -> bool {
        let before = self.0[..at].trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with(['\n', '\u{feff}'])
    }

    /// The blanks before this byte, as far as they go on its line.
    pub(super) fn blanks_before(self, at: usize) -> &'t str {
        let before = self.0[..at].trim_end_matches([' ', '\t']);
        &self.0[before.len()..at]
    }

    /// The blanks that the line of this byte begins with.
    pub(super) fn line_prefix(self, at: usize) -> &'t str {
        let line = &self.0[self.line_start(at)..at];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// The next byte that is neither blank, nor a line break, nor in a comment. A comment begins behind a blank.
    pub(super) fn skip_gap(self, mut at: usize) -> usize {
        let bytes = self.bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b'#' if at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b'{') => {
                    at = self.line_end(at);
                }
                _ => break,
            }
        }
        at
    }

    /// The break that ends the line of this byte, or the first of the text, or LF.
    pub(super) fn line_break(self, at: usize) -> &'static str {
        let found = self.0[at..].find('\n').map(|it| at + it).or_else(|| self.0.find('\n'));
        let is_long = found.is_some_and(|it| it > 0 && self.bytes()[it - 1] == b'\r');
        if is_long { "\r\n" } else { "\n" }
    }

    /// The end of the last line that belongs to what ends at `end` and stands in `column`: behind its trailing comment
    /// and comments further to the right.
    pub(super) fn tail(self, end: usize, column: usize) -> usize {
        self.tails(end, column).0
    }

    /// The same with comments in its column if nothing follows them there: what is added goes behind them.
    pub(super) fn far_tail(self, end: usize, column: usize) -> usize {
        let (tail, beside) = self.tails(end, column);
        beside.unwrap_or(tail)
    }

    fn tails(self, end: usize, column: usize) -> (usize, Option<usize>) {
        let mut tail = self.line_end(end);
        // The end of comments in the same column: whose they are the next content tells.
        let mut beside = None;
        let (mut is_apart, mut is_closed) = (false, false);
        let mut at = self.next_line(tail);
        while at < self.0.len() {
            let line = &self.0[at..self.line_end(at)];
            let content = line.trim_start_matches([' ', '\t']);
            let indent = line.len() - content.len();
            let end = at + line.len();
            match content.chars().next() {
                None => is_apart = true,
                Some('#') if is_closed => {}
                Some('#') if indent > column && beside.is_none() => tail = end,
                Some('#') if indent > column => beside = Some(end),
                Some('#') if indent == column && column > 0 && !is_apart => beside = Some(end),
                Some('#') => is_closed = true,
                Some(_) if indent < column => break,
                Some(_) => return (tail, None),
            }
            at = self.next_line(at);
        }
        (tail, beside)
    }

    /// The end of the blank lines behind a block of text, if they may belong to it.
    fn blank_tail(self, tail: usize) -> usize {
        let mut end = tail;
        let mut at = self.next_line(tail);
        while at < self.0.len() && self.0[at..self.line_end(at)].trim().is_empty() {
            end = self.line_end(at);
            at = self.next_line(at);
        }
        end
    }

    /// The end of a block of text, with the blank lines behind it if they belong to it, or may: its header says so, or
    /// they hold blanks.
    pub(super) fn block_end(self, block: Range<usize>) -> usize {
        let header = self.0[block.start..self.line_end(block.start)].split('#').next().unwrap_or_default();
        let tail = self.line_end(block.end);
        let blank = self.blank_tail(tail);
        if header.contains('+') || self.0[tail..blank].contains([' ', '\t']) { blank } else { block.end }
    }

    /// Where the blank lines begin that stand directly above a line.
    pub(super) fn blank_lines_above(self, line: usize) -> usize {
        let above = self.0[..line].trim_end_matches(['\n', '\r', ' ', '\t']);
        self.next_line(above.len()).min(line)
    }

    /// Where the comment lines begin that stand directly above a line, in the column of what it begins with.
    pub(super) fn comments_above(self, line: usize, column: usize) -> usize {
        let mut start = line;
        while start > 0 && self.bytes()[start - 1] == b'\n' {
            let above = self.line_start(start - 1);
            let text = &self.0[above..self.line_end(above)];
            let content = text.trim_start_matches(' ');
            if !content.starts_with('#') || text.len() - content.len() != column {
                break;
            }
            start = above;
        }
        start
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tail_ends_before_what_belongs_elsewhere() {
        for (text, column, tail) in [
            ("a: 1 # x\nb: 2\n", 0, "a: 1 # x"),
            ("a: 1\n  # x\n\n  # y\n# z\nb: 2\n", 0, "a: 1\n  # x\n\n  # y"),
            ("a: 1\n\n# z\n", 0, "a: 1"),
            ("  a: 1\n  # x\nb: 2\n", 2, "  a: 1\n  # x"),
            ("  a: 1\n  # x\n  b: 2\n", 2, "  a: 1"),
            ("  a: 1\n\n  # x\nb: 2\n", 2, "  a: 1"),
            ("  a: 1\r\n  # x", 2, "  a: 1\r\n  # x"),
            ("  a: 1\n  # x\n    # y\nb: 2\n", 2, "  a: 1\n  # x\n    # y"),
            ("a: 1\n# z\n", 0, "a: 1"),
        ] {
            let end = text.find('1').expect("is there") + 1;
            assert_eq!(&text[..Text(text).far_tail(end, column)], tail, "{text:?}");
        }
    }
}
