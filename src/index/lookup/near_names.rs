//! Names of objects, so that those one edit away from a text are found without comparing all.

use crate::index::lookup::hashing::Map;
use crate::model::{Object, ObjectId};
use crate::suggest::rests;

/// Names by what is left of them without one letter: two names one edit apart share a rest.
#[derive(Debug, Default)]
pub(in crate::index) struct NearNames {
    by_rest: Map<u64, Vec<ObjectId>>,
}

impl NearNames {
    /// The names of objects of an environment.
    pub(in crate::index) fn of<'a>(objects: impl Iterator<Item = &'a Object>) -> NearNames {
        let mut near = NearNames::default();
        for object in objects {
            for rest in rests(object.name()) {
                near.by_rest.entry(rest).or_default().push(object.id());
            }
        }
        near
    }

    /// The positions of those that share a rest with a name, in order.
    pub(in crate::index) fn find(&self, name: &str) -> Vec<ObjectId> {
        let mut found: Vec<ObjectId> =
            rests(name).iter().filter_map(|it| self.by_rest.get(it)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}
