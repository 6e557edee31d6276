//! The objects of a kustomization in the making, found by the names that they have or had.

use super::resource::Resource;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::ops::{Deref, DerefMut};

/// A list of objects. Whoever may change any of them makes it forget the names; who changes one or adds one does not.
#[derive(Clone, Default)]
pub(super) struct Resources {
    all: Vec<Resource>,
    /// Where objects stand, by the hashes of their names, in order.
    by_name: HashMap<u64, Vec<usize>, FixedState>,
    /// So many of them are entered there.
    known: usize,
    /// Those that may have got other names.
    changed: Vec<usize>,
    is_stale: bool,
}

impl Deref for Resources {
    type Target = Vec<Resource>;

    fn deref(&self) -> &Vec<Resource> {
        &self.all
    }
}

impl DerefMut for Resources {
    fn deref_mut(&mut self) -> &mut Vec<Resource> {
        self.is_stale = true;
        &mut self.all
    }
}

impl IntoIterator for Resources {
    type Item = Resource;
    type IntoIter = std::vec::IntoIter<Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl Resources {
    /// Adds one at the end.
    pub(super) fn push(&mut self, resource: Resource) {
        self.all.push(resource);
    }

    /// One of them, to change it.
    pub(super) fn one(&mut self, at: usize) -> &mut Resource {
        self.changed.push(at);
        &mut self.all[at]
    }

    /// Makes values that are one and the same equal again, in all of them.
    pub(super) fn equalise(&mut self) {
        self.all.iter_mut().for_each(Resource::equalise);
    }

    /// Those that have, or had, a name and are not deleted, in order.
    pub(super) fn named(&mut self, name: &str) -> Vec<usize> {
        self.enter_all();
        let found = self.by_name.get(&hash(name)).into_iter().flatten().copied();
        found.filter(|it| !self.all[*it].is_deleted && self.all[*it].is_or_was_called(name)).collect()
    }

    /// Those that are not deleted, in order.
    pub(super) fn there(&self) -> Vec<usize> {
        (0..self.all.len()).filter(|it| !self.all[*it].is_deleted).collect()
    }

    fn enter_all(&mut self) {
        let mut changed = std::mem::take(&mut self.changed);
        if std::mem::take(&mut self.is_stale) {
            (self.known, changed) = (0, Vec::new());
            self.by_name.clear();
        }
        let new = self.known..self.all.len();
        self.known = self.all.len();
        for at in changed.into_iter().chain(new) {
            let resource = &self.all[at];
            for name in resource.past.iter().map(|it| &it.name).chain([&resource.id.name]) {
                let places = self.by_name.entry(hash(name)).or_default();
                if let Err(before) = places.binary_search(&at) {
                    places.insert(before, at);
                }
            }
        }
    }
}

fn hash(name: &str) -> u64 {
    FixedState::default().hash_one(name)
}
