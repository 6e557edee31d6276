//! Objects that a kustomization only puts into another namespace: most of a base, in each of its overlays.
//!
//! What such an object comes to is worked out once; for every further namespace that document is copied, and the tree is
//! made only for an object of which something else is changed.

use super::fields::{Field, Leaf, Visit, put_scalar};
use super::respell::respell;
use crate::model::Object;
use crate::yaml::tree::{Tree, TreeEntry};
use crate::yaml::{Alike, Document, DocumentId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What an object comes to in some namespace; nothing where that has to be worked out each time.
type Slot = Arc<OnceLock<Option<Arc<Document>>>>;

/// Objects as they are in the first namespace that they were put into, by their documents and places in these.
#[derive(Debug, Default)]
pub(super) struct Templates(Mutex<HashMap<(DocumentId, u32), Slot>>);

/// A namespace that an object was put into while nothing else of it was changed.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    entry: Arc<TreeEntry>,
    /// The object there.
    document: Arc<Document>,
}

impl Templates {
    pub(super) fn of(&self, written: &Object, entry: &TreeEntry, alike: &Alike) -> Option<Arc<Document>> {
        let key = (written.document().id(), written.node().id());
        let slot = Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        slot.get_or_init(|| {
            let mut tree = Tree::of(written.node())?;
            put(&mut tree, entry).ok()?;
            respell(&mut tree);
            let document = written.document();
            let template = alike.take(tree.freeze(document.source(), document.comments().to_vec()));
            // Where it cannot take another namespace it is no template.
            template.in_namespace(entry).map(|_| template)
        })
        .clone()
    }
}

impl Moved {
    /// An object in a namespace; nothing if more than the namespace would have to change.
    pub(super) fn new(template: &Document, entry: &Arc<TreeEntry>) -> Option<Moved> {
        Some(Moved { document: Arc::new(template.in_namespace(entry)?), entry: Arc::clone(entry) })
    }

    /// Does to a tree what was put off.
    pub(super) fn apply(&self, tree: &mut Tree) {
        put(tree, &self.entry).expect("it was done to the template");
    }

    /// The document of the object.
    pub(super) fn into_document(self) -> Arc<Document> {
        self.document
    }
}

fn put(tree: &mut Tree, entry: &TreeEntry) -> Result<(), String> {
    let visit = Visit { leaf: Leaf::Scalar, at: entry.key_span, entry: Some(entry) };
    visit.visit(tree, &Field::any("metadata/namespace", true), &mut |it, _| put_scalar(it, &entry.value))
}
