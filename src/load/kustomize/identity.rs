//! What tells an object from others, kept while a patch changes the object.

use crate::yaml::tree::{Tree, TreeEntry};

/// What tells an object from others, as it is written.
pub(super) struct Identity {
    version: Option<TreeEntry>,
    kind: Option<TreeEntry>,
    name: Option<TreeEntry>,
    namespace: Option<TreeEntry>,
}

impl Identity {
    pub(super) fn of(tree: &Tree) -> Identity {
        let entry = |tree: &Tree, key: &str| tree.entries().iter().find(|it| &*it.key == key).cloned();
        let of_metadata = |key: &str| tree.get("metadata").and_then(|it| entry(it, key));
        let (version, kind) = (entry(tree, "apiVersion"), entry(tree, "kind"));
        Identity { version, kind, name: of_metadata("name"), namespace: of_metadata("namespace") }
    }

    /// A patch names its object by kind and name, and by that changes neither, unless it is allowed to.
    pub(super) fn keep(self, patched: &mut Tree, may_rename: bool, may_change_kind: bool) {
        put_back(patched, self.version, "apiVersion");
        if !may_change_kind {
            put_back(patched, self.kind, "kind");
        }
        if patched.get("metadata").is_none() {
            let span = patched.span;
            patched.put(TreeEntry::made("metadata", Tree::map(span)));
        }
        let Some(metadata) = patched.get_mut("metadata") else { return };
        if !may_rename {
            put_back(metadata, self.name, "name");
        }
        put_back(metadata, self.namespace, "namespace");
    }
}

fn put_back(map: &mut Tree, entry: Option<TreeEntry>, key: &str) {
    match entry {
        Some(entry) => map.put(entry),
        None => drop(map.remove(key)),
    }
}
