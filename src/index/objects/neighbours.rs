//! Objects of one kind by where they are, for who looks for those of one namespace: manifests often leave it out.

use super::namespaces::is_template;
use crate::index::lookup::hashing::{Map, hash};
use crate::index::{Nearness, Objects};
use crate::model::{Object, ObjectId};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The objects of each kind that somebody asked for, by group and kind.
pub(super) type ByKind = Mutex<HashMap<(String, String), Arc<Neighbours>>>;

/// The objects of one kind, or some of them.
#[derive(Debug, Default)]
pub(in crate::index) struct Neighbours {
    /// By the hash of the namespace that they write, and by that of none.
    by_namespace: Map<u64, Vec<ObjectId>>,
    /// By the folder of their files, and whether they write a namespace.
    by_folder: Map<(u32, bool), Vec<ObjectId>>,
    /// Whether some write a namespace, a template placeholder instead, and none.
    has_writing: bool,
    has_templates: bool,
    has_silent: bool,
    /// What is left of their names without the hash at their ends.
    hashed: HashSet<Box<str>>,
    /// Their names as their files have them.
    written: HashSet<Box<str>>,
}

impl Neighbours {
    pub(in crate::index) fn of<'a>(objects: &Objects<'a>, all: impl Iterator<Item = &'a Object>) -> Neighbours {
        let mut found = Neighbours::default();
        for object in all {
            let namespace = object.namespace();
            found.by_namespace.entry(hash(namespace)).or_default().push(object.id());
            found.by_folder.entry((objects.folder(object), namespace.is_some())).or_default().push(object.id());
            found.has_writing |= namespace.is_some();
            found.has_templates |= namespace.is_some_and(is_template);
            found.has_silent |= namespace.is_none();
            let written = object.written.as_ref().map_or_else(|| object.name(), |it| &it.name);
            found.written.insert(written.into());
            found.hashed.extend(without_hash(object.name()).map(Box::from));
        }
        found
    }
}

/// What is left of a name without the hash that kustomize puts behind what it generates.
fn without_hash(name: &str) -> Option<&str> {
    let (stem, hash) = name.rsplit_once('-')?;
    let is_hash = hash.len() == 10 && hash.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    is_hash.then_some(stem)
}

impl<'a> Objects<'a> {
    /// The [`Objects::nearness`] of the nearest object of a kind.
    pub fn nearness_of_kind(&self, from: &Object, group: &str, kind: &str) -> Nearness {
        let all = self.neighbours(group, kind);
        let may_be = match from.namespace() {
            Some(own) => all.has_silent || all.has_templates || (is_template(own) && all.has_writing),
            None => all.has_writing,
        };
        match self.beside(from, &all, 1).first() {
            Some(_) => Nearness::Same,
            None if may_be => Nearness::Unknown,
            None => Nearness::Different,
        }
    }

    /// The first object of a kind that is surely in the namespace of another.
    pub fn first_beside(&self, from: &Object, group: &str, kind: &str) -> Option<&'a Object> {
        self.beside(from, &self.neighbours(group, kind), 1).into_iter().next()
    }

    /// The first object of a kind that writes just this namespace, or none.
    pub fn first_in(&self, namespace: Option<&str>, group: &str, kind: &str) -> Option<&'a Object> {
        let all = self.neighbours(group, kind);
        let objects = all.by_namespace.get(&hash(namespace))?.iter().map(|it| self.object_at(*it));
        objects.into_iter().find(|it| it.namespace() == namespace)
    }

    /// Those that write just this namespace, in order.
    pub(in crate::index) fn writing(&self, all: &Neighbours, namespace: &str) -> Vec<&'a Object> {
        let objects = all.by_namespace.get(&hash(Some(namespace))).into_iter().flatten().map(|it| self.object_at(*it));
        objects.filter(|it| it.namespace() == Some(namespace)).collect()
    }

    /// All of them that are surely in the namespace of another, in order; none if there are more than `most`.
    pub fn all_beside(&self, from: &Object, group: &str, kind: &str, most: usize) -> Option<Vec<&'a Object>> {
        let found = self.beside(from, &self.neighbours(group, kind), most + 1);
        (found.len() <= most).then_some(found)
    }

    /// Those that are surely in the namespace of another: so many as are wanted, and perhaps some more.
    pub(in crate::index) fn beside(&self, from: &Object, all: &Neighbours, wanted: usize) -> Vec<&'a Object> {
        let in_namespace = |it: Option<&str>| all.by_namespace.get(&hash(it)).map_or(&[][..], Vec::as_slice);
        let in_folder = all.by_folder.get(&(self.folder(from), from.namespace().is_none()));
        let in_folder = in_folder.map_or(&[][..], Vec::as_slice);
        // What writes no namespace is in `default`, or in the only one that anything writes.
        let other = match from.namespace() {
            None => in_namespace(self.only_namespace.or(Some("default"))),
            Some(own) if own == "default" || self.only_namespace == Some(own) => in_namespace(None),
            Some(_) => &[],
        };
        let mut found: Vec<&Object> = Vec::new();
        for list in [in_namespace(from.namespace()), in_folder, other] {
            let near = list.iter().map(|it| self.object_at(*it));
            found.extend(near.filter(|it| self.nearness(from, it) == Nearness::Same).take(wanted));
        }
        found.sort_unstable_by_key(|it| it.id());
        found.dedup_by_key(|it| it.id());
        found
    }

    /// Whether an object of a kind has this name with the hash behind it that kustomize gives to what it generates.
    pub fn has_hashed(&self, kind: &str, name: &str) -> bool {
        self.neighbours("", kind).hashed.contains(name)
    }

    /// Whether an object of a kind has this name in its file, in whatever namespace.
    pub fn is_name_written(&self, group: &str, kind: &str, name: &str) -> bool {
        self.neighbours(group, kind).written.contains(name)
    }

    fn neighbours(&self, group: &str, kind: &str) -> Arc<Neighbours> {
        let mut known = self.neighbours.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (group.to_owned(), kind.to_owned());
        Arc::clone(known.entry(key).or_insert_with(|| Arc::new(Neighbours::of(self, self.of_kind(group, kind)))))
    }
}
