//! Values that stand at several places and are one and the same to kustomize, so that who changes one of
//! them changes all: labels that it put into several maps at once.
//!
//! `api/filters/filtersutil` puts one node everywhere; what is there already gets a copy.

use super::json_patch::is_equal;
use crate::yaml::tree::{Content, Tree};
use std::sync::Arc;

/// The keys and indexes that lead to a node.
pub(super) type Trail = Vec<String>;

/// An entry of a map.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The way to the map.
    pub(super) map: Arc<[String]>,
    /// The entry's position when it was last looked at. Objects of a thousand labels are looked at after each step.
    pub(super) at: usize,
}

impl Place {
    /// The position of a key in the map now.
    fn position(&self, key: &str, tree: &Tree) -> Option<usize> {
        let entries = find(tree, &self.map)?.entries();
        let is_there = entries.get(self.at).is_some_and(|it| *it.key == *key);
        if is_there { Some(self.at) } else { entries.iter().position(|it| *it.key == *key) }
    }

    /// The value that stands there, once its position is known.
    fn value<'t>(&self, tree: &'t Tree) -> Option<&'t Tree> {
        find(tree, &self.map)?.entries().get(self.at).map(|it| &it.value)
    }

    fn value_mut<'t>(&self, tree: &'t mut Tree) -> Option<&'t mut Tree> {
        match &mut find_mut(tree, &self.map)?.content {
            Content::Map(entries) => entries.get_mut(self.at).map(|it| &mut it.value),
            _ => None,
        }
    }
}

/// The places of one value.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    key: Box<str>,
    places: Vec<Place>,
    /// As it was when all of them had it.
    value: Tree,
}

impl Shared {
    /// The value that stands at a key of these maps now. None if it is but in one.
    pub(super) fn at(key: &str, places: Vec<Place>, tree: &Tree) -> Option<Shared> {
        let value = places.first().filter(|_| places.len() > 1)?.value(tree)?.clone();
        Some(Shared { key: key.into(), places, value })
    }

    /// Where one place has another value, all get it. Places that are gone are forgotten.
    pub(super) fn equalise(&mut self, tree: &mut Tree) {
        self.places.retain_mut(|it| {
            let position = it.position(&self.key, tree);
            it.at = position.unwrap_or(it.at);
            position.is_some()
        });
        let changed = self.places.iter().filter_map(|it| it.value(tree)).find(|it| !is_equal(it, &self.value));
        let Some(changed) = changed.cloned() else { return };
        for place in &self.places {
            if let Some(place) = place.value_mut(tree).filter(|it| !is_equal(it, &changed)) {
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
