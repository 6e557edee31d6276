//! The three kinds of scalars, each with rules of its own for tabs and line breaks.

use super::{Scanner, Stop};

/// The first byte of U+2028 and U+2029, which stay in a text that goes on behind them.
const SEPARATOR: u8 = 0xe2;

impl Scanner<'_> {
    /// A scalar without quotes: it ends where the indentation does, before `: ` and before a comment.
    pub(super) fn plain(&mut self) -> Result<(), Stop> {
        let inside = self.inside();
        // Tabs, breaks and separators since the last word.
        let mut between = Vec::new();
        let mut is_behind_break = false;
        loop {
            let from = self.at;
            if !self.is_document_indicator() && self.byte(0) != Some(b'#') {
                self.plain_word();
            }
            if self.at > from {
                // A tab between two words of one line is part of the text, as is a separator between two lines.
                if is_behind_break {
                    let text = self.text.as_bytes();
                    self.edits.extend(between.iter().filter(|it| text[**it] != SEPARATOR));
                }
                between.clear();
                is_behind_break = false;
            }
            let blanks = self.at;
            while self.byte(0).is_some() && self.is_blank_or_end(0) {
                if self.byte(0) == Some(b'\t') && is_behind_break && self.column < inside {
                    return Err(Stop::Tab(self.at));
                }
                is_behind_break |= self.skip_blank(&mut between);
            }
            if self.at == blanks || (!self.is_flow() && self.column < inside) {
                break;
            }
        }
        self.edits.append(&mut between);
        self.is_key_allowed |= is_behind_break;
        Ok(())
    }

    /// Skips a blank, or a line break, and then returns true; notes what YAML 1.2 reads otherwise.
    fn skip_blank(&mut self, noted: &mut Vec<usize>) -> bool {
        let is_break = self.is_break(0);
        if matches!(self.byte(0), Some(b'\t' | 0xc2 | SEPARATOR)) {
            noted.push(self.at);
        }
        if is_break {
            self.skip_break();
        } else {
            self.skip();
        }
        is_break
    }

    /// Characters of a plain scalar up to a blank or to what ends it.
    fn plain_word(&mut self) {
        while let Some(byte) = self.byte(0) {
            let ends = byte == b':' && self.is_blank_or_end(1) || self.is_flow() && b",?[]{}".contains(&byte);
            if ends || self.is_blank_or_end(0) {
                return;
            }
            self.skip();
        }
    }

    /// A scalar in quotes.
    pub(super) fn quoted(&mut self, quote: u8) -> Result<(), Stop> {
        self.skip();
        loop {
            if self.byte(0).is_none() || self.is_document_indicator() {
                return Err(Stop::Other);
            }
            let mut is_behind_break = self.quoted_word(quote);
            if self.byte(0) == Some(quote) {
                self.skip();
                return Ok(());
            }
            let mut between = Vec::new();
            while self.byte(0).is_some() && self.is_blank_or_end(0) {
                is_behind_break |= self.skip_blank(&mut between);
            }
            if is_behind_break {
                let text = self.text.as_bytes();
                self.edits.extend(between.iter().filter(|it| text[**it] != SEPARATOR));
            }
        }
    }

    /// Characters in quotes up to a blank or to the end; true behind an escaped line break.
    fn quoted_word(&mut self, quote: u8) -> bool {
        while !self.is_blank_or_end(0) {
            match self.byte(0) {
                Some(b'\'') if quote == b'\'' && self.byte(1) == Some(b'\'') => self.skip(),
                Some(byte) if byte == quote => return false,
                Some(b'\\') if quote == b'"' => {
                    self.skip();
                    if self.is_break(0) {
                        self.edit_break();
                        self.skip_break();
                        return true;
                    }
                }
                _ => {}
            }
            if self.byte(0).is_some() {
                self.skip();
            }
        }
        false
    }

    /// A literal or folded scalar.
    pub(super) fn block_scalar(&mut self) -> Result<(), Stop> {
        self.remove_key()?;
        self.is_key_allowed = true;
        let increment = self.block_header()?;
        let mut indent = increment.map(|it| self.indents.last().map_or(it, |around| around + it));
        if self.byte(0).is_some() {
            self.edit_break();
            self.skip_break();
        }
        self.block_indent(&mut indent)?;
        while self.byte(0).is_some() && Some(self.column) == indent {
            self.skip_line();
            let is_separator = self.byte(0) == Some(SEPARATOR);
            let (end, edit) = (self.at, self.edits.len());
            if self.byte(0).is_some() && !is_separator {
                self.edit_break();
            }
            self.skip_break();
            self.block_indent(&mut indent)?;
            if is_separator && Some(self.column) != indent {
                self.edits.insert(edit, end);
            }
        }
        Ok(())
    }

    /// `|` or `>` with what may follow on the line; the indentation that it asks for.
    fn block_header(&mut self) -> Result<Option<usize>, Stop> {
        let mut increment = None;
        self.skip();
        while let Some(byte @ (b'+' | b'-' | b'1'..=b'9')) = self.byte(0) {
            if byte.is_ascii_digit() {
                increment = Some(usize::from(byte - b'0'));
            }
            self.skip();
        }
        while let Some(b' ' | b'\t') = self.byte(0) {
            if self.byte(0) == Some(b'\t') {
                self.edits.push(self.at);
            }
            self.skip();
        }
        if self.byte(0) == Some(b'#') {
            self.skip_line();
        }
        if self.byte(0).is_none() || self.is_break(0) { Ok(increment) } else { Err(Stop::Other) }
    }

    /// The blanks before a line of a block scalar and empty lines above it; the first such line sets the indentation.
    fn block_indent(&mut self, indent: &mut Option<usize>) -> Result<(), Stop> {
        let mut widest = 0;
        loop {
            while self.byte(0) == Some(b' ') && indent.is_none_or(|it| self.column < it) {
                self.skip();
            }
            widest = widest.max(self.column);
            if self.byte(0) == Some(b'\t') && indent.is_none_or(|it| self.column < it) {
                return Err(Stop::Tab(self.at));
            }
            if !self.is_break(0) {
                break;
            }
            self.edit_break();
            self.skip_break();
        }
        indent.get_or_insert_with(|| widest.max(self.inside()).max(1));
        Ok(())
    }
}
