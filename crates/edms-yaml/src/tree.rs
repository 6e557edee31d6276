//! An owned tree that can be edited and whose nodes keep their places, even in several files: made from a
//! document, and frozen into one again.

use super::document::{Comment, Document, Rare};
use super::entry::Entry;
use super::node::NodeRef;
use super::packed::{Kind, Node, ONE_LINE, digest};
use super::scalar::{self, Scalar};
use crate::source::{SourceId, Span};

/// Deeper trees are not to be made: editing and dropping them are recursive.
pub const MAX_DEPTH: usize = 200;
/// Larger ones neither: aliases can make much of little.
const MAX_NODES: usize = 500_000;

/// A node with everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Where it is written.
    pub span: Span,
    /// What is written.
    pub content: Content,
}

/// What a node of a tree holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A scalar without quotes, which may be a number, a truth value or null.
    Plain(Box<str>),
    /// Text, in quotes or as a block.
    Text(Box<str>),
    /// A list.
    List(Vec<Tree>),
    /// A map, in order. No key stands in it twice.
    Map(Vec<TreeEntry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeEntry {
    /// The key.
    pub key: Box<str>,
    /// Where the key is written.
    pub key_span: Span,
    /// Whether the value ends on the line of the key, both in one file.
    pub is_one_line: bool,
    /// The value.
    pub value: Tree,
}

impl TreeEntry {
    /// The tree of an entry, on the terms of [`Tree::of`].
    pub fn of(entry: Entry<'_>) -> Option<TreeEntry> {
        let value = Tree::of(entry.value)?;
        let is_one_line = entry.line_span() != entry.key.span();
        Some(TreeEntry { key: entry.name().into(), key_span: entry.key.span(), is_one_line, value })
    }

    /// The same with a scalar taken as text, whatever it looks like: labels are never numbers.
    #[must_use]
    pub fn into_text(mut self) -> TreeEntry {
        if let Content::Plain(text) = &self.value.content {
            self.value.content = Content::Text(text.clone());
        }
        self
    }

    /// The same under another key.
    #[must_use]
    pub fn named(self, key: &str) -> TreeEntry {
        TreeEntry { key: key.into(), ..self }
    }

    /// An entry that is nowhere written as such, because of what stands at this place.
    pub fn made(key: &str, value: Tree) -> TreeEntry {
        TreeEntry { key: key.into(), key_span: value.span, is_one_line: false, value }
    }
}

impl Tree {
    /// The tree of a node, merge keys applied and aliases replaced by what they stand for. None if it is
    /// too large or too deep to be edited.
    pub fn of(node: NodeRef<'_>) -> Option<Tree> {
        let mut left = MAX_NODES;
        thaw(node, MAX_DEPTH, &mut left)
    }

    /// A text that is nowhere written as such, because of what stands at this place.
    pub fn text(text: &str, span: Span) -> Tree {
        Tree { span, content: Content::Text(text.into()) }
    }

    /// An empty map, for the same case.
    pub fn map(span: Span) -> Tree {
        Tree { span, content: Content::Map(Vec::new()) }
    }

    /// The entries of a map.
    pub fn entries(&self) -> &[TreeEntry] {
        match &self.content {
            Content::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list.
    pub fn items(&self) -> &[Tree] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, to change them.
    pub fn items_mut(&mut self) -> &mut [Tree] {
        match &mut self.content {
            Content::List(items) => items,
            _ => &mut [],
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(&self.content, Content::Plain(text) if scalar::resolve(text) == Scalar::Null)
    }

    /// A scalar's text, whatever its type.
    pub fn scalar(&self) -> Option<&str> {
        match &self.content {
            Content::Plain(text) | Content::Text(text) => Some(text),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// What a scalar says.
    pub fn typed(&self) -> Option<Scalar<'_>> {
        match &self.content {
            Content::Plain(text) => Some(scalar::resolve(text)),
            Content::Text(text) => Some(Scalar::Str(text)),
            Content::List(_) | Content::Map(_) => None,
        }
    }

    /// How many nodes are on the longest way down.
    pub fn depth(&self) -> usize {
        let below = match &self.content {
            Content::Plain(_) | Content::Text(_) => None,
            Content::List(items) => items.iter().map(Tree::depth).max(),
            Content::Map(entries) => entries.iter().map(|it| it.value.depth()).max(),
        };
        1 + below.unwrap_or(0)
    }

    /// How many nodes it has.
    pub fn size(&self) -> usize {
        let below: usize = match &self.content {
            Content::Plain(_) | Content::Text(_) => 0,
            Content::List(items) => items.iter().map(Tree::size).sum(),
            Content::Map(entries) => entries.iter().map(|it| it.value.size()).sum(),
        };
        1 + below
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Tree> {
        self.entries().iter().find(|it| &*it.key == key).map(|it| &it.value)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Tree> {
        match &mut self.content {
            Content::Map(entries) => entries.iter_mut().find(|it| &*it.key == key).map(|it| &mut it.value),
            _ => None,
        }
    }

    /// The value at the end of these keys.
    pub fn at(&self, keys: &[&str]) -> Option<&Tree> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text at the end of these keys.
    pub fn text_at(&self, keys: &[&str]) -> Option<&str> {
        self.at(keys)?.scalar()
    }

    /// Puts an entry in the place of the one with its key, or at the end. Nothing happens to what is no map.
    pub fn put(&mut self, entry: TreeEntry) {
        let Content::Map(entries) = &mut self.content else { return };
        match entries.iter_mut().find(|it| it.key == entry.key) {
            Some(there) => *there = entry,
            None => entries.push(entry),
        }
    }

    /// Takes an entry out.
    pub fn remove(&mut self, key: &str) -> Option<TreeEntry> {
        let Content::Map(entries) = &mut self.content else { return None };
        let at = entries.iter().position(|it| &*it.key == key)?;
        Some(entries.remove(at))
    }

    /// Gives every node another place.
    pub fn move_to(&mut self, place: &dyn Fn(Span) -> Span) {
        self.span = place(self.span);
        match &mut self.content {
            Content::List(items) => items.iter_mut().for_each(|it| it.move_to(place)),
            Content::Map(entries) => {
                for entry in entries {
                    entry.key_span = place(entry.key_span);
                    entry.value.move_to(place);
                }
            }
            Content::Plain(_) | Content::Text(_) => {}
        }
    }

    /// A document of this tree. It counts as one of `source`, and has these comments.
    pub fn freeze(&self, source: SourceId, comments: Vec<Comment>) -> Document {
        let namespace = self.at(&["metadata", "namespace"]).filter(|it| it.scalar().is_some());
        let mut frozen = Frozen { last: namespace, ..Frozen::default() };
        frozen.tree(self);
        frozen.end();
        let document = Document::new(source, frozen.text.into(), frozen.nodes.into_boxed_slice());
        let rare = Rare {
            places: Some(frozen.places.into_boxed_slice()),
            comments: comments.into_boxed_slice(),
            ..Rare::default()
        };
        Document { rare: rare.boxed(), ..document }
    }
}

fn thaw(node: NodeRef<'_>, depth: usize, left: &mut usize) -> Option<Tree> {
    *left = left.checked_sub(1)?;
    let depth = depth.checked_sub(1)?;
    let content = match node.scalar() {
        // A tag can make a text of what would be something else.
        Some(Scalar::Str(text))
            if node.resolved().kind() == Kind::Plain && matches!(scalar::resolve(text), Scalar::Str(_)) =>
        {
            Content::Plain(text.into())
        }
        Some(Scalar::Str(text)) => Content::Text(text.into()),
        // A tag can make a fraction of a whole number.
        Some(Scalar::Float(value)) if node.text().parse::<i64>().is_ok() => Content::Plain(format!("{value:?}").into()),
        Some(_) => Content::Plain(node.text().into()),
        None if node.is_map() => {
            let mut entries = Vec::new();
            for entry in node.entries() {
                let value = thaw(entry.value, depth, left)?;
                let is_one_line = entry.line_span() != entry.key.span();
                entries.push(TreeEntry { key: entry.name().into(), key_span: entry.key.span(), is_one_line, value });
            }
            Content::Map(entries)
        }
        None => {
            let mut items = Vec::new();
            for item in node.items() {
                items.push(thaw(item, depth, left)?);
            }
            Content::List(items)
        }
    };
    Some(Tree { span: node.span(), content })
}

/// The nodes of a document in the making. Its text is that of all scalars, one after the other, but for one.
#[derive(Default)]
struct Frozen<'t> {
    nodes: Vec<Node>,
    text: String,
    places: Vec<Span>,
    /// The scalar whose text stands behind all others: documents that differ in it have all else in common.
    last: Option<&'t Tree>,
    last_at: usize,
}

impl<'t> Frozen<'t> {
    /// Puts the last text behind the others.
    fn end(&mut self) {
        if let Some(text) = self.last.and_then(Tree::scalar) {
            let start = self.text.len();
            self.text.push_str(text);
            let end = |it: usize| u32::try_from(it).expect("a tree has fewer bytes");
            (self.nodes[self.last_at].start, self.nodes[self.last_at].end) = (end(start), end(self.text.len()));
        }
    }

    fn push(&mut self, node: Node, place: Span) -> usize {
        self.nodes.push(node);
        self.places.push(place);
        self.nodes.len() - 1
    }

    fn scalar(&mut self, kind: Kind, text: &str, place: Span) {
        self.push_text(kind, 0, 0, text, place);
    }

    fn key(&mut self, entry: &TreeEntry) {
        let flags = if entry.is_one_line { ONE_LINE } else { 0 };
        self.push_text(Kind::Text, flags, digest(&entry.key), &entry.key, entry.key_span);
    }

    fn push_text(&mut self, kind: Kind, flags: u8, link: u32, text: &str, place: Span) {
        let end = |it: &String| u32::try_from(it.len()).expect("a tree has fewer bytes");
        let start = end(&self.text);
        self.text.push_str(text);
        self.push(Node::new(start, end(&self.text), kind, flags, link), place);
    }

    fn collection(&mut self, kind: Kind, place: Span) -> usize {
        self.push(Node::new(0, 0, kind, 0, 0), place)
    }

    fn tree(&mut self, tree: &'t Tree) {
        match &tree.content {
            Content::Plain(_) | Content::Text(_) if self.last.is_some_and(|it| std::ptr::eq(it, tree)) => {
                self.last_at = self.nodes.len();
                let is_plain = matches!(tree.content, Content::Plain(_));
                self.scalar(if is_plain { Kind::Plain } else { Kind::Text }, "", tree.span);
            }
            Content::Plain(text) => self.scalar(Kind::Plain, text, tree.span),
            Content::Text(text) => self.scalar(Kind::Text, text, tree.span),
            Content::List(items) => {
                let at = self.collection(Kind::Seq, tree.span);
                for item in items {
                    self.tree(item);
                }
                self.close(at);
            }
            Content::Map(entries) => {
                let at = self.collection(Kind::Map, tree.span);
                for entry in entries {
                    self.key(entry);
                    self.tree(&entry.value);
                }
                self.close(at);
            }
        }
    }

    fn close(&mut self, at: usize) {
        let next = u32::try_from(self.nodes.len()).expect("a tree has fewer nodes");
        self.nodes[at].set_link(next);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{json, parse};
    use super::*;
    use std::sync::Arc;

    fn document(id: u32, text: &str) -> Document {
        let text: Arc<str> = text.into();
        parse(SourceId(id), &text, 0..text.len()).expect("parses").expect("holds a document")
    }

    #[test]
    fn what_is_frozen_reads_as_what_was_thawed() {
        let text = "a: &a {x: '1', y: 1, z: !!float 1, on: off}\nb: [*a, ~, |\n  t\n  u]\n";
        let text = text.replace("|\n  t\n  u", "\"t\\nu\"");
        let document = document(0, &text);
        let tree = Tree::of(document.root()).expect("small");
        let frozen = tree.freeze(SourceId(0), Vec::new());
        assert_eq!(json::to_string(frozen.root()), json::to_string(document.root()));
        assert_eq!(frozen.root().place(&["a", "y"]), document.root().place(&["a", "y"]));
        assert_eq!(frozen.root().place(&["a"]), document.root().place(&["a"]));
    }

    #[test]
    fn nodes_of_two_files_keep_their_places() {
        let (base, patch) = (document(0, "spec:\n  replicas: 1\n  x: 2\n"), document(1, "replicas:  5\n"));
        let mut tree = Tree::of(base.root()).expect("small");
        let other = Tree::of(patch.root()).expect("small");
        tree.get_mut("spec").expect("there").put(other.entries()[0].clone());
        let frozen = tree.freeze(SourceId(0), Vec::new());
        assert_eq!(frozen.root().int_at(&["spec", "replicas"]), Some(5));
        assert_eq!(frozen.root().place(&["spec", "replicas"]), Span { source: SourceId(1), start: 0, end: 12 });
        assert_eq!(frozen.root().place(&["spec", "x"]), Span { source: SourceId(0), start: 22, end: 26 });
    }

    #[test]
    fn what_is_too_deep_is_not_thawed() {
        let document = document(0, &format!("{}{}", "[".repeat(300), "]".repeat(300)));
        assert_eq!(Tree::of(document.root()), None);
    }
}
