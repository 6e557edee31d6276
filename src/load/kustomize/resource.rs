//! An object on its way through kustomizations: as it is written, and as it has become.

use super::id::Id;
use super::metadata::Metadata;
use super::moved::Moved;
use super::respell::{is_respelt, respell};
use super::shared::{Place, Shared};
use super::tags::Tags;
use super::{Refusal, UNKNOWN};
use crate::model::{Change, Object, Removal, Written};
use crate::source::{SourceId, Span};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Alike, Comment};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// A name that an object had, with the namespace that is compared and the kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Past {
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) kind: String,
}

/// What a generator does where its object is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Behavior {
    #[default]
    Create,
    Replace,
    Merge,
}

/// An object, and what transformers made of it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what became of it: none of these follows from another")]
pub(super) struct Resource {
    /// As written.
    written: Object,
    /// As it has become, once something changed it.
    tree: Option<Tree>,
    /// The namespace that it was put into, where that is all and there is no tree.
    pub(super) moved: Option<Moved>,
    /// Comments of the texts that changed it: they may cover its findings.
    comments: Vec<Comment>,
    heeded: HashSet<Span>,
    /// The texts that patched it.
    pub(super) changes: Vec<Change>,
    /// What they took out of it.
    pub(super) removals: Vec<Removal>,
    /// Its identity now.
    pub(super) id: Id,
    /// The identities that it had before, the first one first.
    pub(super) past: Vec<Past>,
    /// What was put before its name, and behind it, in order.
    pub(super) prefixes: Vec<String>,
    pub(super) suffixes: Vec<String>,
    /// Whether the hash of its content is to be put behind its name.
    pub(super) needs_hash: bool,
    /// Whether a generator made it: kustomize notes that in its annotations.
    pub(super) is_generated: bool,
    /// Whether kustomize notes in its annotations where it comes from.
    pub(super) is_traced: bool,
    /// The variables that read it.
    pub(super) variables: Vec<String>,
    /// Values that stand at several places, by their keys.
    shared: BTreeMap<Box<str>, Vec<Shared>>,
    /// Whether its tree may have been changed since those were made equal.
    is_touched: bool,
    /// The types of values whose texts look like something else.
    tags: Tags,
    /// How many values patches have copied with it.
    pub(super) cloned: usize,
    /// Whether it is too large to be changed.
    pub(super) is_rigid: bool,
    /// Whether a patch deleted it.
    pub(super) is_deleted: bool,
    /// Whether nobody knows what becomes of it.
    pub(super) is_open: bool,
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
            moved: None,
            comments: Vec::new(),
            heeded: HashSet::new(),
            changes: Vec::new(),
            removals: Vec::new(),
            id,
            past: Vec::new(),
            prefixes: Vec::new(),
            suffixes: Vec::new(),
            needs_hash: false,
            is_generated: false,
            is_traced: false,
            variables: Vec::new(),
            shared: BTreeMap::new(),
            is_touched: false,
            tags: Tags::default(),
            cloned: 0,
            is_rigid: false,
            is_deleted: false,
            is_open: false,
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

    /// What it is called in its file.
    pub(super) fn title(&self) -> String {
        self.written.title()
    }

    /// Where the object is written.
    pub(super) fn span(&self) -> Span {
        self.written.node().span()
    }

    /// The object in its file, where it has no tree of its own.
    pub(super) fn as_written(&self) -> Option<&Object> {
        Some(&self.written).filter(|_| self.tree.is_none() && !self.is_rigid)
    }

    /// The tree as it is now, to be changed. None where it is too large for that.
    pub(super) fn edit(&mut self) -> Option<&mut Tree> {
        self.is_touched = true;
        self.edit_here()
    }

    /// The same for who puts values at several places and shares them.
    pub(super) fn edit_here(&mut self) -> Option<&mut Tree> {
        if self.tree.is_none() && !self.is_rigid {
            self.tree = Tree::of(self.written.node());
            self.is_rigid = self.tree.is_none();
            if let (Some(moved), Some(tree)) = (self.moved.take(), &mut self.tree) {
                moved.apply(tree);
            }
        }
        self.tree.as_mut()
    }

    /// The tree as it is now, taken out to be changed beside the other objects: [`Resource::put_back`] puts it back.
    pub(super) fn take_out(&mut self) -> Option<Tree> {
        self.edit();
        self.tree.take()
    }

    /// Puts back what was taken out.
    pub(super) fn put_back(&mut self, tree: Tree) {
        self.is_touched = true;
        self.tree = Some(tree);
    }

    /// The same with the tags of its values.
    pub(super) fn edit_with_tags(&mut self) -> (Option<&mut Tree>, &mut Tags) {
        self.edit();
        (self.tree.as_mut(), &mut self.tags)
    }

    /// Does to the values without a tag what a merge does to them.
    pub(super) fn settle(&mut self) {
        if let Some(tree) = &mut self.tree {
            self.tags.settle(tree);
        }
    }

    /// Why it cannot be written down, if it cannot.
    pub(super) fn broken(&self) -> Option<Refusal> {
        self.tags.refusal(self.tree.as_ref()?)
    }

    /// Replaces the tree, and with it what tells the object from others.
    pub(super) fn replace(&mut self, tree: Tree) {
        self.is_touched = true;
        self.id = Id::of(&tree);
        self.tree = Some(tree);
    }

    /// Notes that values are one and the same at all of their places.
    /// Others of the same keys are made equal to them.
    pub(super) fn share<'k>(&mut self, all: impl IntoIterator<Item = (&'k str, Vec<Place>)>) {
        let Some(tree) = &mut self.tree else { return };
        for (key, places) in all {
            if let Some(shared) = Shared::at(key, places, tree) {
                self.shared.entry(key.into()).or_default().push(shared);
            }
            let same = self.shared.get_mut(key).into_iter().flatten();
            same.for_each(|it| it.equalise(tree));
        }
    }

    /// Makes values that are one and the same equal again after a change of one of them.
    pub(super) fn equalise(&mut self) {
        if let Some(tree) = self.tree.as_mut().filter(|_| std::mem::take(&mut self.is_touched)) {
            self.shared.values_mut().flatten().for_each(|it| it.equalise(tree));
        }
    }

    /// Forgets what JSON does not tell: types that do not follow from texts.
    pub(super) fn forget_tags(&mut self) {
        self.tags = Tags::default();
    }

    /// Forgets which values are one and the same, as JSON does.
    pub(super) fn separate(&mut self) {
        self.shared.clear();
    }

    /// Reads the identity again after a change.
    pub(super) fn identify(&mut self) {
        if let Some(tree) = &self.tree {
            self.id.follow(tree);
        }
    }

    /// Whether it had a name where it is written, and has none now.
    pub(super) fn has_lost_name(&self) -> bool {
        self.id.name.is_empty() && !self.written.name().is_empty()
    }

    /// Remembers the identity of now as one of the past.
    pub(super) fn remember(&mut self) {
        let Id { kind, name, .. } = &self.id;
        self.past.push(Past { namespace: self.id.place().to_owned(), name: name.clone(), kind: kind.clone() });
    }

    /// Renames it, in the tree too.
    pub(super) fn rename(&mut self, name: String) {
        let Some(tree) = self.edit() else { return };
        let Some(place) = tree.get_mut("metadata").and_then(|it| it.get_mut("name")) else { return };
        place.content = Content::Text(name.as_str().into());
        self.id.name = name;
    }

    /// The first identity: of the past, or that of now.
    pub(super) fn origin(&self) -> Id {
        self.past.first().map_or_else(|| self.id.clone(), |it| self.id_of(it))
    }

    /// All identities, those of the past first. Group and version are always those of now.
    pub(super) fn ids(&self) -> impl Iterator<Item = Id> + '_ {
        self.past.iter().map(|it| self.id_of(it)).chain([self.id.clone()])
    }

    fn id_of(&self, past: &Past) -> Id {
        Id {
            group: self.id.group.clone(),
            version: self.id.version.clone(),
            kind: past.kind.clone(),
            name: past.name.clone(),
            namespace: Some(past.namespace.clone()),
        }
    }

    /// Whether this is, or was, its name.
    pub(super) fn is_or_was_called(&self, name: &str) -> bool {
        self.id.name == name || self.past.iter().any(|it| it.name == name)
    }

    /// Whether it is, or was, what this identity says.
    pub(super) fn is_or_was(&self, id: &Id) -> bool {
        let is_type = self.id.group == id.group && self.id.version == id.version;
        let was = |it: &Past| it.kind == id.kind && it.name == id.name && it.namespace == id.place();
        let is = || self.id.kind == id.kind && self.id.name == id.name && self.id.place() == id.place();
        is_type && (self.past.iter().any(was) || is())
    }

    /// Whether kustomize keeps notes of its own among the annotations.
    pub(super) fn has_notes(&self) -> bool {
        let is_renamed = !self.past.is_empty() || !self.prefixes.is_empty() || !self.suffixes.is_empty();
        is_renamed || self.is_generated || self.is_traced
    }

    /// Puts the labels and annotations that kustomize writes of itself: their values are its business.
    pub(super) fn mark(&mut self, metadata: Metadata) {
        let notes = [
            (metadata.shows_origin, "annotations", "config.kubernetes.io/origin"),
            (metadata.shows_transformers, "annotations", "alpha.config.kubernetes.io/transformations"),
            (metadata.labels, "labels", "app.kubernetes.io/managed-by"),
        ];
        for (_, map, key) in notes.into_iter().filter(|it| it.0) {
            let span = self.span();
            let Some(tree) = self.edit().and_then(|it| it.get_mut("metadata")) else { continue };
            if tree.get(map).is_none_or(Tree::is_null) {
                tree.put(TreeEntry::made(map, Tree::map(span)));
            }
            if let Some(map) = tree.get_mut(map) {
                map.put(TreeEntry::made(key, Tree::text(UNKNOWN, span)));
            }
        }
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
    pub(super) fn finish(mut self, alike: &Alike) -> Option<Object> {
        let moved = self.moved.take_if(|_| self.comments.is_empty()).map(Moved::into_document);
        if moved.is_none() && self.tree.is_none() && (self.moved.is_some() || is_respelt(self.written.node())) {
            self.edit();
        }
        let document = match (moved, self.tree) {
            (Some(moved), _) => moved,
            (None, Some(mut tree)) => {
                respell(&mut tree);
                let document = self.written.document();
                let mut comments = document.comments().to_vec();
                comments.extend(self.comments);
                alike.take(tree.freeze(document.source(), comments))
            }
            (None, None) => {
                self.written.is_governed = true;
                return Some(self.written);
            }
        };
        let mut object = Object::read(&document, document.root())?;
        let (name, namespace) = (self.written.name().to_owned(), self.written.namespace().map(str::to_owned));
        let (changes, removals) = (self.changes, self.removals);
        object.written = Some(Arc::new(Written { name, namespace, changes, removals }));
        object.is_governed = true;
        Some(object)
    }
}
