//! Where objects are, so that those in the namespace of another are found without comparing all.

use crate::index::Objects;
use crate::index::objects::namespaces::{self, Nearness};
use crate::model::Object;
use std::collections::BTreeSet;

/// Where some objects are.
#[derive(Debug, Default)]
pub(in crate::index) struct Places<'a> {
    /// The namespaces that they write.
    pub(in crate::index) namespaces: BTreeSet<&'a str>,
    /// The folders of those that write none.
    pub(in crate::index) folders: BTreeSet<u32>,
    /// Whether one of those goes to the namespace default, because nothing governs it.
    is_in_default: bool,
    /// The folders of those that write one.
    writing: BTreeSet<u32>,
    /// Whether one of those is a template placeholder.
    has_templates: bool,
}

impl<'a> Places<'a> {
    pub(in crate::index) fn insert(&mut self, index: &Objects<'a>, object: &'a Object) {
        let folder = index.folder(object);
        if let Some(namespace) = object.namespace() {
            self.namespaces.insert(namespace);
            self.writing.insert(folder);
            self.has_templates |= namespaces::is_template(namespace);
            return;
        }
        self.folders.insert(folder);
        self.is_in_default |= !object.is_governed;
    }

    /// Whether one is in the namespace of an object, as [`Objects::nearness`] has it; any is, if that is not known.
    pub(in crate::index) fn hold_one_beside(&self, index: &Objects<'_>, from: &Object) -> bool {
        match known_namespace(from) {
            "" => !self.namespaces.is_empty() || !self.folders.is_empty(),
            own => self.namespaces.contains(own) || self.hold_silent_one(index, from, own),
        }
    }

    /// The [`Objects::nearness`] of the nearest of them to an object.
    pub(in crate::index) fn nearness(&self, index: &Objects<'_>, from: &Object) -> Nearness {
        let Some(own) = from.namespace() else { return self.nearness_to_silent(index, from) };
        if self.namespaces.contains(own) || self.hold_silent_one(index, from, own) {
            return Nearness::Same;
        }
        let may_be = self.has_templates || (namespaces::is_template(own) && !self.namespaces.is_empty());
        if may_be || !self.folders.is_empty() { Nearness::Unknown } else { Nearness::Different }
    }

    /// The same for an object that writes no namespace.
    fn nearness_to_silent(&self, index: &Objects<'_>, from: &Object) -> Nearness {
        let holds = |it: &str| self.namespaces.contains(it);
        let is_same = !self.folders.is_empty()
            || (!from.is_governed && holds("default"))
            || index.only_namespace.is_some_and(holds)
            || self.writing.contains(&index.folder(from));
        match is_same {
            true => Nearness::Same,
            false if self.namespaces.is_empty() => Nearness::Different,
            false => Nearness::Unknown,
        }
    }

    /// Whether one that writes no namespace is in the one that an object writes.
    fn hold_silent_one(&self, index: &Objects<'_>, from: &Object, own: &str) -> bool {
        (own == "default" && self.is_in_default)
            || (index.only_namespace == Some(own) && !self.folders.is_empty())
            || self.folders.contains(&index.folder(from))
    }
}

/// An object's namespace; one that is a template placeholder may be any, as one that is left out may.
pub(in crate::index) fn known_namespace(object: &Object) -> &str {
    object.namespace().filter(|it| !namespaces::is_template(it)).unwrap_or_default()
}
