//! One Kubernetes object: its identity, and the tree that it is read from.

use crate::finding::Subject;
use crate::source::Span;
use crate::yaml::{Document, NodeRef};
use std::sync::Arc;

/// An object's position in its environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// An object that a manifest describes.
#[derive(Clone, Debug)]
pub struct Object {
    document: Arc<Document>,
    /// The node in the document: the root, or an item of a List.
    node: u32,
    group: Box<str>,
    version: Box<str>,
    kind: Box<str>,
    name: Box<str>,
    namespace: Option<Box<str>>,
    /// Whether a kustomization or chart decides the namespace, so that an absent one is not `default`.
    pub is_governed: bool,
}

impl Object {
    /// Reads the identity of the object at `node`, or `None` if it has no `apiVersion` and `kind`.
    pub fn read(document: &Arc<Document>, node: NodeRef<'_>) -> Option<Object> {
        let api_version = node.get("apiVersion")?.as_str()?;
        let kind = node.get("kind")?.as_str()?;
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let metadata = node.get("metadata");
        let text = |key: &str| metadata.and_then(|it| it.get(key)).map(NodeRef::text).filter(|it| !it.is_empty());
        let name = text("name").or_else(|| text("generateName")).unwrap_or_default();
        Some(Object {
            document: Arc::clone(document),
            node: node.id(),
            group: group.into(),
            version: version.into(),
            kind: kind.into(),
            name: name.into(),
            namespace: text("namespace").map(Into::into),
            is_governed: false,
        })
    }

    /// The tree.
    pub fn node(&self) -> NodeRef<'_> {
        self.document.node(self.node)
    }

    /// The document that it stands in.
    pub fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// API group, empty for the core group.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// API version without the group, as in `v1beta2`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Kind.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// `metadata.name`, or `generateName`; empty if there is neither.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The namespace as written.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// Whether it is of this group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        &*self.kind == kind && &*self.group == group
    }

    /// Its identity for findings.
    pub fn subject(&self) -> Subject {
        Subject {
            group: self.group.to_string(),
            kind: self.kind.to_string(),
            namespace: self.namespace.as_ref().map(ToString::to_string),
            name: self.name.to_string(),
        }
    }

    /// `Deployment backend`: how messages name it.
    pub fn title(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    /// Where its name is written, or else its kind: the place for what is said of the whole object.
    pub fn name_span(&self) -> Span {
        let node = self.node();
        let metadata = node.get("metadata");
        let name = metadata.and_then(|it| it.entry("name").or_else(|| it.entry("generateName")));
        match name.or_else(|| node.entry("kind")) {
            Some(entry) => entry.line_span(),
            None => node.first_line(),
        }
    }

    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.node().at(&["metadata", "annotations"])?.get(key).map(NodeRef::text)
    }

    /// The value of a label of the object itself.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.node().at(&["metadata", "labels"])?.get(key).map(NodeRef::text)
    }
}
