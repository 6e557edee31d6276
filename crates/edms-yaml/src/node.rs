//! Reading the tree: a subtree is a range of nodes, and siblings need no pool.

use super::document::{Document, TagMeaning};
use super::entry::Entry;
use super::packed::{self, COOKED, DUPLICATES, FLOW, Kind, MERGE, Node, QUOTED, TAGGED};
use super::scalar::{self, Scalar};
use super::wide::WIDE;
use crate::source::Span;

/// The length of the longest way to write null.
const NULL: u32 = 4;

/// A node of a document. Aliases are followed by every question about content.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    pub(super) doc: &'a Document,
    pub(super) id: u32,
}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&super::json::to_string(*self))
    }
}

impl PartialEq for NodeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.doc, other.doc) && self.id == other.id
    }
}

impl<'a> NodeRef<'a> {
    #[inline]
    pub(super) fn node(self) -> &'a Node {
        &self.doc.nodes[self.id as usize]
    }

    /// The node itself, or what an alias refers to.
    #[inline]
    pub fn resolved(self) -> NodeRef<'a> {
        let node = self.node();
        if node.kind() == Kind::Alias { NodeRef { doc: self.doc, id: node.link() } } else { self }
    }

    /// Whether the other node is written inside this one, or is this one.
    pub fn holds(self, other: NodeRef<'_>) -> bool {
        std::ptr::eq(self.doc, other.doc) && self.id <= other.id && other.id < self.next()
    }

    /// The document.
    pub fn document(self) -> &'a Document {
        self.doc
    }

    /// The position in document order, unique in the document.
    pub fn id(self) -> u32 {
        self.id
    }

    /// Where it is written; for an alias, where the alias is.
    pub fn span(self) -> Span {
        let node = self.node();
        let written = Span { source: self.doc.source, start: node.start, end: node.end };
        self.doc.places().map_or(written, |it| it[self.id as usize])
    }

    /// The kind; never [`Kind::Alias`].
    pub fn kind(self) -> Kind {
        self.resolved().node().kind()
    }

    /// Whether it is a map.
    pub fn is_map(self) -> bool {
        self.kind() == Kind::Map
    }

    /// Whether it is a list.
    pub fn is_seq(self) -> bool {
        self.kind() == Kind::Seq
    }

    /// Whether it is null: `~`, `null` or nothing.
    pub fn is_null(self) -> bool {
        let it = self.resolved();
        let node = it.node();
        // Most nodes tell without their text: every path that a rule follows ends with this question.
        let may_be = node.has(TAGGED | COOKED) || (node.kind() == Kind::Plain && node.end - node.start <= NULL);
        may_be && it.scalar() == Some(Scalar::Null)
    }

    /// Whether the collection is written in brackets.
    pub fn is_flow(self) -> bool {
        self.resolved().node().has(FLOW)
    }

    /// The id after this subtree.
    #[inline]
    pub(super) fn next(self) -> u32 {
        self.node().next(self.id)
    }

    /// The scalar's text, whatever its type; empty for collections.
    pub fn text(self) -> &'a str {
        let it = self.resolved();
        let node = it.node();
        match node.kind() {
            Kind::Seq | Kind::Map | Kind::Alias => "",
            _ if node.has(COOKED) => it.doc.cooked(node.link()),
            _ => {
                let inset = u32::from(node.has(QUOTED));
                &it.doc.text[(node.start + inset) as usize..(node.end - inset) as usize]
            }
        }
    }

    /// Whether the text of a key is this one.
    #[inline]
    fn is_written(self, key: &str) -> bool {
        let node = self.node();
        if !node.has_digest() {
            return self.text() == key;
        }
        let inset = u32::from(node.has(QUOTED));
        let range = (node.start + inset) as usize..(node.end - inset) as usize;
        self.doc.text.as_bytes().get(range).is_some_and(|it| packed::are_equal(it, key.as_bytes()))
    }

    /// The scalar's value, or `None` for a collection.
    pub fn scalar(self) -> Option<Scalar<'a>> {
        let it = self.resolved();
        let node = it.node();
        if matches!(node.kind(), Kind::Seq | Kind::Map) {
            return None;
        }
        let text = it.text();
        if node.has(TAGGED) {
            return Some(match it.doc.tag(it.id)? {
                TagMeaning::Text => Scalar::Str(text),
                TagMeaning::Resolved => scalar::resolve(text),
                TagMeaning::Float(value) => Scalar::Float(value),
            });
        }
        Some(if node.kind() == Kind::Plain { scalar::resolve(text) } else { Scalar::Str(text) })
    }

    /// The text, if it is a string for Kubernetes.
    pub fn as_str(self) -> Option<&'a str> {
        match self.scalar()? {
            Scalar::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is an integer of 32 bits for Kubernetes, as its counts and ports are: the API server
    /// refuses larger ones, and sums of these never overflow.
    pub fn as_int(self) -> Option<i64> {
        let number = match self.scalar()? {
            Scalar::Int(value) => value,
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
            Scalar::Float(value) if value.fract() == 0.0 && value.abs() < 9.0e15 => value as i64,
            _ => return None,
        };
        i32::try_from(number).ok().map(i64::from)
    }

    /// The truth value, if it is one for Kubernetes.
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar()? {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items of a list; nothing for anything else.
    pub fn items(self) -> Children<'a> {
        let it = self.resolved();
        if it.node().kind() == Kind::Seq { it.children() } else { Children { doc: it.doc, at: 0, end: 0 } }
    }

    /// The children as written, keys and values in turn for a map.
    pub(super) fn children(self) -> Children<'a> {
        let node = self.node();
        match node.kind() {
            Kind::Seq | Kind::Map => Children { doc: self.doc, at: self.id + 1, end: node.link() },
            _ => Children { doc: self.doc, at: 0, end: 0 },
        }
    }

    /// The entries as written, merge keys and lost duplicates included.
    pub fn written_entries(self) -> impl Iterator<Item = Entry<'a>> {
        let it = self.resolved();
        let mut children =
            if it.node().kind() == Kind::Map { it.children() } else { Children { doc: it.doc, at: 0, end: 0 } };
        std::iter::from_fn(move || Some(Entry { key: children.next()?, value: children.next()? }))
    }

    /// The entries that count: of duplicates the last, merge keys applied in the order they stand.
    pub fn entries(self) -> Entries<'a> {
        let it = self.resolved();
        let node = it.node();
        if node.kind() != Kind::Map {
            return Entries::Written(Children { doc: it.doc, at: 0, end: 0 });
        }
        if !node.has(MERGE | DUPLICATES) {
            return Entries::Written(it.children());
        }
        let mut entries = Vec::new();
        it.apply_entries(&mut entries);
        Entries::Applied(entries.into_iter())
    }

    /// Writes the entries of a map over those that are there, as Go's decoder fills a map.
    fn apply_entries(self, into: &mut Vec<Entry<'a>>) {
        for entry in self.written_entries() {
            if !entry.key.is_merge_key() {
                put(into, entry);
                continue;
            }
            let value = entry.value.resolved();
            if value.is_map() {
                value.apply_entries(into);
            } else {
                // Of several merged maps the first has precedence, so it is applied last.
                let maps: Vec<_> = value.items().collect();
                for map in maps.into_iter().rev() {
                    map.resolved().apply_entries(into);
                }
            }
        }
    }

    /// Whether it is the plain key `<<`.
    pub(super) fn is_merge_key(self) -> bool {
        let node = self.node();
        node.kind() == Kind::Plain && !node.has(TAGGED) && self.text() == "<<"
    }

    /// The entry with this key.
    pub fn entry(self, key: &str) -> Option<Entry<'a>> {
        let map = self.resolved();
        let node = map.node();
        if node.kind() != Kind::Map {
            return None;
        }
        if node.has(MERGE | DUPLICATES) {
            return self.entries().find(|it| it.key.text() == key);
        }
        // Rules ask this more than anything else.
        let (digest, end) = (packed::digest(key), node.link());
        let siblings = map.doc.nodes.get(..end as usize).unwrap_or_default();
        let mut at = map.id + 1;
        for _ in 0..WIDE {
            let [written, value] = siblings.get(at as usize..)?.first_chunk()?;
            if written.may_be(digest) {
                let it = NodeRef { doc: map.doc, id: at };
                if it.is_written(key) {
                    return Some(Entry { key: it, value: NodeRef { doc: map.doc, id: at + 1 } });
                }
            }
            at = value.next(at + 1);
        }
        let mut keys = map.doc.wide().keys(map.id, digest).map(|id| NodeRef { doc: map.doc, id });
        let key = keys.find(|it| it.is_written(key))?;
        Some(Entry { key, value: NodeRef { doc: map.doc, id: key.next() } })
    }

    /// The value of this key.
    pub fn get(self, key: &str) -> Option<NodeRef<'a>> {
        self.entry(key).map(|it| it.value)
    }

    /// The value at the end of these keys; a null value counts as absent.
    pub fn at(self, keys: &[&str]) -> Option<NodeRef<'a>> {
        self.follow(keys).filter(|it| !it.is_null())
    }

    /// The value at the end of these keys, whatever it is.
    fn follow(self, keys: &[&str]) -> Option<NodeRef<'a>> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The string at the end of these keys.
    pub fn str_at(self, keys: &[&str]) -> Option<&'a str> {
        self.follow(keys)?.as_str()
    }

    /// The integer at the end of these keys.
    pub fn int_at(self, keys: &[&str]) -> Option<i64> {
        self.follow(keys)?.as_int()
    }

    /// The truth value at the end of these keys.
    pub fn bool_at(self, keys: &[&str]) -> Option<bool> {
        self.follow(keys)?.as_bool()
    }

    /// The items of the list at the end of these keys.
    pub fn items_at(self, keys: &[&str]) -> impl Iterator<Item = NodeRef<'a>> + use<'a> {
        self.follow(keys).into_iter().flat_map(NodeRef::items)
    }

    /// Where to point for a value: at the entry, if it is there; else at the key of its nearest present parent.
    pub fn place(self, keys: &[&str]) -> Span {
        let mut node = self;
        let mut span = None;
        for key in keys {
            let Some(entry) = node.entry(key) else { break };
            span = Some(entry.line_span());
            node = entry.value;
        }
        span.unwrap_or_else(|| self.first_line())
    }

    /// The line of a part of this scalar's text; the first line where that cannot be told. The part has to be a
    /// piece of what [`NodeRef::text`] returns, not a copy of it.
    pub fn line_of(self, part: &str) -> Span {
        let (whole, span) = (self.text(), self.resolved().span());
        let offset = part.as_ptr().addr().checked_sub(whole.as_ptr().addr()).filter(|it| *it < whole.len());
        let (Some(offset), false) = (offset, part.is_empty() || self.doc.is_composed()) else {
            return self.first_line();
        };
        // What is written differs from the text by indents and quotes, but holds the part as often.
        let before = whole.get(..offset).map_or(0, |it| it.matches(part).count());
        let written = self.doc.text.get(span.range()).unwrap_or_default();
        let Some((at, _)) = written.match_indices(part).nth(before) else { return self.first_line() };
        let start = written[..at].rfind('\n').map_or(0, |it| it + 1);
        let line = written[start..].lines().next().unwrap_or_default();
        let inset = line.len() - line.trim_start().len();
        let place = |it: usize| span.start + u32::try_from(it).unwrap_or(0);
        Span { start: place(start + inset), end: place(start + line.trim_end().len()), ..span }
    }

    /// The first line of what is written here.
    pub fn first_line(self) -> Span {
        let span = self.span();
        if self.is_map()
            && let Some(entry) = self.resolved().written_entries().next()
        {
            return entry.line_span();
        }
        if self.doc.is_composed() {
            return span;
        }
        let text = self.doc.text.get(span.range()).unwrap_or_default();
        let line = text.lines().next().unwrap_or_default().trim_end();
        Span { end: span.start + u32::try_from(line.len()).unwrap_or(0), ..span }
    }
}

/// Replaces the entry with the same key, or adds it.
fn put<'a>(into: &mut Vec<Entry<'a>>, entry: Entry<'a>) {
    match into.iter_mut().find(|it| it.key.text() == entry.key.text()) {
        Some(there) => *there = entry,
        None => into.push(entry),
    }
}

/// Siblings.
#[derive(Clone)]
pub struct Children<'a> {
    doc: &'a Document,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = NodeRef<'a>;

    fn next(&mut self) -> Option<NodeRef<'a>> {
        if self.at >= self.end {
            return None;
        }
        let node = NodeRef { doc: self.doc, id: self.at };
        self.at = node.next();
        Some(node)
    }
}

/// Entries of a map.
pub enum Entries<'a> {
    /// As written: there is nothing to merge.
    Written(Children<'a>),
    /// After merging.
    Applied(std::vec::IntoIter<Entry<'a>>),
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        match self {
            Entries::Written(children) => Some(Entry { key: children.next()?, value: children.next()? }),
            Entries::Applied(entries) => entries.next(),
        }
    }
}
