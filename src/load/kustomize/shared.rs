//! Values that stand at several places and are one and the same to kustomize, so that who changes one of
//! them changes all: labels that it put into several maps at once.
//!
//! `api/filters/filtersutil` puts one node everywhere; what is there already gets a copy.

use super::json_patch::is_equal;
use crate::yaml::tree::{Content, Tree};

/// The keys and indexes that lead to a node.
pub(super) type Trail = Vec<String>;

/// The places of one value.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    trails: Vec<Trail>,
    /// As it was when all of them had it.
    value: Tree,
}

impl Shared {
    /// The value that stands at these places of a tree now. None if it is but at one.
    pub(super) fn at(trails: Vec<Trail>, tree: &Tree) -> Option<Shared> {
        let value = find(tree, trails.first()?)?.clone();
        (trails.len() > 1).then_some(Shared { trails, value })
    }

    /// Where one place has another value, all get it. Places that are gone are forgotten.
    pub(super) fn equalise(&mut self, tree: &mut Tree) {
        self.trails.retain(|it| find(tree, it).is_some());
        let changed = self.trails.iter().filter_map(|it| find(tree, it)).find(|it| !is_equal(it, &self.value));
        let Some(changed) = changed.cloned() else { return };
        for trail in &self.trails {
            if let Some(place) = find_mut(tree, trail).filter(|it| !is_equal(it, &changed)) {
                *place = changed.clone();
            }
        }
        self.value = changed;
    }
}

/// The node that keys and indexes lead to.
pub(super) fn find<'t>(tree: &'t Tree, trail: &[String]) -> Option<&'t Tree> {
    trail.iter().try_fold(tree, |node, step| step_to(node, step))
}

/// The node that a key or an index leads to.
pub(super) fn step_to<'t>(node: &'t Tree, step: &str) -> Option<&'t Tree> {
    match &node.content {
        Content::List(items) => items.get(step.parse::<usize>().ok()?),
        _ => node.get(step),
    }
}

/// The same, to change it.
pub(super) fn find_mut<'t>(tree: &'t mut Tree, trail: &[String]) -> Option<&'t mut Tree> {
    trail.iter().try_fold(tree, |node, step| {
        if matches!(node.content, Content::List(_)) {
            return node.items_mut().get_mut(step.parse::<usize>().ok()?);
        }
        node.get_mut(step)
    })
}

/// Puts a value in the place of another, and notes where the line of its key then ends.
pub(super) fn overwrite(tree: &mut Tree, trail: &[String], value: Tree) {
    let Some((last, above)) = trail.split_last() else { return };
    let Some(parent) = find_mut(tree, above) else { return };
    if let Content::Map(entries) = &mut parent.content {
        if let Some(entry) = entries.iter_mut().find(|it| *it.key == **last) {
            entry.is_one_line &= entry.value.span == value.span;
            entry.value = value;
        }
    } else if let Some(place) = find_mut(parent, std::slice::from_ref(last)) {
        *place = value;
    }
}
