//! The roles that the configuration gives, looked up by what each of its entries names.

use crate::config::pattern::{self, End, Ends};
use crate::config::{ComponentMatch, ComponentSetting};
use crate::index::Unclassified;
use std::collections::HashMap;
use std::sync::Arc;

/// The entries of `components` in an environment.
#[derive(Default)]
pub(super) struct Configured<'c> {
    settings: &'c [Arc<ComponentSetting>],
    /// By something that what they fit has; each list is in order.
    by_key: HashMap<Key<'c>, Vec<usize>>,
    names: Ends,
    namespaces: Ends,
    images: Ends,
}

/// What a workload has to have, so that an entry may fit it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key<'c> {
    Name(End<'c>),
    Label(&'c str, &'c str),
    Namespace(End<'c>),
    Image(End<'c>),
    Nothing,
}

impl<'c> Configured<'c> {
    pub(super) fn new(settings: &'c [Arc<ComponentSetting>]) -> Configured<'c> {
        let mut found = Configured { settings, ..Configured::default() };
        for (at, setting) in settings.iter().enumerate() {
            let key = key(&setting.selects);
            match key {
                Key::Name(end) => found.names.add(end),
                Key::Namespace(end) => found.namespaces.add(end),
                Key::Image(end) => found.images.add(end),
                Key::Label(..) | Key::Nothing => {}
            }
            found.by_key.entry(key).or_default().push(at);
        }
        found
    }

    /// The first entry that fits a workload.
    pub(super) fn first(&self, workload: &Unclassified<'_>) -> Option<&'c ComponentSetting> {
        if self.settings.is_empty() {
            return None;
        }
        let object = workload.object;
        let names = self.names.of(object.name()).map(Key::Name);
        let namespaces = self.namespaces.of(object.namespace().unwrap_or_default()).map(Key::Namespace);
        let labels = workload.labels.iter().map(|(key, value)| Key::Label(key, value));
        let images = workload.containers().flat_map(|it| self.images.of(it.image())).map(Key::Image);
        let of_key = |key: Key<'_>| {
            let entries = self.by_key.get(&key)?;
            entries.iter().copied().find(|it| fits(&self.settings[*it].selects, workload))
        };
        let keys = names.chain(namespaces).chain(labels).chain(images).chain([Key::Nothing]);
        keys.filter_map(of_key).min().map(|it| &*self.settings[it])
    }
}

/// The key of an entry: what few workloads have, before what many may.
fn key(selects: &ComponentMatch) -> Key<'_> {
    if let Some(end) = end(selects.name.as_deref()) {
        return Key::Name(end);
    }
    if let Some((key, value)) = selects.labels.iter().next() {
        return Key::Label(key, value);
    }
    let image = || end(selects.image.as_deref()).map(Key::Image);
    end(selects.namespace.as_deref()).map(Key::Namespace).or_else(image).unwrap_or(Key::Nothing)
}

/// The end of a pattern, if that is any.
fn end(pattern: Option<&str>) -> Option<End<'_>> {
    pattern.map(End::of).filter(|it| *it != End::Any)
}

fn fits(selects: &ComponentMatch, workload: &Unclassified<'_>) -> bool {
    let object = workload.object;
    let glob = |pattern: &Option<String>, text: &str| pattern.as_deref().is_none_or(|it| pattern::matches(it, text));
    selects.kind.as_deref().is_none_or(|it| it == object.kind())
        && glob(&selects.name, object.name())
        && glob(&selects.namespace, object.namespace().unwrap_or_default())
        && selects.labels.iter().all(|(key, value)| workload.labels.get(key) == Some(value))
        && selects
            .image
            .as_deref()
            .is_none_or(|it| workload.containers().any(|container| pattern::matches(it, container.image())))
}
