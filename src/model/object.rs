//! One Kubernetes object: its identity, and the tree that it is read from.

use crate::finding::{Identity, Subject, Title, TypeName};
use crate::source::Span;
use crate::yaml::{Document, NodeRef};
use std::num::NonZeroU32;
use std::sync::Arc;

/// An object's position in its environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// How an object was written before a kustomization changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The name in its file.
    pub name: String,
    /// The namespace in its file.
    pub namespace: Option<String>,
    /// The texts that patched it, in the order in which they were applied.
    pub changes: Vec<Change>,
    /// What they took out of it.
    pub removals: Vec<Removal>,
}

/// A field that a patch took out of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Where the map is written that held it.
    pub parent: Span,
    /// Its key.
    pub key: Box<str>,
    /// Where the patch says so.
    pub span: Span,
}

/// A text that patched an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands.
    pub span: Span,
    /// Whether it has the shape of the object; else it is one operation of a JSON patch.
    pub is_object: bool,
}

/// Where an object was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// In a manifest.
    Manifest,
    /// In a cluster, whose server has completed it and whose controllers have changed it.
    Cluster,
    /// There, too, but a controller made it of another object: nobody writes it, and no rule judges it.
    Controller,
}

/// An object that a manifest describes. It holds positions in its document, not copies of the text.
#[derive(Clone, Debug)]
pub struct Object {
    identity: Identity,
    id: ObjectId,
    /// The node in the document: the root, or an item of a List.
    node: u32,
    /// Whether it has the name that it is called by; a generated one only begins so.
    pub is_named: bool,
    /// Whether a kustomization or chart decides the namespace, so that an absent one is not `default`.
    pub is_governed: bool,
    /// What it was before, if a kustomization changed it.
    pub written: Option<Arc<Written>>,
    /// Where it was read.
    pub provenance: Provenance,
}

impl Object {
    /// Reads the identity of the object at `node`, or `None` if it has no `apiVersion` and `kind`.
    pub fn read(document: &Arc<Document>, node: NodeRef<'_>) -> Option<Object> {
        let text = |key: &str| node.get(key)?.as_str();
        let type_name = TypeName::shared(text("apiVersion")?, text("kind")?);
        let metadata = node.get("metadata");
        // The root has position 0, and no field is the root.
        let field = |key: &str| metadata.and_then(|it| it.get(key)).filter(|it| !it.text().is_empty());
        let own = field("name");
        let name = own.or_else(|| field("generateName")).and_then(|it| NonZeroU32::new(it.id()));
        let namespace = field("namespace").map(NodeRef::text);
        let identity = Identity::new(Arc::clone(document), type_name, name, namespace);
        let is_named = own.is_some_and(|it| !it.is_null());
        Some(Object {
            identity,
            id: ObjectId::default(),
            node: node.id(),
            is_named,
            is_governed: false,
            written: None,
            provenance: Provenance::Manifest,
        })
    }

    /// Its position in its environment: its identity there. Two environments count each for itself.
    pub fn id(&self) -> ObjectId {
        self.id
    }

    /// The tree.
    pub fn node(&self) -> NodeRef<'_> {
        self.identity.document.node(self.node)
    }

    /// The document that it stands in.
    pub fn document(&self) -> &Arc<Document> {
        &self.identity.document
    }

    /// Its identity, which outlives the object.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether a cluster holds it.
    pub fn is_live(&self) -> bool {
        self.provenance != Provenance::Manifest
    }

    /// Whether a controller made it of another object.
    pub fn is_made(&self) -> bool {
        self.provenance == Provenance::Controller
    }

    /// API group, empty for the core group.
    pub fn group(&self) -> &str {
        self.identity.group()
    }

    /// API version without the group, as in `v1beta2`.
    pub fn version(&self) -> &str {
        self.identity.version()
    }

    /// Kind.
    pub fn kind(&self) -> &str {
        self.identity.kind()
    }

    /// `metadata.name`, or `generateName`; empty if there is neither.
    pub fn name(&self) -> &str {
        self.identity.name()
    }

    /// The namespace as written.
    pub fn namespace(&self) -> Option<&str> {
        self.identity.namespace()
    }

    /// Whether it is of this group and kind.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.kind() == kind && self.group() == group
    }

    /// Its identity for findings.
    pub fn subject(&self) -> Subject {
        self.identity.subject()
    }

    /// `Deployment backend`: how messages name it.
    pub fn title(&self) -> String {
        // The configuration of a kind cluster has its name at the top, if it has one.
        let name = Some(self.name()).filter(|it| !it.is_empty()).or_else(|| self.node().str_at(&["name"]));
        name.map_or_else(|| self.kind().to_owned(), |name| format!("{} {name}", self.kind()))
    }

    /// The same without a text of its own.
    pub fn short_title(&self) -> Title {
        let Identity { document, type_name, name, .. } = &self.identity;
        Title::Object { document: Arc::clone(document), type_name: Arc::clone(type_name), name: *name }
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

/// Numbers the objects of an environment by their positions, once it is complete.
pub(super) fn number<'o>(objects: impl Iterator<Item = &'o mut Object>) {
    for (object, at) in objects.zip(0..) {
        object.id = ObjectId(at);
    }
}
