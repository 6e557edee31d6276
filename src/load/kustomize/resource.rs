//! An object on its way through kustomizations: as it is written, and as it has become.

use crate::model::{Change, Object, Written};
use crate::source::{SourceId, Span};
use crate::yaml::Comment;
use crate::yaml::tree::{Content, Tree};
use std::collections::HashSet;
use std::sync::Arc;

/// What tells an object from others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Id {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) namespace: Option<String>,
}

impl Id {
    /// The identity that a tree writes down.
    pub(super) fn of(tree: &Tree) -> Id {
        let text = |keys: &[&str]| tree.text_at(keys).unwrap_or_default().to_owned();
        let version = text(&["apiVersion"]);
        let (group, version) = version.split_once('/').unwrap_or(("", &version));
        Id {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: text(&["kind"]),
            name: text(&["metadata", "name"]),
            namespace: Some(text(&["metadata", "namespace"])).filter(|it| !it.is_empty()),
        }
    }
}

/// An object, and what transformers made of it.
#[derive(Debug)]
pub(super) struct Resource {
    /// As written.
    written: Object,
    /// As it has become, once something changed it.
    tree: Option<Tree>,
    /// Comments of the texts that changed it: they may speak of its findings.
    comments: Vec<Comment>,
    heeded: HashSet<Span>,
    /// The texts that patched it.
    pub(super) changes: Vec<Change>,
    /// Its identity now.
    pub(super) id: Id,
    /// The names and namespaces that it had before, the written one first.
    pub(super) past: Vec<(String, Option<String>)>,
    /// Whether it is too large to be changed.
    pub(super) is_rigid: bool,
    /// Whether a patch deleted it.
    pub(super) is_deleted: bool,
}

impl Resource {
    /// An object as a file has it.
    pub(super) fn new(written: &Object) -> Resource {
        let id = Id {
            group: written.group().to_owned(),
            version: written.version().to_owned(),
            kind: written.kind().to_owned(),
            name: written.name().to_owned(),
            namespace: written.namespace().map(str::to_owned),
        };
        Resource {
            written: written.clone(),
            tree: None,
            comments: Vec::new(),
            heeded: HashSet::new(),
            changes: Vec::new(),
            id,
            past: Vec::new(),
            is_rigid: false,
            is_deleted: false,
        }
    }

    /// An object that a kustomization makes.
    pub(super) fn made(tree: Tree, source: SourceId) -> Option<Resource> {
        let document = Arc::new(tree.freeze(source, Vec::new()));
        let written = Object::read(&document, document.root())?;
        let mut resource = Resource::new(&written);
        resource.tree = Some(tree);
        Some(resource)
    }

    /// Where the object is written.
    pub(super) fn span(&self) -> Span {
        self.written.node().span()
    }

    /// The tree as it is now, to be changed. None where it is too large for that.
    pub(super) fn edit(&mut self) -> Option<&mut Tree> {
        if self.tree.is_none() && !self.is_rigid {
            self.tree = Tree::of(self.written.node());
            self.is_rigid = self.tree.is_none();
        }
        self.tree.as_mut()
    }

    /// Replaces the tree, and with it what tells the object from others.
    pub(super) fn replace(&mut self, tree: Tree) {
        let id = Id::of(&tree);
        self.tree = Some(tree);
        self.identify(id);
    }

    /// Gives it another identity; the one before is remembered.
    pub(super) fn identify(&mut self, id: Id) {
        if (&id.name, &id.namespace) != (&self.id.name, &self.id.namespace) {
            self.past.push((self.id.name.clone(), self.id.namespace.clone()));
        }
        self.id = id;
    }

    /// Renames it, in the tree too.
    pub(super) fn rename(&mut self, name: String) {
        let Some(tree) = self.edit() else { return };
        let Some(place) = tree.get_mut("metadata").and_then(|it| it.get_mut("name")) else { return };
        place.content = Content::Text(name.as_str().into());
        self.identify(Id { name, ..self.id.clone() });
    }

    /// Whether it has this name now or had it before.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.id.name == name || self.past.iter().any(|it| it.0 == name)
    }

    /// Remembers the comments of a text that changed it.
    pub(super) fn heed(&mut self, comments: &[Comment]) {
        if comments.first().is_some_and(|it| self.heeded.insert(it.span)) {
            self.comments.extend_from_slice(comments);
        }
    }

    /// What `says` makes of the scalar that stands at these keys now.
    pub(super) fn scalar<T>(&self, keys: &[&str], says: impl Fn(&str) -> T) -> Option<T> {
        match &self.tree {
            Some(tree) => tree.text_at(keys).map(says),
            None => self.written.node().at(keys).map(|it| says(it.text())),
        }
    }

    /// The object as it is deployed.
    pub(super) fn finish(self) -> Option<Object> {
        let mut object = match self.tree {
            None => self.written,
            Some(tree) => {
                let document = self.written.document();
                let mut comments = document.comments().to_vec();
                comments.extend(self.comments);
                let document = Arc::new(tree.freeze(document.source(), comments));
                let mut object = Object::read(&document, document.root())?;
                let (name, namespace) = match self.past.first() {
                    Some((name, namespace)) => (name.clone(), namespace.clone()),
                    None => (self.id.name, self.id.namespace),
                };
                object.written = Some(Arc::new(Written { name, namespace, changes: self.changes }));
                object
            }
        };
        object.is_governed = true;
        Some(object)
    }
}
