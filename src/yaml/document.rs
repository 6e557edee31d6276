//! A document: its nodes in order, and what they share.

use super::node::NodeRef;
use super::packed::Node;
use crate::source::{SourceId, Span};
use std::sync::Arc;

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
    /// The key whose value is lost.
    pub first: Span,
    /// The key whose value counts.
    pub second: Span,
}

/// One YAML or JSON document.
#[derive(Debug)]
pub struct Document {
    pub(super) source: SourceId,
    pub(super) text: Arc<str>,
    pub(super) nodes: Box<[Node]>,
    pub(super) cooked: Box<[Box<str>]>,
    /// Scalars with a tag, in order: what the tag makes of them.
    pub(super) tags: Box<[(u32, TagMeaning)]>,
    /// Documents put together from several files only: the source of each node.
    pub(super) origins: Option<Box<[SourceId]>>,
    pub(super) comments: Box<[Comment]>,
    pub(super) duplicates: Box<[Duplicate]>,
    /// The text after the document's end marker that no `---` introduces, if there is any.
    pub(super) dropped: Option<Span>,
}

/// What an explicit tag makes of a scalar's text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TagMeaning {
    Text,
    Resolved,
    Float(f64),
}

impl Document {
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
        &self.comments
    }

    /// The keys that stand twice in one map, in order.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// Text behind the end of the document that Kubernetes does not read.
    pub fn dropped(&self) -> Option<Span> {
        self.dropped
    }

    /// The text of a span of this document; empty for documents put together from several files.
    pub fn text_of(&self, span: Span) -> &str {
        if self.origins.is_some() { "" } else { self.text.get(span.range()).unwrap_or_default() }
    }

    /// Whether it was put together, perhaps from several files, so that no file holds it as it stands.
    pub fn is_composed(&self) -> bool {
        self.origins.is_some()
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never true: a document has a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}
