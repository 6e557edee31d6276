//! One pass over the parser's events into the compact tree.

use super::node::{
    COOKED, Comment, DUPLICATES, Document, Duplicate, FLOW, Kind, MERGE, Node, NodeRef, QUOTED, TAGGED, TagMeaning,
};
use super::scalar::{self, Scalar};
use crate::source::{SourceId, Span};
use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle, Tag};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// The deepest nesting that is read. Kubernetes' reader stops at 10,000; no type of any API comes near either.
pub const MAX_DEPTH: usize = 1_000;

/// Above this many nodes aliases may not make up more of the expanded document than [`MAX_ALIAS_PERCENT`].
const ALIAS_FREE_NODES: u64 = 1_000;
/// The share of expanded nodes that may come from aliases, as Kubernetes' reader has it for documents
/// of up to 400,000 nodes (goyaml's `allowedAliasRatio`).
const MAX_ALIAS_PERCENT: u64 = 99;
/// No document expands to more nodes than this.
const MAX_EXPANDED_NODES: u64 = 4_000_000;

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
    let base = range.start;
    let body = &text[range.clone()];
    if let Some(error) = control_character(source, body, base) {
        return Err(error);
    }
    let body = body.strip_prefix('\u{feff}').unwrap_or(body);
    let base = base + (range.len() - body.len());
    let mut builder = Builder::new(source, text, base);
    let mut parser = Parser::new_from_str_with_options(body, options());
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| scan_error(source, text, base, &error))?;
        let start = base + span.start.byte_offset().unwrap_or(0);
        let end = base + span.end.byte_offset().unwrap_or(0);
        if builder.event(event, start, end)? {
            let rest = base + body.len();
            return builder.finish(end, rest).map(Some);
        }
    }
    Ok(None)
}

/// The parser's options, each set on purpose.
fn options() -> Options {
    granit_parser::options! {
        emit_comments: true,
        // Comments are bounded by the file; a long licence header is no error.
        max_buffered_comment_events: usize::MAX,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        // Kubernetes' reader ends the last line of a block scalar even where the file does not.
        block_scalar_eof_without_line_feed: false,
    }
}

fn span(source: SourceId, start: usize, end: usize) -> Span {
    let offset = |it| u32::try_from(it).unwrap_or(u32::MAX);
    Span { source, start: offset(start), end: offset(end) }
}

/// YAML allows no control characters but tab and line breaks; Kubernetes' reader refuses them.
fn control_character(source: SourceId, body: &str, base: usize) -> Option<ParseError> {
    let suspicious =
        |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0x7f || *byte == 0xc2;
    let mut from = 0;
    while let Some(at) = body.as_bytes()[from..].iter().position(|it| suspicious(it)) {
        let at = from + at;
        let found = body[at..].chars().next()?;
        let is_allowed = found == '\u{85}' || !found.is_control();
        if !is_allowed {
            let message = format!("control character U+{:04X}, which YAML does not allow", u32::from(found));
            return Some(ParseError { message, span: span(source, base + at, base + at + found.len_utf8()) });
        }
        from = at + found.len_utf8();
    }
    None
}

fn scan_error(source: SourceId, text: &str, base: usize, error: &granit_parser::ScanError) -> ParseError {
    let mut start = (base + error.marker().byte_offset().unwrap_or(0)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let is_tab = matches!(
        error.kind(),
        granit_parser::ErrorKind::TabNotAllowed
            | granit_parser::ErrorKind::TabInBlockIndentation
            | granit_parser::ErrorKind::TabInIndentation
    );
    if is_tab && text[..start].ends_with('\t') {
        start -= 1; // The parser notices a tab behind it.
    }
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
    cooked: Vec<Box<str>>,
    tags: Vec<(u32, TagMeaning)>,
    comments: Vec<Comment>,
    /// Anchors by the parser's number, which counts from 1.
    anchors: HashMap<usize, u32>,
    has_alias: bool,
    is_inside: bool,
}

impl<'t> Builder<'t> {
    fn new(source: SourceId, text: &'t Arc<str>, base: usize) -> Self {
        Builder {
            source,
            text,
            base,
            nodes: Vec::new(),
            open: Vec::new(),
            cooked: Vec::new(),
            tags: Vec::new(),
            comments: Vec::new(),
            anchors: HashMap::new(),
            has_alias: false,
            is_inside: false,
        }
    }

    /// Takes one event; true at the end of the document.
    fn event(&mut self, event: Event<'_>, start: usize, end: usize) -> Result<bool, ParseError> {
        // Every node may need a second text of its own.
        if self.nodes.len() >= Node::MOST / 2 {
            let message = format!("more than {} values in one document", Node::MOST / 2);
            return Err(ParseError { message, span: span(self.source, start, end) });
        }
        match event {
            Event::DocumentStart(..) => self.is_inside = true,
            Event::DocumentEnd => return Ok(!self.nodes.is_empty()),
            Event::Comment(..) => self.comments.push(Comment { span: span(self.source, start, end) }),
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(&value, style, anchor, tag.as_deref(), start, end)?
            }
            Event::Alias(anchor) => self.alias(anchor, start, end)?,
            Event::SequenceStart(style, anchor, _) => self.collection(Kind::Seq, style, anchor, start, end),
            Event::MappingStart(style, anchor, _) => self.collection(Kind::Map, style, anchor, start, end),
            Event::SequenceEnd | Event::MappingEnd => self.close(end)?,
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
        value: &Cow<'_, str>,
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
        let mut link = 0;
        if !is_empty {
            let written = if quotes { self.text.get(start + 1..end - 1) } else { self.text.get(start..end) };
            if written == Some(value.as_ref()) {
                flags |= if quotes { QUOTED } else { 0 };
            } else {
                flags |= COOKED;
                link = self.cook(value);
            }
        }
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

    /// What a tag makes of a text, and the text itself where the tag changes it.
    fn meaning(
        &self,
        tag: &Tag,
        text: &str,
        start: usize,
        end: usize,
    ) -> Result<(TagMeaning, Option<String>), ParseError> {
        let refuse = || {
            let message = format!("cannot read `{text}` as a !!{}", tag.suffix());
            Err(ParseError { message, span: span(self.source, start, end) })
        };
        let Some(name) = tag.suffix_in_namespace("tag:yaml.org,2002:") else { return Ok((TagMeaning::Text, None)) };
        let resolved = scalar::resolve(text);
        match (name.as_ref(), resolved) {
            ("str", _) => Ok((TagMeaning::Text, None)),
            ("binary", _) => match super::json::decode_base64(text) {
                Some(decoded) => Ok((TagMeaning::Text, Some(decoded))),
                None => refuse(),
            },
            ("int", Scalar::Int(_) | Scalar::UInt(_))
            | ("float", Scalar::Float(_))
            | ("bool", Scalar::Bool(_))
            | ("null", Scalar::Null) => Ok((TagMeaning::Resolved, None)),
            #[expect(clippy::cast_precision_loss, reason = "the conversion that Kubernetes' reader makes")]
            ("float", Scalar::Int(value)) => Ok((TagMeaning::Float(value as f64), None)),
            ("int" | "float" | "bool" | "null", _) => refuse(),
            _ => Ok((TagMeaning::Text, None)),
        }
    }

    /// Makes keys text, finds merge keys and duplicates.
    fn check_map(&mut self, map: u32) -> Result<(), ParseError> {
        let mut keys = Vec::new();
        let mut at = map + 1;
        let end = self.nodes[map as usize].link();
        while at < end {
            keys.push(at);
            let value = self.skip(at);
            if self.is_merge_key(at) {
                self.nodes[map as usize].add_flags(MERGE);
                self.check_merge(value)?;
            } else {
                self.make_key_text(at)?;
            }
            at = self.skip(value);
        }
        if self.has_duplicates(&keys) {
            self.nodes[map as usize].add_flags(DUPLICATES);
        }
        Ok(())
    }

    fn skip(&self, id: u32) -> u32 {
        let node = &self.nodes[id as usize];
        if matches!(node.kind(), Kind::Seq | Kind::Map) { node.link() } else { id + 1 }
    }

    fn resolve_alias(&self, id: u32) -> u32 {
        let node = &self.nodes[id as usize];
        if node.kind() == Kind::Alias { node.link() } else { id }
    }

    fn is_merge_key(&self, id: u32) -> bool {
        let node = &self.nodes[id as usize];
        node.kind() == Kind::Plain && !node.has(TAGGED | COOKED) && self.text_of(id) == "<<"
    }

    fn text_of(&self, id: u32) -> &str {
        let node = &self.nodes[id as usize];
        if node.has(COOKED) {
            return &self.cooked[node.link() as usize];
        }
        let inset = u32::from(node.has(QUOTED));
        &self.text[(node.start + inset) as usize..(node.end - inset) as usize]
    }

    /// Only a map, or a list of maps, can be merged.
    fn check_merge(&self, value: u32) -> Result<(), ParseError> {
        let value = self.resolve_alias(value);
        let is_map = |id: u32| self.nodes[self.resolve_alias(id) as usize].kind() == Kind::Map;
        let fits = match self.nodes[value as usize].kind() {
            Kind::Map => true,
            Kind::Seq => {
                let mut at = value + 1;
                let mut fits = true;
                while at < self.nodes[value as usize].link() {
                    fits &= is_map(at);
                    at = self.skip(at);
                }
                fits
            }
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(self.error_at(value, "a merge key `<<` needs a map or a list of maps".to_owned()))
    }

    fn error_at(&self, id: u32, message: String) -> ParseError {
        let node = &self.nodes[id as usize];
        ParseError { message, span: Span { source: self.source, start: node.start, end: node.end } }
    }

    /// Keys are text in JSON: `on:` becomes `"true"`, `1:` becomes `"1"`.
    fn make_key_text(&mut self, key: u32) -> Result<(), ParseError> {
        let target = self.resolve_alias(key);
        let kind = self.nodes[target as usize].kind();
        if matches!(kind, Kind::Seq | Kind::Map) {
            return Err(self.error_at(key, "a list or a map cannot be a key".to_owned()));
        }
        if kind != Kind::Plain {
            return Ok(());
        }
        let text = match scalar::resolve(self.text_of(target)) {
            Scalar::Str(_) => return Ok(()),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Int(value) => value.to_string(),
            #[expect(clippy::cast_possible_truncation, reason = "Kubernetes' reader writes float keys with 32 bits")]
            Scalar::Float(value) => (value as f32).to_string(),
            Scalar::Null => return Err(self.error_at(key, "a key is null".to_owned())),
            Scalar::UInt(_) => return Err(self.error_at(key, "a key is a number above 63 bits".to_owned())),
        };
        if target != key || text == self.text_of(key) {
            return Ok(());
        }
        let link = self.cook(&text);
        let node = &mut self.nodes[key as usize];
        node.set_kind(Kind::Text);
        node.add_flags(COOKED);
        node.set_link(link);
        Ok(())
    }

    fn has_duplicates(&self, keys: &[u32]) -> bool {
        if keys.len() <= 16 {
            return keys.iter().enumerate().any(|(at, key)| keys[..at].iter().any(|it| self.same_key(*it, *key)));
        }
        let mut seen = std::collections::HashSet::with_capacity(keys.len());
        keys.iter().any(|key| !seen.insert(self.text_of(self.resolve_alias(*key))))
    }

    fn same_key(&self, one: u32, other: u32) -> bool {
        self.text_of(self.resolve_alias(one)) == self.text_of(self.resolve_alias(other))
    }

    /// Closes the document at `end`; `rest` is the end of its piece of the stream.
    fn finish(self, end: usize, rest: usize) -> Result<Document, ParseError> {
        if self.has_alias {
            self.check_expansion()?;
        }
        let dropped = dropped_text(self.text, end, rest).map(|(start, end)| span(self.source, start, end));
        let mut document = Document {
            source: self.source,
            text: Arc::clone(self.text),
            nodes: self.nodes.into_boxed_slice(),
            cooked: self.cooked.into_boxed_slice(),
            tags: self.tags.into_boxed_slice(),
            origins: None,
            comments: self.comments.into_boxed_slice(),
            duplicates: Box::default(),
            dropped,
        };
        document.duplicates = find_duplicates(&document);
        debug_assert!(self.base <= end, "a document ends behind its start");
        Ok(document)
    }

    /// Bounds what aliases expand to, as Kubernetes' reader does.
    fn check_expansion(&self) -> Result<(), ParseError> {
        // In document order a target stands before its aliases, so one pass backwards from the leaves would
        // not do: sizes of subtrees are summed bottom up, by walking the nodes in reverse.
        let mut size = vec![1u64; self.nodes.len()];
        let mut deferred: Vec<usize> = Vec::new();
        for at in 0..self.nodes.len() {
            if self.nodes[at].kind() == Kind::Alias {
                deferred.push(at);
            }
        }
        // Each alias' target is complete before the alias, so aliases are settled in document order.
        let mut prefix = Prefix::new(self.nodes.len());
        let mut settled = 0;
        for at in deferred {
            prefix.extend_to(at, &size, &mut settled);
            let target = self.nodes[at].link() as usize;
            let next = self.skip(u32::try_from(target).unwrap_or(u32::MAX)) as usize;
            size[at] = 1u64.saturating_add(prefix.sum(target, next)).min(u64::MAX / 4);
        }
        prefix.extend_to(self.nodes.len(), &size, &mut settled);
        let expanded = prefix.sum(0, self.nodes.len());
        let own = self.nodes.len() as u64;
        let from_aliases = expanded.saturating_sub(own);
        let is_bomb = expanded > MAX_EXPANDED_NODES
            || (expanded > ALIAS_FREE_NODES && from_aliases > 100 && from_aliases > expanded / 100 * MAX_ALIAS_PERCENT);
        if is_bomb {
            let message = format!("aliases expand {own} nodes to {expanded}: more than Kubernetes' reader accepts");
            let first = self.nodes.iter().position(|it| it.kind() == Kind::Alias).unwrap_or(0);
            return Err(self.error_at(u32::try_from(first).unwrap_or(0), message));
        }
        Ok(())
    }
}

/// Running sums of node sizes.
struct Prefix(Vec<u64>);

impl Prefix {
    fn new(capacity: usize) -> Self {
        let mut sums = Vec::with_capacity(capacity + 1);
        sums.push(0);
        Prefix(sums)
    }

    fn extend_to(&mut self, end: usize, size: &[u64], settled: &mut usize) {
        while *settled < end {
            let last = self.0[*settled];
            self.0.push(last.saturating_add(size[*settled]));
            *settled += 1;
        }
    }

    fn sum(&self, start: usize, end: usize) -> u64 {
        self.0[end] - self.0[start]
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

/// All duplicates, in document order.
fn find_duplicates(document: &Document) -> Box<[Duplicate]> {
    let mut found = Vec::new();
    for (id, node) in document.nodes.iter().enumerate() {
        if node.kind() != Kind::Map || !node.has(DUPLICATES) {
            continue;
        }
        let map = NodeRef { doc: document, id: u32::try_from(id).unwrap_or(u32::MAX) };
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for entry in map.written_entries() {
            if let Some(first) = seen.insert(entry.key.text(), entry.key.span()) {
                found.push(Duplicate { key: entry.key.id, first, second: entry.key.span() });
            }
        }
    }
    found.sort_by_key(|it| it.second);
    found.into_boxed_slice()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        let text: Arc<str> = text.into();
        let length = text.len();
        parse(SourceId(0), &text, 0..length).expect("parses").expect("holds a document")
    }

    fn error(text: &str) -> ParseError {
        let text: Arc<str> = text.into();
        let length = text.len();
        parse(SourceId(0), &text, 0..length).expect_err("is refused")
    }

    #[test]
    fn keys_and_values_know_their_places() {
        let text = "a:\n  - name: x # why\n    b: \"q\"\n  - c\nd: {e: 1}\n";
        let document = document(text);
        let at = |node: NodeRef<'_>| &text[node.span().range()];
        let a = document.root().entry("a").expect("there");
        assert_eq!(at(a.key), "a");
        assert_eq!(at(a.value), "- name: x # why\n    b: \"q\"\n  - c");
        let first = a.value.items().next().expect("there");
        assert_eq!(at(first), "name: x # why\n    b: \"q\"");
        assert_eq!(first.str_at(&["b"]), Some("q"));
        assert_eq!(&text[first.place(&["name"]).range()], "name: x");
        let d = document.root().get("d").expect("there");
        assert_eq!(at(d), "{e: 1}");
        assert_eq!(&text[document.comments()[0].span.range()], "# why");
        let b = first.get("b").expect("there");
        assert_eq!(document.root().path_to(b).to_string(), "a[x].b");
    }

    #[test]
    fn merge_keys_and_duplicates_count_as_kubernetes_counts_them() {
        let document = document("x: &x {a: 1, b: 2}\nw: {<<: *x, b: 3}\nz: {b: 3, <<: *x}\nz2: {a: 1, a: 2}\n");
        let root = document.root();
        assert_eq!(root.int_at(&["w", "b"]), Some(3));
        assert_eq!(root.int_at(&["w", "a"]), Some(1));
        assert_eq!(root.int_at(&["z", "b"]), Some(2));
        assert_eq!(root.int_at(&["z2", "a"]), Some(2));
        assert_eq!(document.duplicates().len(), 1);
    }

    #[test]
    fn keys_become_text() {
        let document = document("on: 1\n0x10: 2\n\"on\": 3\n");
        let names: Vec<_> = document.root().written_entries().map(Entry::name).collect();
        assert_eq!(names, ["true", "16", "on"]);
    }

    use super::super::Entry;

    #[test]
    fn bombs_and_loops_end() {
        let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (one, next) in ["a", "b", "c", "d", "e", "f", "g"].iter().zip(["b", "c", "d", "e", "f", "g", "h"]) {
            bomb.push_str(&format!("{next}: &{next} [{}]\n", vec![format!("*{one}"); 10].join(", ")));
        }
        assert!(error(&bomb).message.contains("aliases expand"));
        assert!(error("a: &a [*a]\n").message.contains("contains itself"));
        assert!(error(&"[".repeat(20_000)).message.contains("1000 levels"));
        assert!(error("a: \u{0}\n").message.contains("U+0000"));
    }

    #[test]
    fn text_behind_the_end_marker_is_told() {
        let document = document("a: 1\n...\n# note\nb: 2\n");
        let dropped = document.dropped().expect("b is not read");
        assert_eq!((dropped.start, dropped.end), (16, 20));
    }
}
