//! Objects by a name and a namespace: one look-up, however many namespaces share the name.

use crate::index::lookup::hashing;
use crate::model::{Object, normal_group};

/// What an object is filed under: group, kind and name; they need not be its own.
pub(in crate::index) type Name<'n> = (&'n str, &'n str, &'n str);

/// Objects filed under names. Positions are sorted by hash, which takes a quarter of the room of maps.
#[derive(Debug, Default)]
pub(in crate::index) struct Directory<'a> {
    entries: Vec<Filed<'a>>,
    /// By the hash of name and namespace.
    exact: Vec<(u32, u32)>,
    /// By the hash of the name alone.
    anywhere: Vec<(u32, u32)>,
}

/// An object under a name.
#[derive(Debug)]
enum Filed<'a> {
    /// Its own, which need not be kept: most objects are filed so.
    Own(&'a Object),
    /// Another.
    Under(Box<Name<'a>>, &'a Object),
}

impl<'a> Filed<'a> {
    fn object(&self) -> &'a Object {
        match self {
            Filed::Own(object) | Filed::Under(_, object) => object,
        }
    }

    fn name(&self) -> Name<'a> {
        match self {
            Filed::Own(object) => own_name(object),
            Filed::Under(name, _) => **name,
        }
    }
}

fn own_name(object: &Object) -> Name<'_> {
    (normal_group(object.group()), object.kind(), object.name())
}

fn hash(name: Name<'_>, namespace: Scope<'_>) -> u32 {
    hashing::half((name, namespace))
}

/// The hash of a name whatever the namespace.
pub(in crate::index) fn hash_anywhere(name: Name<'_>) -> u32 {
    hash(name, Scope::Any)
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
    pub(in crate::index) fn new(entries: Vec<(Name<'a>, &'a Object)>) -> Directory<'a> {
        Directory::of(entries.into_iter().map(|(name, object)| Filed::Under(Box::new(name), object)).collect())
    }

    /// Files objects under their own group, kind and name.
    pub(in crate::index) fn of_own_names(objects: Vec<&'a Object>) -> Directory<'a> {
        Directory::of(objects.into_iter().map(Filed::Own).collect())
    }

    fn of(mut entries: Vec<Filed<'a>>) -> Directory<'a> {
        entries.shrink_to_fit();
        let (mut exact, mut anywhere) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
        for (entry, at) in entries.iter().zip(0..) {
            let name = entry.name();
            exact.push((hash(name, Scope::Of(entry.object().namespace())), at));
            anywhere.push((hash_anywhere(name), at));
        }
        exact.sort_unstable();
        anywhere.sort_unstable();
        Directory { entries, exact, anywhere }
    }

    /// What is filed under a hash and this name, in order.
    fn read<'d>(
        &'d self,
        hashes: &'d [(u32, u32)],
        hash: u32,
        name: Name<'d>,
    ) -> impl Iterator<Item = &'a Object> + use<'a, 'd> {
        let first = hashes.partition_point(|it| it.0 < hash);
        let found = hashes[first..].iter().take_while(move |it| it.0 == hash).map(|it| &self.entries[it.1 as usize]);
        // Two names may share a hash.
        found.filter(move |it| it.name() == name).map(Filed::object)
    }

    /// The hashes of all names, see [`hash_anywhere`].
    pub(in crate::index) fn hashes(&self) -> Vec<u32> {
        self.anywhere.iter().map(|it| it.0).collect()
    }

    /// What is filed under a name in this namespace, and in none, in order.
    pub(in crate::index) fn in_namespace(&self, namespace: Option<&str>, name: Name<'_>) -> Vec<&'a Object> {
        let read = |it| self.read(&self.exact, hash(name, Scope::Of(it)), name);
        read(namespace).chain(read(None)).collect()
    }

    /// What is filed under a name in any namespace, in order.
    pub(in crate::index) fn anywhere(&self, name: Name<'_>) -> Vec<&'a Object> {
        self.read(&self.anywhere, hash_anywhere(name), name).collect()
    }
}
