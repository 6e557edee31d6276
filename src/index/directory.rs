//! Objects by a name and a namespace: one look-up, however many namespaces share the name.

use super::{Index, Nearness, namespaces};
use crate::model::Object;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// What an object is filed under: group, kind and name; they need not be its own.
pub(super) type Name<'n> = (&'n str, &'n str, &'n str);

/// Objects filed under names.
#[derive(Debug, Default)]
pub(super) struct Directory<'a> {
    entries: Vec<(Name<'a>, &'a Object)>,
    /// By the hash of name and namespace.
    exact: HashMap<u64, Vec<u32>>,
    /// By the hash of the name alone.
    anywhere: HashMap<u64, Vec<u32>>,
}

fn hash(name: Name<'_>, namespace: Option<Option<&str>>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (name, namespace).hash(&mut hasher);
    hasher.finish()
}

impl<'a> Directory<'a> {
    /// Files an object under a name, in its own namespace.
    pub(super) fn add(&mut self, name: Name<'a>, object: &'a Object) {
        let at = u32::try_from(self.entries.len()).expect("fewer than 2^32 objects");
        self.entries.push((name, object));
        self.exact.entry(hash(name, Some(object.namespace()))).or_default().push(at);
        self.anywhere.entry(hash(name, None)).or_default().push(at);
    }

    fn read<'d>(
        &'d self,
        found: Option<&'d Vec<u32>>,
        name: Name<'d>,
    ) -> impl Iterator<Item = &'a Object> + use<'a, 'd> {
        let entries = found.into_iter().flatten().map(|it| &self.entries[*it as usize]);
        // Two names may share a hash.
        entries.filter(move |it| it.0 == name).map(|it| it.1)
    }

    /// What is filed under a name in any namespace, in order.
    pub(super) fn anywhere(&self, name: Name<'_>) -> Vec<&'a Object> {
        self.read(self.anywhere.get(&hash(name, None)), name).collect()
    }
}

impl<'a> Index<'a> {
    /// What is filed under a name in the namespace of `from`, the surest first.
    pub(super) fn look_up(&self, directory: &Directory<'a>, from: &Object, name: Name<'_>) -> Vec<&'a Object> {
        let own = from.namespace();
        let is_exact = own.is_some_and(|it| !namespaces::is_template(it)) && !self.has_template_namespaces;
        let mut found: Vec<&'a Object> = if is_exact {
            let near = [own, None].map(|it| directory.exact.get(&hash(name, Some(it))));
            near.into_iter().flat_map(|it| directory.read(it, name)).collect()
        } else {
            directory.anywhere(name)
        };
        found.retain(|it| self.nearness(from, it) != Nearness::Different);
        found.sort_by_key(|it| self.nearness(from, it));
        found
    }
}
