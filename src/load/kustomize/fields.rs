//! Fields of objects as kustomize's transformers name them: a kind, and a path through maps and lists.

use super::resource::{Id, Resource};
use crate::source::Span;
use crate::yaml::tree::{Content, Tree, TreeEntry};

/// A field of a kind of objects. Empty texts match everything.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) group: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: &'static str,
    /// Keys, with `/` between them. Lists on the way are gone through.
    pub(super) path: &'static str,
    /// Whether maps on the way, and the last one, are made where they are not there.
    pub(super) is_made: bool,
}

impl Field {
    /// Whether objects of this identity have it.
    pub(super) fn is_of(&self, id: &Id) -> bool {
        (self.group.is_empty() || self.group == id.group)
            && (self.version.is_empty() || self.version == id.version)
            && (self.kind.is_empty() || self.kind == id.kind)
    }
}

/// Goes to the field in a tree, making maps where asked to; `at` is the place of what makes them.
pub(super) fn visit(tree: &mut Tree, path: &str, is_made: bool, at: Span, change: &mut dyn FnMut(&mut Tree)) {
    let steps: Vec<&str> = path.split('/').collect();
    step(tree, &steps, is_made, at, change);
}

fn step(tree: &mut Tree, steps: &[&str], is_made: bool, at: Span, change: &mut dyn FnMut(&mut Tree)) {
    let Some((key, rest)) = steps.split_first() else { return change(tree) };
    match &mut tree.content {
        Content::List(items) => items.iter_mut().for_each(|it| step(it, steps, is_made, at, change)),
        Content::Map(_) => {
            if is_made && tree.get(key).is_none_or(Tree::is_null) {
                tree.put(TreeEntry::made(key, Tree::map(at)));
            }
            if let Some(child) = tree.get_mut(key) {
                step(child, rest, is_made, at, change);
            }
        }
        Content::Plain(_) | Content::Text(_) => {}
    }
}

/// Puts entries into the map at a field of every object that has the field. Objects that cannot be changed
/// are given back.
pub(super) fn put_all<'r>(
    resources: &'r mut [Resource],
    fields: &[Field],
    entries: &[TreeEntry],
    at: Span,
) -> Vec<&'r Resource> {
    let mut rigid = Vec::new();
    for resource in resources {
        let id = resource.id.clone();
        let mut wanted = fields.iter().filter(|it| it.is_of(&id)).peekable();
        if wanted.peek().is_none() {
            continue;
        }
        let Some(tree) = resource.edit() else {
            rigid.push(&*resource);
            continue;
        };
        for field in wanted {
            let mut put = |map: &mut Tree| entries.iter().for_each(|it| map.put(it.clone()));
            visit(tree, field.path, field.is_made, at, &mut put);
        }
    }
    rigid
}
