//! What Kubernetes' reader makes of tabs, of the line breaks that only YAML 1.1 has, and of `*NAME:`.
//!
//! A walk over the tokens of a document by the rules of its scanner (`go.yaml.in/yaml/v2`, `scannerc.go`): it finds
//! the first tab or name of an anchor that is refused, and writes what is allowed in the words of YAML 1.2, offset by
//! offset. Only texts that hold something of the kind are walked; what else may be wrong with them is the parser's to
//! say.

mod anchors;
mod cursor;
mod scalars;
#[cfg(test)]
mod tests;

use anchors::Anchors;

/// What a text comes to in which the two versions of YAML part.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Where something stands that Kubernetes' reader refuses, with what to say of it.
    Refused(usize, &'static str),
    /// How a reader of YAML 1.2 understands it.
    Text(Shown),
}

/// A text as the parser is shown it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// As long as the original.
    pub(super) text: String,
    /// Where it has a plain scalar in place of an alias, in order, with the number of the alias's anchor: the first
    /// of the document has 1.
    pub(super) aliases: Vec<(usize, usize)>,
}

/// Whether a text may hold something that YAML 1.1 reads in its own way.
pub(super) fn is_special(text: &str) -> bool {
    has_breaks(text) || anchors::are_odd(text)
}

/// Whether a text holds a tab or a line break of YAML 1.1, or perhaps does.
pub(super) fn has_breaks(text: &str) -> bool {
    // Without a way out of the loop many bytes are looked at together.
    text.as_bytes().iter().fold(false, |found, byte| found | matches!(byte, b'\t' | 0xc2 | 0xe2))
}

/// Looks at a text, which holds something to look for; nothing if it can be read as it stands.
pub(super) fn of(text: &str) -> Option<Layout> {
    let mut scanner = Scanner::new(text);
    match scanner.walk() {
        Err(Stop::Tab(at)) => Some(Layout::Refused(at, "a tab where YAML allows only blanks")),
        Err(Stop::Key(at)) => {
            Some(Layout::Refused(at, "`:` behind what cannot be a key, for it stands on several lines"))
        }
        Err(Stop::Name(at)) => Some(Layout::Refused(at, "the name of an anchor has only letters, digits, `-` and `_`")),
        // The parser stops at the same place, or where what follows makes no sense to it either.
        Ok(()) | Err(Stop::Other) => scanner.written().map(Layout::Text),
    }
}

/// Where the brackets end that a text begins with and that hold its whole first document.
pub(super) fn end_of_brackets(text: &str) -> Option<usize> {
    let mut scanner = Scanner::new(text);
    scanner.walk().ok()?;
    scanner.end_of_brackets
}

/// Why the walk ends before the text does.
enum Stop {
    /// A tab that is refused.
    Tab(usize),
    /// A `:` without a key on its line.
    Key(usize),
    /// A character that no anchor's name may have.
    Name(usize),
    /// Anything else that is refused.
    Other,
}

/// What may turn out to be a key, when `:` follows.
struct Key {
    /// It has to be one, because a key stood above it.
    is_required: bool,
    line: usize,
    column: usize,
    index: usize,
}

/// How many characters a key without `?` may have.
const LONGEST_KEY: usize = 1024;

struct Scanner<'t> {
    text: &'t str,
    /// Byte offset.
    at: usize,
    /// In characters, as the scanner counts.
    index: usize,
    line: usize,
    column: usize,
    /// The column of the innermost block collection and of those around it; empty outside of all.
    indents: Vec<usize>,
    /// What may be a key, for each open bracket and outside of all.
    keys: Vec<Option<Key>>,
    is_key_allowed: bool,
    /// The end of the brackets that hold the document.
    end_of_brackets: Option<usize>,
    /// Tabs and breaks that YAML 1.2 has to see as blanks and line feeds, and aliases that it has to see as scalars.
    edits: Vec<usize>,
    anchors: Anchors<'t>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Scanner {
            text,
            at: 0,
            index: 0,
            line: 0,
            column: 0,
            indents: Vec::new(),
            keys: vec![None],
            is_key_allowed: true,
            end_of_brackets: None,
            edits: Vec::new(),
            anchors: Anchors::default(),
        }
    }

    /// The text with what was found replaced; nothing if nothing was.
    fn written(self) -> Option<Shown> {
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for &at in &self.edits {
            text.push_str(&self.text[from..at]);
            let (length, new) = match self.text.as_bytes()[at] {
                b'\t' => (1, " "),
                b'*' => (1, "x"),
                0xc2 => (2, "\r\n"),
                _ => (3, " \r\n"),
            };
            text.push_str(new);
            from = at + length;
        }
        text.push_str(&self.text[from..]);
        (!self.edits.is_empty()).then_some(Shown { text, aliases: self.anchors.keys })
    }

    /// Walks the tokens of the first document.
    fn walk(&mut self) -> Result<(), Stop> {
        loop {
            self.gap();
            self.unroll();
            let Some(byte) = self.byte(0) else { return Ok(()) };
            // Behind a list or map in brackets the reader looks at one token more.
            let is_behind = self.end_of_brackets.is_some();
            if byte == b'\t' {
                return Err(Stop::Tab(self.at));
            }
            let is_value = byte == b':' && (self.is_flow() || self.is_blank_or_end(1));
            if (is_behind && !is_value) || self.is_document_indicator() {
                return Ok(());
            }
            self.token(byte, is_value)?;
            let closes = matches!(byte, b']' | b'}') && !self.is_flow() && self.indents.is_empty();
            self.end_of_brackets = closes.then_some(self.at);
        }
    }

    /// Blanks, comments and line breaks before the next token.
    fn gap(&mut self) {
        loop {
            if self.column == 0 && self.text[self.at..].starts_with('\u{feff}') {
                self.skip();
            }
            while let Some(byte @ (b' ' | b'\t')) = self.byte(0) {
                if byte == b'\t' {
                    if !self.is_flow() && self.is_key_allowed {
                        break;
                    }
                    self.edits.push(self.at);
                }
                self.skip();
            }
            if self.byte(0) == Some(b'#') {
                self.skip_line();
            }
            if !self.is_break(0) {
                return;
            }
            self.edit_break();
            self.skip_break();
            self.is_key_allowed |= !self.is_flow();
        }
    }

    /// The token that begins here.
    fn token(&mut self, byte: u8, is_value: bool) -> Result<(), Stop> {
        match byte {
            b'%' if self.column == 0 => {
                self.is_key_allowed = false;
                self.skip_line();
            }
            b'[' | b'{' => {
                self.save_key()?;
                self.keys.push(None);
                self.step(true);
            }
            b']' | b'}' => {
                self.remove_key()?;
                if self.is_flow() {
                    self.keys.pop();
                }
                self.step(false);
            }
            b',' => {
                self.remove_key()?;
                self.step(true);
            }
            b'-' if self.is_blank_or_end(1) => self.entry()?,
            b'?' if self.is_flow() => {
                self.remove_key()?;
                self.step(false);
            }
            b'?' if self.is_blank_or_end(1) => self.entry()?,
            b':' if is_value => self.value()?,
            b'*' | b'&' => self.anchor(byte == b'*')?,
            b'!' => self.property(|it| it.is_ascii_alphanumeric() || b"-_;/?:@&=+$.!~*'()%,[]<>#".contains(&it))?,
            b'|' | b'>' if !self.is_flow() => self.block_scalar()?,
            b'\'' | b'"' => {
                self.save_key()?;
                self.is_key_allowed = false;
                self.quoted(byte)?;
            }
            b'|' | b'>' | b'#' | b'%' | b'@' | b'`' | b':' => return Err(Stop::Other),
            _ => {
                self.save_key()?;
                self.is_key_allowed = false;
                self.plain()?;
            }
        }
        Ok(())
    }

    /// Skips an indicator.
    fn step(&mut self, is_key_allowed: bool) {
        self.is_key_allowed = is_key_allowed;
        self.skip();
    }

    /// `-` or `?` before blanks.
    fn entry(&mut self) -> Result<(), Stop> {
        if !self.is_flow() {
            if !self.is_key_allowed {
                return Err(Stop::Other);
            }
            self.roll(self.column);
        }
        self.remove_key()?;
        self.step(true);
        Ok(())
    }

    /// `:` behind a key.
    fn value(&mut self) -> Result<(), Stop> {
        let key = self.keys.last_mut().and_then(Option::take);
        let is_near = |it: &Key| it.line == self.line && it.index + LONGEST_KEY >= self.index;
        match key {
            Some(key) if is_near(&key) => {
                self.roll(key.column);
                self.step(false);
            }
            Some(key) if key.is_required => return Err(Stop::Other),
            _ => {
                if !self.is_flow() {
                    if !self.is_key_allowed {
                        return Err(Stop::Key(self.at));
                    }
                    self.roll(self.column);
                }
                self.step(!self.is_flow());
            }
        }
        Ok(())
    }

    /// An anchor or an alias.
    fn anchor(&mut self, is_alias: bool) -> Result<(), Stop> {
        let start = self.at;
        if let Err(stop) = self.property(anchors::is_part_of_name) {
            let is_named = self.at > start + 1 || self.byte(0).is_some_and(|it| !it.is_ascii());
            return Err(if self.at > start && is_named { Stop::Name(self.at) } else { stop });
        }
        let name = &self.text[start + 1..self.at];
        if !is_alias {
            self.anchors.define(name);
        } else if self.byte(0) == Some(b':') && self.is_blank_or_end(1) && self.anchors.use_as_key(name, start) {
            self.edits.push(start);
        }
        Ok(())
    }

    /// An anchor, an alias or a tag.
    fn property(&mut self, belongs: impl Fn(u8) -> bool) -> Result<(), Stop> {
        self.save_key()?;
        self.step(false);
        while self.byte(0).is_some_and(&belongs) {
            self.skip();
        }
        let ends = self.is_blank_or_end(0) || self.byte(0).is_some_and(|it| b"?:,]}%@`".contains(&it));
        if ends { Ok(()) } else { Err(Stop::Other) }
    }

    fn save_key(&mut self) -> Result<(), Stop> {
        if !self.is_key_allowed {
            return Ok(());
        }
        let is_required = !self.is_flow() && self.indents.last() == Some(&self.column);
        self.remove_key()?;
        let key = Key { is_required, line: self.line, column: self.column, index: self.index };
        *self.keys.last_mut().expect("there is a place outside of all brackets") = Some(key);
        Ok(())
    }

    /// What stood here is no key.
    fn remove_key(&mut self) -> Result<(), Stop> {
        match self.keys.last_mut().and_then(Option::take) {
            Some(Key { is_required: true, .. }) => Err(Stop::Other),
            _ => Ok(()),
        }
    }

    /// A block collection begins at a column.
    fn roll(&mut self, column: usize) {
        if !self.is_flow() && self.indents.last().is_none_or(|it| *it < column) {
            self.indents.push(column);
        }
    }

    /// Block collections that stand further right end here.
    fn unroll(&mut self) {
        while !self.is_flow() && self.indents.last().is_some_and(|it| *it > self.column) {
            self.indents.pop();
        }
    }

    /// The column from which on a line belongs to what stands in the innermost block collection.
    fn inside(&self) -> usize {
        self.indents.last().map_or(0, |it| it + 1)
    }

    fn is_flow(&self) -> bool {
        self.keys.len() > 1
    }

    /// Has YAML 1.2 see a line break here.
    fn edit_break(&mut self) {
        if !matches!(self.byte(0), Some(b'\r' | b'\n')) {
            self.edits.push(self.at);
        }
    }
}
