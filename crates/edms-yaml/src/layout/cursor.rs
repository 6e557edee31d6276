//! What stands at the scanner's place, and going on from there.

use super::Scanner;

impl Scanner<'_> {
    pub(super) fn byte(&self, offset: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + offset).copied()
    }

    pub(super) fn is_break(&self, offset: usize) -> bool {
        self.break_length(offset) > 0
    }

    /// How long the line break there is, 0 if there is none.
    pub(super) fn break_length(&self, offset: usize) -> usize {
        match self.text.as_bytes().get(self.at + offset..).unwrap_or_default() {
            [b'\r', b'\n', ..] | [0xc2, 0x85, ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
            _ => 0,
        }
    }

    pub(super) fn is_blank_or_end(&self, offset: usize) -> bool {
        matches!(self.byte(offset), None | Some(b' ' | b'\t')) || self.is_break(offset)
    }

    /// `---` or `...` at the beginning of a line.
    pub(super) fn is_document_indicator(&self) -> bool {
        let is_one =
            self.column == 0 && matches!(self.text.as_bytes().get(self.at..self.at + 3), Some(b"---" | b"..."));
        is_one && self.is_blank_or_end(3)
    }

    /// Skips a character that is no line break.
    pub(super) fn skip(&mut self) {
        let length = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        self.at += length;
        self.index += 1;
        self.column += 1;
    }

    /// Skips to the end of the line.
    pub(super) fn skip_line(&mut self) {
        while self.byte(0).is_some() && !self.is_break(0) {
            self.skip();
        }
    }

    pub(super) fn skip_break(&mut self) {
        self.at += self.break_length(0);
        self.index += 1;
        self.line += 1;
        self.column = 0;
    }
}
