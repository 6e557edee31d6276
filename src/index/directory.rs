//! Objects by a name and a namespace: one look-up, however many namespaces share the name.

use super::{Index, Nearness, namespaces};
use crate::model::Object;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// What an object is filed under: group, kind and name; they need not be its own.
pub(super) type Name<'n> = (&'n str, &'n str, &'n str);

/// Objects filed under names. Positions are sorted by hash, which takes a quarter of the room of maps.
#[derive(Debug, Default)]
pub(super) struct Directory<'a> {
    entries: Vec<(Name<'a>, &'a Object)>,
    /// By the hash of name and namespace.
    exact: Vec<(u64, u32)>,
    /// By the hash of the name alone.
    anywhere: Vec<(u64, u32)>,
}

fn hash(name: Name<'_>, namespace: Scope<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    (name, namespace).hash(&mut hasher);
    hasher.finish()
}

/// Which namespace a hash is of.
#[derive(Clone, Copy, Hash)]
enum Scope<'n> {
    /// This one, as written.
    Of(Option<&'n str>),
    /// All alike.
    Any,
}

impl<'a> Directory<'a> {
    /// Files objects under names, each in its own namespace.
    pub(super) fn new(mut entries: Vec<(Name<'a>, &'a Object)>) -> Directory<'a> {
        entries.shrink_to_fit();
        let by = |key: &dyn Fn(&(Name<'a>, &'a Object)) -> u64| {
            let mut hashes: Vec<(u64, u32)> = entries.iter().zip(0..).map(|(entry, at)| (key(entry), at)).collect();
            hashes.sort_unstable();
            hashes
        };
        let exact = by(&|(name, object)| hash(*name, Scope::Of(object.namespace())));
        let anywhere = by(&|(name, _)| hash(*name, Scope::Any));
        Directory { entries, exact, anywhere }
    }

    /// What is filed under a hash and this name, in order.
    fn read(&self, hashes: &[(u64, u32)], hash: u64, name: Name<'_>) -> Vec<&'a Object> {
        let first = hashes.partition_point(|it| it.0 < hash);
        let found = hashes[first..].iter().take_while(|it| it.0 == hash).map(|it| &self.entries[it.1 as usize]);
        // Two names may share a hash.
        found.filter(|it| it.0 == name).map(|it| it.1).collect()
    }

    /// What is filed under a name in any namespace, in order.
    pub(super) fn anywhere(&self, name: Name<'_>) -> Vec<&'a Object> {
        self.read(&self.anywhere, hash(name, Scope::Any), name)
    }
}

impl<'a> Index<'a> {
    /// What is filed under a name in the namespace of `from`, the surest first.
    pub(super) fn look_up(&self, directory: &Directory<'a>, from: &Object, name: Name<'_>) -> Vec<&'a Object> {
        let own = from.namespace();
        let is_exact = own.is_some_and(|it| !namespaces::is_template(it)) && !self.has_template_namespaces;
        let mut found: Vec<&'a Object> = if is_exact {
            let near = [own, None].map(|it| directory.read(&directory.exact, hash(name, Scope::Of(it)), name));
            near.concat()
        } else {
            directory.anywhere(name)
        };
        found.retain(|it| self.nearness(from, it) != Nearness::Different);
        found.sort_by_key(|it| self.nearness(from, it));
        found
    }
}
