//! Names of objects, so that those one edit away from a text are found without comparing all.

use crate::model::{Object, ObjectId};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Names by what is left of them without one letter: two names one edit apart share a rest.
#[derive(Debug, Default)]
pub(in crate::index) struct NearNames {
    by_rest: HashMap<u64, Vec<ObjectId>>,
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

/// The name itself, and the name without each of its letters.
fn rests(name: &str) -> Vec<u64> {
    let hash = |parts: (&str, &str)| {
        let mut hasher = DefaultHasher::new();
        parts.0.bytes().chain(parts.1.bytes()).for_each(|it| it.hash(&mut hasher));
        hasher.finish()
    };
    let without = name.char_indices().map(|(at, it)| hash((&name[..at], &name[at + it.len_utf8()..])));
    let mut rests: Vec<u64> = without.chain([hash((name, ""))]).collect();
    rests.sort_unstable();
    rests.dedup();
    rests
}

#[cfg(test)]
mod tests {
    use super::rests;

    #[test]
    fn names_one_edit_apart_share_a_rest() {
        for (one, other) in [("backend", "backnd"), ("backend", "bakcend"), ("backend", "backemd"), ("api", "apis")] {
            assert!(rests(one).iter().any(|it| rests(other).contains(it)), "{one} {other}");
        }
    }
}
