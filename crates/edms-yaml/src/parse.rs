//! One pass over the parser's events into the compact tree.

mod expansion;
mod json_keys;
mod keys;
mod quirks;
mod tags;
#[cfg(test)]
mod tests;

use super::document::{Comment, Document, Rare, TagMeaning};
use super::layout::{self, Layout, Shown};
use super::packed::{COOKED, FLOW, Kind, Node, QUOTED, TAGGED};
use crate::source::{SourceId, Span};
use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle, Tag};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The deepest nesting that is read. Kubernetes' reader stops at 10,000; no type of any API comes near either.
pub const MAX_DEPTH: usize = 1_000;

/// The longest key of YAML that is written without `?`, with what stands before its colon.
const LONGEST_KEY: usize = 1024;

/// Why a document is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong there.
    pub message: String,
    /// Where; at least one character unless the text ends there.
    pub span: Span,
}

/// Parses the document that stands in `range` of a text.
///
/// # Errors
/// The first place that Kubernetes' reader would refuse.
pub fn parse(source: SourceId, text: &Arc<str>, range: Range<usize>) -> Result<Option<Document>, ParseError> {
    if let Some(error) = quirks::control_character(source, &text[range.clone()], range.start) {
        return Err(error);
    }
    let body = &text[range.clone()];
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let base = range.end - body.len();
    if let Some(at) = quirks::end_marker(body) {
        let message = "`...` ends a document that has not begun".to_owned();
        return Err(ParseError { message, span: span(source, base + at, base + at + "...".len()) });
    }
    let written: Shown;
    let shown = match layout::is_special(body).then(|| layout::of(body)).flatten() {
        Some(Layout::Refused(at, message)) => {
            let length = body[at..].chars().next().map_or(0, char::len_utf8);
            let span = span(source, base + at, base + at + length);
            return Err(ParseError { message: message.to_owned(), span });
        }
        Some(Layout::Text(shown)) => {
            written = shown;
            &written.text
        }
        None => {
            written = Shown::default();
            body
        }
    };
    let builder = || Builder {
        has_separators: quirks::has_separators(body),
        alias_keys: &written.aliases,
        ..Builder::new(source, text, base)
    };
    let result = read(builder(), body, shown);
    let Err(error) = &result else { return result };
    // Kubernetes' reader does not look behind the brackets that hold a whole document.
    match layout::end_of_brackets(body).filter(|end| base + end <= error.span.start as usize) {
        Some(end) => read(builder(), body, &shown[..end]).or(result),
        None => result,
    }
}

/// Parses a value of JSON that stands in `range` of a text, where kubectl reads it as JSON.
///
/// # Errors
/// Where it nests too deep, or is no JSON.
pub fn parse_json(source: SourceId, text: &Arc<str>, range: Range<usize>) -> Result<Option<Document>, ParseError> {
    let body = &text[range.clone()];
    let builder = Builder { is_json: true, ..Builder::new(source, text, range.start) };
    // Strings of JSON hold no tabs.
    if body.contains('\t') {
        return read(builder, body, &body.replace('\t', " "));
    }
    read(builder, body, body)
}

/// Reads the document of `body`; what the parser is shown of it differs in blanks, line breaks and aliases before `:`.
fn read(mut builder: Builder<'_>, body: &str, shown: &str) -> Result<Option<Document>, ParseError> {
    let base = builder.base;
    let longest = if builder.is_json { json_keys::longest(shown).max(LONGEST_KEY) } else { LONGEST_KEY };
    let mut parser = Parser::new_from_str_with_options(shown, options(longest));
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| scan_error(builder.source, builder.text, base, &error))?;
        let start = base + place_in(body, span.start.byte_offset().unwrap_or(0));
        let end = base + place_in(body, span.end.byte_offset().unwrap_or(0));
        if builder.event(event, start, end)? {
            let rest = base + body.len();
            return builder.finish(end, rest).map(Some);
        }
    }
    Ok(None)
}

/// The parser's options, each set on purpose. What may be a key is kept until as much was read as the longest key is long:
/// where any length would do, that is all of a document of JSON, at a hundred times its size.
fn options(longest_key: usize) -> Options {
    granit_parser::options! {
        emit_comments: true,
        // Comments are bounded by the file; a long licence header is no error.
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        simple_key_max_lookahead: longest_key,
        // Kubernetes' reader ends the last line of a block scalar even where the file does not.
        block_scalar_eof_without_line_feed: false,
    }
}

fn span(source: SourceId, start: usize, end: usize) -> Span {
    let offset = |it| u32::try_from(it).unwrap_or(u32::MAX);
    Span { source, start: offset(start), end: offset(end) }
}

/// The offset of the character that holds this one: a line break may be shorter for the parser than for the text.
fn place_in(body: &str, mut offset: usize) -> usize {
    while !body.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn scan_error(source: SourceId, text: &str, base: usize, error: &granit_parser::ScanError) -> ParseError {
    let start = place_in(text, (base + error.marker().byte_offset().unwrap_or(0)).min(text.len()));
    let end = start + text[start..].chars().next().filter(|it| !matches!(it, '\n' | '\r')).map_or(0, char::len_utf8);
    let message = match error.kind() {
        granit_parser::ErrorKind::RecursionLimitExceeded => {
            format!("nested more than {MAX_DEPTH} levels deep")
        }
        kind => kind.to_string(),
    };
    ParseError { message, span: span(source, start, end) }
}

struct Builder<'t> {
    source: SourceId,
    text: &'t Arc<str>,
    base: usize,
    nodes: Vec<Node>,
    open: Vec<u32>,
    /// Room for the keys of the map that is being closed.
    keys: Vec<u32>,
    cooked: Vec<Box<str>>,
    tags: Vec<(u32, TagMeaning)>,
    comments: Vec<Comment>,
    /// Anchors by the parser's number, which counts from 1.
    anchors: HashMap<usize, u32>,
    /// Aliases that the parser takes for plain scalars: where each begins, and the parser's number of its anchor.
    alias_keys: &'t [(usize, usize)],
    has_alias: bool,
    /// Whether U+2028 or U+2029 stand in the text.
    has_separators: bool,
    /// Numbers that JSON does not have.
    not_finite: Vec<u32>,
    /// Whether the text is read as JSON, by kubectl too.
    is_json: bool,
}

impl<'t> Builder<'t> {
    fn new(source: SourceId, text: &'t Arc<str>, base: usize) -> Self {
        Builder {
            source,
            text,
            base,
            nodes: Vec::new(),
            open: Vec::new(),
            keys: Vec::new(),
            cooked: Vec::new(),
            tags: Vec::new(),
            comments: Vec::new(),
            anchors: HashMap::new(),
            alias_keys: &[],
            has_alias: false,
            has_separators: false,
            not_finite: Vec::new(),
            is_json: false,
        }
    }

    /// Takes one event; true at the end of the document.
    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<bool, ParseError> {
        // Every node may need a second text of its own.
        if self.nodes.len() >= Node::MOST / 2 {
            let most = Node::MOST / 2;
            let message =
                format!("more than {most} values in one document: write each object as a document of its own");
            return Err(ParseError { message, span: span(self.source, start, end) });
        }
        match event {
            Event::DocumentEnd => return Ok(!self.nodes.is_empty()),
            Event::Comment(..) => self.comments.push(Comment { span: span(self.source, start, end) }),
            Event::Scalar(value, style, anchor, tag) => {
                if let Some(target) = self.alias_key_at(start) {
                    return self.alias(target, start, end).map(|()| false);
                }
                self.scalar(&value, style, anchor, tag.as_deref(), start, end)?;
            }
            Event::Alias(anchor) => self.alias(anchor, start, end)?,
            Event::SequenceStart(style, anchor, _) => self.collection(Kind::Seq, style, anchor, start, end),
            Event::MappingStart(style, anchor, _) => self.collection(Kind::Map, style, anchor, start, end),
            Event::SequenceEnd | Event::MappingEnd => {
                self.close(end)?;
                return Ok(self.open.is_empty() && self.nodes[0].has(FLOW));
            }
            _ => {}
        }
        Ok(false)
    }

    fn id(&self) -> u32 {
        u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)
    }

    fn push(&mut self, kind: Kind, flags: u8, link: u32, start: usize, end: usize) -> u32 {
        let id = self.id();
        let at = span(self.source, start, end);
        self.nodes.push(Node::new(at.start, at.end, kind, flags, link));
        id
    }

    fn collection(&mut self, kind: Kind, style: StructureStyle, anchor: usize, start: usize, end: usize) {
        let flags = if style == StructureStyle::Flow { FLOW } else { 0 };
        let id = self.push(kind, flags, 0, start, end);
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        self.open.push(id);
    }

    fn close(&mut self, end: usize) -> Result<(), ParseError> {
        let Some(id) = self.open.pop() else { return Ok(()) };
        let next = self.id();
        // A block collection ends with its last child: the parser's end event stands further down.
        let last_end = self.last_child_end(id, next);
        let node = &mut self.nodes[id as usize];
        node.set_link(next);
        node.end = if node.has(FLOW) { span(self.source, end, end).end } else { last_end.unwrap_or(node.start) };
        if self.nodes[id as usize].kind() == Kind::Map {
            self.check_map(id)?;
        }
        Ok(())
    }

    /// The largest end among the direct children, which the last child has.
    fn last_child_end(&self, id: u32, next: u32) -> Option<u32> {
        // The last node in document order is the last child or lies inside it.
        (next > id + 1).then(|| {
            let mut at = id + 1;
            let mut end = self.nodes[at as usize].end;
            while at < next {
                let node = &self.nodes[at as usize];
                end = node.end;
                at = if matches!(node.kind(), Kind::Seq | Kind::Map) { node.link() } else { at + 1 };
            }
            end
        })
    }

    /// The anchor of the alias that stands there as a key without a blank behind it.
    fn alias_key_at(&self, start: usize) -> Option<usize> {
        let at = self.alias_keys.binary_search_by_key(&(start - self.base), |it| it.0).ok()?;
        Some(self.alias_keys[at].1)
    }

    fn alias(&mut self, anchor: usize, start: usize, end: usize) -> Result<(), ParseError> {
        let Some(&target) = self.anchors.get(&anchor) else { return Ok(()) };
        if self.open.contains(&target) {
            let name = &self.text[start..end];
            let message = format!("the anchor of {name} contains itself");
            return Err(ParseError { message, span: span(self.source, start, end) });
        }
        self.has_alias = true;
        self.push(Kind::Alias, 0, target, start, end);
        Ok(())
    }

    fn scalar(
        &mut self,
        value: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        start: usize,
        end: usize,
    ) -> Result<(), ParseError> {
        let id = self.id();
        let mut flags = 0;
        let kind = if style == ScalarStyle::Plain { Kind::Plain } else { Kind::Text };
        let quotes = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        // An empty plain value arrives as `~` at an empty place.
        let is_empty = kind == Kind::Plain && start == end;
        let end = if quotes || is_empty { end } else { start + self.text[start..end].trim_end().len() };
        if style == ScalarStyle::DoubleQuoted && !self.is_json {
            self.check_escapes(start, end)?;
        }
        let trimmed = (self.has_separators && (kind == Kind::Plain || quotes)).then(|| quirks::trim_separators(value));
        let value = trimmed.as_deref().unwrap_or(value);
        let mut link = 0;
        if !is_empty {
            let written = if quotes { self.text.get(start + 1..end - 1) } else { self.text.get(start..end) };
            // Mostly the parser hands out a piece of the text itself.
            if written.is_some_and(|it| std::ptr::eq(it, value) || it == value) {
                flags |= if quotes { QUOTED } else { 0 };
            } else {
                flags |= COOKED;
                link = self.cook(value);
            }
        }
        if kind == Kind::Plain && quirks::is_not_finite(value) {
            self.not_finite.push(id);
        }
        let tag = tag.filter(|it| kind != Kind::Plain || !tags::merges(it, value));
        if let Some(meaning) = tag.map(|it| self.meaning(it, value, start, end)).transpose()? {
            flags |= TAGGED;
            self.tags.push((id, meaning.0));
            if let Some(text) = meaning.1 {
                flags = flags & !QUOTED | COOKED;
                link = self.cook(&text);
            }
        }
        self.push(kind, flags, link, start, end);
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        Ok(())
    }

    fn cook(&mut self, text: &str) -> u32 {
        self.cooked.push(text.into());
        u32::try_from(self.cooked.len() - 1).unwrap_or(u32::MAX)
    }

    /// Closes the document at `end`; `rest` is the end of its piece of the stream.
    fn finish(self, end: usize, rest: usize) -> Result<Document, ParseError> {
        if self.has_alias {
            self.check_expansion()?;
        }
        if let Some(id) = self.not_finite.first() {
            return Err(self.error_at(*id, "a number that JSON does not have, nor any field of Kubernetes".to_owned()));
        }
        let dropped = dropped_text(self.text, end, rest).map(|(start, end)| span(self.source, start, end));
        let mut document = Document::new(self.source, Arc::clone(self.text), self.nodes.into_boxed_slice());
        let rare = Rare {
            cooked: self.cooked.into_boxed_slice(),
            tags: self.tags.into_boxed_slice(),
            comments: self.comments.into_boxed_slice(),
            dropped,
            ..Rare::default()
        };
        document.rare = rare.boxed();
        let duplicates = keys::find_duplicates(&document);
        if !duplicates.is_empty() {
            document.rare.get_or_insert_default().duplicates = duplicates;
        }
        debug_assert!(self.base <= end, "a document ends behind its start");
        Ok(document)
    }
}

/// The first text behind a document's end that is neither blank nor a comment nor an end marker.
fn dropped_text(text: &str, end: usize, rest: usize) -> Option<(usize, usize)> {
    let mut at = end;
    for line in text.get(end..rest)?.split_inclusive('\n') {
        let trimmed = line.trim();
        let content = trimmed.strip_prefix("...").unwrap_or(trimmed).trim_start();
        if !content.is_empty() && !content.starts_with('#') {
            let start = at + line.find(trimmed).unwrap_or(0);
            return Some((start, start + trimmed.len()));
        }
        at += line.len();
    }
    None
}
