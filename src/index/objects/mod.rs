//! The objects of an environment: those that count, by kind, by name, and by where they stand.

pub(in crate::index) mod backends;
pub mod commands;
pub(in crate::index) mod injected;
pub(in crate::index) mod kubernetes;
pub(in crate::index) mod namespaces;
pub(in crate::index) mod neighbours;
pub(in crate::index) mod notes;
pub(in crate::index) mod places;
pub(in crate::index) mod references;
pub(in crate::index) mod types;

use crate::config::Config;
use crate::index::lookup::directory::Directory;
use crate::index::lookup::hashing::Map;
use crate::index::lookup::memo::Memo;
use crate::model::{Environment, Object, ObjectId, is_built_in, is_placeholder, never_served, normal_group};
use crate::source::{SourceId, Sources, Span};
use foldhash::fast::FixedState;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// The first stage: the objects of an environment, found by kind, by name and by where they stand.
pub struct Objects<'a> {
    environment: &'a Environment,
    pub(super) sources: &'a Sources,
    config: &'a Config,
    memo: Arc<Memo>,
    pub(super) only_namespace: Option<&'a str>,
    pub(super) has_template_namespaces: bool,
    folders: HashMap<SourceId, u32>,
    /// By kind and group; `extensions` counts as `apps`.
    pub(super) by_kind: Map<&'a str, Vec<(&'a str, Vec<&'a Object>)>>,
    by_name: Directory<'a>,
    neighbours: neighbours::ByKind,
    /// Objects that a later one of the same identity replaces.
    replaced: Map<ObjectId, &'a Object>,
}

impl<'a> Objects<'a> {
    /// Files the objects of an environment.
    pub(super) fn new(
        environment: &'a Environment,
        sources: &'a Sources,
        config: &'a Config,
        memo: Arc<Memo>,
    ) -> Objects<'a> {
        let objects = &environment.objects;
        let replaced = replaced(objects);
        // What the API server never stores is evidence for nothing.
        let counts = |it: &&'a Object| {
            let is_replaced = !replaced.is_empty() && replaced.contains_key(&it.id());
            !is_replaced && has_a_name(it) && never_served(it.group(), it.version(), it.kind()).is_none()
        };
        let counting: Vec<&'a Object> = objects.iter().filter(counts).collect();
        Objects {
            environment,
            sources,
            config,
            memo,
            only_namespace: only_namespace(objects),
            has_template_namespaces: objects.iter().any(|it| it.namespace().is_some_and(is_placeholder)),
            folders: folders(environment, sources),
            by_kind: by_kind(&counting),
            neighbours: neighbours::ByKind::default(),
            replaced,
            by_name: Directory::of_own_names(counting),
        }
    }

    /// The environment.
    pub fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// The configuration.
    pub fn config(&self) -> &'a Config {
        self.config
    }

    /// What is found once for all environments of the run.
    pub fn memo(&self) -> &Arc<Memo> {
        &self.memo
    }

    /// The name of the file that a span lies in.
    pub fn source_name(&self, span: Span) -> &'a str {
        self.sources.get(span.source).name()
    }

    /// A number for the folder of an object's file: equal for equal folders.
    pub(super) fn folder(&self, object: &Object) -> u32 {
        self.folders.get(&object.document().source()).copied().unwrap_or(u32::MAX)
    }

    /// How many objects there are, with those that another replaces.
    pub fn len(&self) -> u32 {
        u32::try_from(self.environment.objects.len()).expect("fewer than 2^32 objects")
    }

    /// Whether there are none.
    #[cfg_attr(whole, expect(dead_code, reason = "goes with `len`"))]
    pub fn is_empty(&self) -> bool {
        self.environment.objects.is_empty()
    }

    /// The objects that count: of those written twice the last.
    pub fn objects(&self) -> impl Iterator<Item = &'a Object> + use<'a, '_> {
        self.objects_in(0..self.len())
    }

    /// The same among the objects at these positions.
    pub fn objects_in(&self, part: Range<u32>) -> impl Iterator<Item = &'a Object> + use<'a, '_> {
        let part = &self.environment.objects[part.start as usize..part.end as usize];
        part.iter().filter(|it| self.replaced.is_empty() || !self.replaced.contains_key(&it.id()))
    }

    /// Those of a list in the order of objects whose objects stand at these positions.
    pub fn in_part<'l, T>(&self, list: &'l [T], part: &Range<u32>, object: impl Fn(&T) -> &'a Object) -> &'l [T] {
        let before = |end: u32| list.partition_point(|it| object(it).id().0 < end);
        &list[before(part.start)..before(part.end)]
    }

    /// The objects of a kind, in order.
    pub fn of_kind(&self, group: &str, kind: &str) -> impl Iterator<Item = &'a Object> + use<'a, '_> {
        self.all_of_kind(group, kind).iter().copied()
    }

    /// The objects of a group, whatever their kinds, in order.
    pub(super) fn of_group(&self, group: &str) -> Vec<&'a Object> {
        let groups = self.by_kind.values().flatten().filter(|it| it.0 == group);
        let mut objects: Vec<&'a Object> = groups.flat_map(|it| it.1.iter().copied()).collect();
        objects.sort_unstable_by_key(|it| it.id());
        objects
    }

    /// The same as a list.
    pub fn all_of_kind(&self, group: &str, kind: &str) -> &[&'a Object] {
        let groups = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        groups.iter().find(|it| it.0 == group).map_or(&[], |it| &it.1)
    }

    /// The objects with this group, kind and name, in whatever namespace.
    pub fn named(&self, group: &str, kind: &str, name: &str) -> Vec<&'a Object> {
        self.by_name.anywhere((group, kind, name))
    }

    /// The hashes of all names, as [`super::directory::hash_anywhere`] tells them.
    pub(super) fn name_hashes(&self) -> Vec<u32> {
        self.by_name.hashes()
    }

    /// The object with this group, kind and name in the namespace of `from`.
    pub fn find(&self, from: &Object, group: &str, kind: &str, name: &str) -> Option<&'a Object> {
        self.look_up(&self.by_name, from, (group, kind, name)).first().copied()
    }

    /// The objects that another of the same identity replaces, each with the one that does.
    pub fn duplicates(&self) -> impl Iterator<Item = (&'a Object, &'a Object)> {
        let objects = self.environment.objects.iter();
        objects.filter_map(|it| Some((it, *self.replaced.get(&it.id())?)))
    }

    /// The object with this id.
    pub fn object_at(&self, id: ObjectId) -> &'a Object {
        &self.environment.objects[id.0 as usize]
    }
}

/// Whether an object has a name, or gets one: without either the server stores none. A List has none.
fn has_a_name(object: &Object) -> bool {
    object.is_named || object.node().at(&["metadata", "generateName"]).is_some() || !is_built_in(object.group())
}

/// The objects of an environment that a later one of the same identity replaces, with the last that does.
fn replaced(objects: &[Object]) -> Map<ObjectId, &Object> {
    let mut replaced = Map::default();
    let mut last: Map<(&str, &str, Option<&str>, &str), &Object> =
        Map::with_capacity_and_hasher(objects.len(), FixedState::default());
    // From the end, so that each is replaced by the last of all.
    for object in objects.iter().rev() {
        // What no server has replaces nothing, and nothing replaces it.
        if !object.is_named || never_served(object.group(), object.version(), object.kind()).is_some() {
            continue;
        }
        let group = normal_group(object.group());
        // What nothing else governs goes to the namespace default when it names none.
        let default = (!object.is_governed).then_some("default");
        let key = (group, object.kind(), object.namespace().or(default), object.name());
        match last.get(&key) {
            Some(kept) => _ = replaced.insert(object.id(), *kept),
            None => _ = last.insert(key, object),
        }
    }
    replaced
}

fn by_kind<'a>(objects: &[&'a Object]) -> Map<&'a str, Vec<(&'a str, Vec<&'a Object>)>> {
    let mut by_kind: Map<&str, Vec<(&str, Vec<&Object>)>> = Map::default();
    for object in objects {
        let groups = by_kind.entry(object.kind()).or_default();
        let group = normal_group(object.group());
        match groups.iter_mut().find(|it| it.0 == group) {
            Some((_, objects)) => objects.push(object),
            None => groups.push((group, vec![object])),
        }
    }
    by_kind
}

/// Numbers the folders of the environment's files.
fn folders(environment: &Environment, sources: &Sources) -> HashMap<SourceId, u32> {
    let used: BTreeSet<SourceId> = environment.objects.iter().map(|it| it.document().source()).collect();
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut folders = HashMap::new();
    for id in used {
        let name = sources.get(id).name();
        let folder = name.rsplit_once('/').map_or("", |it| it.0);
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        folders.insert(id, *numbers.entry(folder).or_insert(next));
    }
    folders
}

/// The only namespace that the objects of an environment write, if there is just one.
fn only_namespace(objects: &[Object]) -> Option<&str> {
    let written: BTreeSet<&str> = objects.iter().filter_map(Object::namespace).collect();
    if written.len() == 1 { written.into_iter().next() } else { None }
}
