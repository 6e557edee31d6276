//! What stands at the fields that transformers change by themselves, of an object as it is written: found once for all
//! kustomizations that use it.

use super::config::Config;
use super::defaults::standard;
use super::fields::{Field, all_at};
use super::id::Id;
use crate::model::Object;
use crate::yaml::{DocumentId, NodeRef};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What was found so far, by the documents of objects and their places in these.
#[derive(Debug, Default)]
pub(super) struct Leaves(Mutex<HashMap<(DocumentId, u32), Arc<Found>>>);

/// What was found in one object.
#[derive(Debug, Default)]
pub(super) struct Found {
    names: OnceLock<Option<Box<[Name]>>>,
    images: OnceLock<Option<Box<[u32]>>>,
}

/// A name that an object has at a field of a reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    /// The positions of the reference in the configuration, and of the field in it.
    pub(super) reference: usize,
    pub(super) field: usize,
    /// Its node in the document.
    pub(super) node: u32,
}

impl Leaves {
    fn of(&self, object: &Object) -> Arc<Found> {
        let key = (object.document().id(), object.node().id());
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default())
    }

    /// Runs over the names that an object has in fields of references, until one does not hold. Nothing if they have to be
    /// looked for in another way: the configuration is not kustomize's own, or something else stands at one.
    pub(super) fn all_names(
        &self,
        object: &Object,
        config: &Arc<Config>,
        holds: impl Fn(Name) -> bool,
    ) -> Option<bool> {
        if !Arc::ptr_eq(config, &standard()) {
            return None;
        }
        let found = self.of(object);
        let names = found.names.get_or_init(|| names(object, config)).as_ref()?;
        Some(names.iter().all(|it| holds(*it)))
    }

    /// The same over the texts that may be images, where `fields` tell more places of those.
    pub(super) fn all_images(&self, object: &Object, fields: &[Field], holds: impl Fn(&str) -> bool) -> Option<bool> {
        if !std::ptr::eq(fields, standard().images.as_slice()) {
            return None;
        }
        let found = self.of(object);
        let images = found.images.get_or_init(|| images(object.node(), fields)).as_ref()?;
        Some(images.iter().all(|it| holds(object.document().node(*it).text())))
    }
}

fn names(object: &Object, config: &Config) -> Option<Box<[Name]>> {
    let id = Id {
        group: object.group().to_owned(),
        version: object.version().to_owned(),
        kind: object.kind().to_owned(),
        ..Id::default()
    };
    let names = RefCell::new(Vec::new());
    for (reference, it) in config.references.iter().enumerate() {
        for (field, it) in it.fields.iter().enumerate().filter(|field| field.1.is_of(&id)) {
            let take = |it: NodeRef<'_>| {
                if !it.is_null() {
                    names.borrow_mut().push(Name { reference, field, node: it.id() });
                }
                it.scalar().is_some()
            };
            if !all_at(object.node(), &it.path, &take) {
                return None;
            }
        }
    }
    Some(names.into_inner().into())
}

fn images(object: NodeRef<'_>, fields: &[Field]) -> Option<Box<[u32]>> {
    let images = RefCell::new(Vec::new());
    let take = |it: NodeRef<'_>| {
        if it.scalar().is_some() {
            images.borrow_mut().push(it.id());
        }
        true
    };
    in_containers(object, &take);
    // Fields of images are those of any kind.
    let is_gone = fields.iter().all(|it| it.kind.is_empty() && all_at(object, &it.path, &take));
    let mut images = images.into_inner();
    images.sort_unstable();
    images.dedup();
    is_gone.then(|| images.into())
}

/// Shows the images of containers at any depth.
pub(super) fn in_containers(node: NodeRef<'_>, take: &dyn Fn(NodeRef<'_>) -> bool) -> bool {
    let of_containers = |it: NodeRef<'_>| it.items().filter_map(|it| it.get("image")).all(take);
    node.items().all(|it| in_containers(it, take))
        && node.entries().all(|it| {
            let has_containers = matches!(it.name(), "containers" | "initContainers");
            in_containers(it.value, take) && (!has_containers || of_containers(it.value))
        })
}
