//! A place in an object: the bytes to point at, and the field path that survives edits.

use super::Object;
use crate::source::Span;
use crate::yaml::{NodeRef, Path, Step};

/// Where a finding points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bytes.
    pub span: Span,
    /// The field.
    pub path: Path,
}

impl Object {
    /// The place of a field by its keys: at the entry, or, where it is absent, at the key of its nearest
    /// present parent. The path is that of the field in either case. What would point at the whole object
    /// points at its name.
    pub fn place(&self, keys: &[&str]) -> Place {
        self.place_in(self.node(), keys)
    }

    /// The same from a node inside the object.
    pub fn place_in(&self, node: NodeRef<'_>, keys: &[&str]) -> Place {
        let mut path = self.node().path_to(node);
        path.0.reserve_exact(keys.len());
        path.0.extend(keys.iter().map(|it| Step::Key((*it).to_owned())));
        let is_root = node == self.node();
        let first_is_absent = keys.first().is_none_or(|key| node.entry(key).is_none());
        let span = match self.removal(node, keys) {
            Some(removal) => removal,
            None if is_root && first_is_absent => self.name_span(),
            None => node.place(keys),
        };
        Place { span, path }
    }

    /// The place of a field of an item of a list: where it is absent, at the item's name.
    pub fn place_in_item(&self, item: NodeRef<'_>, keys: &[&str]) -> Place {
        let mut place = self.place_in(item, keys);
        let is_absent = keys.first().is_none_or(|it| item.at(&[it]).is_none());
        if let Some(name) = item.entry("name").filter(|_| is_absent && self.removal(item, keys).is_none()) {
            place.span = name.line_span();
        }
        place
    }

    /// Where a patch says that what these keys lead to is not there.
    pub fn removal(&self, node: NodeRef<'_>, keys: &[&str]) -> Option<Span> {
        let removals = self.written.as_ref().map(|it| &it.removals).filter(|it| !it.is_empty())?;
        let mut node = node;
        for key in keys {
            let Some(next) = node.get(key) else {
                let parent = node.span();
                let last = removals.iter().rev().find(|it| it.parent == parent && &*it.key == *key);
                return last.map(|it| it.span);
            };
            node = next;
        }
        None
    }

    /// The place of the object as a whole: its name.
    pub fn name_place(&self) -> Place {
        Place { span: self.name_span(), path: Path::of(&["metadata", "name"]) }
    }
}
