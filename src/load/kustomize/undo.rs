//! What the operations of a JSON patch did, so that one that fails leaves the object as it was: a copy of the object for each
//! patch would take longer with each.

use super::pointer::{Step, parent};
use crate::yaml::tree::{Content, Tree, TreeEntry};

/// The steps of a patch so far.
#[derive(Debug, Default)]
pub(super) struct Done(Vec<Change>);

/// A change, with the pointer to where it was made and what was there.
#[derive(Debug)]
enum Change {
    /// The whole object.
    Whole(Tree),
    /// An entry was put into a map.
    Put(String, Option<TreeEntry>),
    /// One was taken out.
    Taken(String, usize, TreeEntry),
    /// An item was put into a list, over another one, or taken out.
    Inserted(String, usize),
    Set(String, usize, Tree),
    Removed(String, usize, Tree),
}

impl Done {
    pub(super) fn replace(&mut self, tree: &mut Tree, new: Tree) {
        self.0.push(Change::Whole(std::mem::replace(tree, new)));
    }

    pub(super) fn put(&mut self, map: &mut Tree, path: &str, entry: TreeEntry) {
        let Content::Map(entries) = &mut map.content else { return };
        let before = if let Some(there) = entries.iter_mut().find(|it| it.key == entry.key) {
            Some(std::mem::replace(there, entry))
        } else {
            entries.push(entry);
            None
        };
        self.0.push(Change::Put(path.to_owned(), before));
    }

    /// Takes an entry out; whether there was one.
    pub(super) fn take(&mut self, map: &mut Tree, path: &str, key: &str) -> bool {
        let Content::Map(entries) = &mut map.content else { return false };
        let Some(at) = entries.iter().position(|it| &*it.key == key) else { return false };
        self.0.push(Change::Taken(path.to_owned(), at, entries.remove(at)));
        true
    }

    pub(super) fn insert(&mut self, items: &mut Vec<Tree>, path: &str, at: usize, item: Tree) {
        items.insert(at, item);
        self.0.push(Change::Inserted(path.to_owned(), at));
    }

    pub(super) fn set(&mut self, items: &mut [Tree], path: &str, at: usize, item: Tree) {
        self.0.push(Change::Set(path.to_owned(), at, std::mem::replace(&mut items[at], item)));
    }

    pub(super) fn remove(&mut self, items: &mut Vec<Tree>, path: &str, at: usize) {
        self.0.push(Change::Removed(path.to_owned(), at, items.remove(at)));
    }

    /// Makes the tree what it was.
    pub(super) fn undo(self, tree: &mut Tree) {
        for change in self.0.into_iter().rev() {
            change.undo(tree);
        }
    }
}

impl Change {
    fn undo(self, tree: &mut Tree) {
        let path = match &self {
            Change::Whole(_) => "",
            Change::Put(path, _)
            | Change::Taken(path, ..)
            | Change::Inserted(path, _)
            | Change::Set(path, ..)
            | Change::Removed(path, ..) => path,
        };
        match (parent(tree, path), self) {
            (_, Change::Whole(before)) => *tree = before,
            (Ok((Step::Map(map), key)), Change::Put(_, before)) => match before {
                Some(before) => map.put(before),
                None => drop(map.remove(&key)),
            },
            (Ok((Step::Map(map), _)), Change::Taken(_, at, entry)) => {
                if let Content::Map(entries) = &mut map.content {
                    entries.insert(at.min(entries.len()), entry);
                }
            }
            (Ok((Step::List(items), _)), Change::Inserted(_, at)) => drop(items.remove(at)),
            (Ok((Step::List(items), _)), Change::Set(_, at, before)) => items[at] = before,
            (Ok((Step::List(items), _)), Change::Removed(_, at, item)) => items.insert(at, item),
            // What was done can be undone: the way there is what it was.
            _ => {}
        }
    }
}
