//! Labels one slip away from what a selector asks for.

use crate::index::Pods;
use crate::index::lookup::hashing::Map;
use crate::index::lookup::near_names::rests;
use crate::suggest::is_near;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The values of labels, so that those one edit away from a text are found without comparing all.
///
/// Two texts are one insertion, deletion, replacement or swap of neighbours apart only if they have a text
/// in common among themselves and what is left when one letter is taken away.
#[derive(Debug, Default)]
pub(in crate::index) struct NearLabels {
    by_key: HashMap<String, Values>,
}

/// The values of a key, and their positions by hashes of what is left of them.
#[derive(Debug, Default)]
struct Values {
    known: HashSet<String>,
    all: Vec<String>,
    by_rest: Map<u64, Vec<u32>>,
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
        let found = rests(wanted).into_iter().filter_map(|it| values.by_rest.get(&it)).flatten();
        let found: BTreeSet<u32> = found.copied().collect();
        found.into_iter().map(|it| values.all[it as usize].as_str()).filter(|it| is_near(it, wanted)).collect()
    }
}

impl Values {
    fn add(&mut self, value: &str) {
        if self.known.contains(value) {
            return;
        }
        let at = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.known.insert(value.to_owned());
        self.all.push(value.to_owned());
        for rest in rests(value) {
            self.by_rest.entry(rest).or_default().push(at);
        }
    }
}
