//! A document: its nodes in order, and what they share.

use super::node::NodeRef;
use super::packed::Node;
use super::wide::Wide;
use crate::source::{SourceId, Span};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A comment of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// From `#` to the end of the line.
    pub span: Span,
}

/// A key that stands twice in one map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The second key's node.
    pub key: u32,
    /// The node of the key whose value is lost.
    pub lost: u32,
    /// The key whose value is lost.
    pub first: Span,
    /// The key whose value counts.
    pub second: Span,
}

/// Which document it is. No two documents of a process have the same one, not even after one is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DocumentId(u64);

impl DocumentId {
    /// One that no document has yet. It says nothing about the order of documents, which several threads read.
    pub(super) fn new() -> DocumentId {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        DocumentId(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// One YAML or JSON document.
#[derive(Debug)]
pub struct Document {
    pub(super) id: DocumentId,
    /// The first one that differs from it in the namespace at most, if that is known.
    pub(super) first: DocumentId,
    pub(super) source: SourceId,
    pub(super) text: Arc<str>,
    pub(super) nodes: Box<[Node]>,
    /// What few documents have, behind one pointer.
    pub(super) rare: Option<Box<Rare>>,
    /// Its long lists and maps, once somebody looks for the way to a node in one.
    pub(super) wide: OnceLock<Box<Wide>>,
}

/// What few documents have.
#[derive(Debug, Default)]
pub(super) struct Rare {
    /// Scalars whose text is not what stands in the file.
    pub(super) cooked: Box<[Box<str>]>,
    /// Scalars with a tag, in order: what the tag makes of them.
    pub(super) tags: Box<[(u32, TagMeaning)]>,
    /// Documents put together from several files only: where each node is written. Their nodes point into a text of
    /// their own, which no file holds.
    pub(super) places: Option<Box<[Span]>>,
    pub(super) comments: Box<[Comment]>,
    pub(super) duplicates: Box<[Duplicate]>,
    /// The text after the document's end marker that no `---` introduces, if there is any.
    pub(super) dropped: Option<Span>,
    /// Whether entries were taken out of it.
    pub(super) is_pruned: bool,
}

impl Rare {
    /// It behind its pointer, or nothing if it holds nothing.
    pub(super) fn boxed(self) -> Option<Box<Rare>> {
        let is_empty = self.cooked.is_empty()
            && self.tags.is_empty()
            && self.places.is_none()
            && self.comments.is_empty()
            && self.duplicates.is_empty()
            && self.dropped.is_none()
            && !self.is_pruned;
        (!is_empty).then(|| Box::new(self))
    }
}

/// What an explicit tag makes of a scalar's text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TagMeaning {
    Text,
    Resolved,
    Float(f64),
}

impl Document {
    /// One that has nothing but a text and its nodes.
    pub(super) fn new(source: SourceId, text: Arc<str>, nodes: Box<[Node]>) -> Document {
        let id = DocumentId::new();
        Document { id, first: id, source, text, nodes, rare: None, wide: OnceLock::new() }
    }

    /// Which document it is.
    pub fn id(&self) -> DocumentId {
        self.id
    }

    /// The first document from which it differs in the namespace of its object at most, or itself: see
    /// [`Alike`](super::Alike). What is found of one and does not name the namespace holds of the other, places included.
    pub fn first_alike(&self) -> DocumentId {
        self.first
    }

    /// The root node.
    pub fn root(&self) -> NodeRef<'_> {
        NodeRef { doc: self, id: 0 }
    }

    /// The node with this position in document order.
    ///
    /// # Panics
    /// If there is none; positions come from [`NodeRef::id`] of the same document.
    pub fn node(&self, id: u32) -> NodeRef<'_> {
        assert!((id as usize) < self.nodes.len(), "a node id of another document");
        NodeRef { doc: self, id }
    }

    /// The file that the document stands in. Documents built by a kustomization name their first resource's.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The comments, in order.
    pub fn comments(&self) -> &[Comment] {
        self.rare.as_ref().map_or(&[], |it| &it.comments)
    }

    /// The keys that stand twice in one map, in order.
    pub fn duplicates(&self) -> &[Duplicate] {
        self.rare.as_ref().map_or(&[], |it| &it.duplicates)
    }

    /// Text behind the end of the document that Kubernetes does not read.
    pub fn dropped(&self) -> Option<Span> {
        self.rare.as_ref()?.dropped
    }

    /// The text of a span of this document; empty for documents put together from several files.
    pub fn text_of(&self, span: Span) -> &str {
        if self.is_composed() { "" } else { self.text.get(span.range()).unwrap_or_default() }
    }

    /// Whether entries were taken out of it, so that its text holds more.
    pub fn is_pruned(&self) -> bool {
        self.rare.as_ref().is_some_and(|it| it.is_pruned)
    }

    /// Whether it was put together, perhaps from several files, so that no file holds it as it stands.
    pub fn is_composed(&self) -> bool {
        self.places().is_some()
    }

    /// The files that hold something of it, with repetitions.
    pub fn sources(&self) -> impl Iterator<Item = SourceId> {
        self.places().unwrap_or_default().iter().map(|it| it.source).chain([self.source])
    }

    /// Where each node is written, if they come from several files.
    pub(super) fn places(&self) -> Option<&[Span]> {
        self.rare.as_ref()?.places.as_deref()
    }

    /// What the tag of a scalar makes of it.
    pub(super) fn tag(&self, node: u32) -> Option<TagMeaning> {
        let tags = &self.rare.as_ref()?.tags;
        let at = tags.binary_search_by_key(&node, |(id, _)| *id).ok()?;
        Some(tags[at].1)
    }

    /// A scalar's text that is not what stands in the file.
    pub(super) fn cooked(&self, at: u32) -> &str {
        self.rare.as_ref().map_or("", |it| &it.cooked[at as usize])
    }
}
