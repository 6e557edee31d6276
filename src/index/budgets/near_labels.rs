//! Labels one slip away from what a selector asks for.

use crate::index::Pods;
use crate::index::lookup::hashing::Map;
use crate::suggest::is_near;
use crate::suggest::rests;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

/// The values of labels, so that those one edit away from a text are found without comparing all.
///
/// Two texts are one insertion, deletion, replacement or swap of neighbours apart only if they have a text
/// in common among themselves and what is left when one letter is taken away.
#[derive(Debug, Default)]
pub(in crate::index) struct NearLabels {
    by_key: HashMap<String, Values>,
}

/// The values of a key.
#[derive(Debug, Default)]
struct Values {
    all: BTreeSet<Arc<str>>,
    /// By hashes of what is left of them; few keys are asked about.
    by_rest: OnceLock<Map<u64, Vec<Arc<str>>>>,
}

impl NearLabels {
    pub(in crate::index) fn new(index: &Pods<'_>) -> Self {
        let mut near = NearLabels::default();
        for set in index.pod_sets() {
            for (key, value) in set.labels.iter() {
                match near.by_key.get_mut(key) {
                    Some(values) => values.add(value),
                    None => near.by_key.entry(key.to_owned()).or_default().add(value),
                }
            }
        }
        near
    }

    /// The values of a key that are one slip away.
    pub(in crate::index) fn slips(&self, key: &str, wanted: &str) -> BTreeSet<&str> {
        let Some(values) = self.by_key.get(key) else { return BTreeSet::new() };
        let by_rest = values.by_rest.get_or_init(|| values.rests());
        let found = rests(wanted).into_iter().filter_map(|it| by_rest.get(&it)).flatten();
        found.map(|it| &**it).filter(|it| is_near(it, wanted)).collect()
    }
}

impl Values {
    fn add(&mut self, value: &str) {
        if !self.all.contains(value) {
            self.all.insert(value.into());
        }
    }

    fn rests(&self) -> Map<u64, Vec<Arc<str>>> {
        let mut by_rest: Map<u64, Vec<Arc<str>>> = Map::default();
        for value in &self.all {
            for rest in rests(value) {
                by_rest.entry(rest).or_default().push(Arc::clone(value));
            }
        }
        by_rest
    }
}
