//! Labels one slip away from what a selector asks for.

use crate::index::Pods;
use crate::suggest::is_near;
use std::collections::{BTreeSet, HashMap};

/// The values of labels, so that those one edit away from a text are found without comparing all.
///
/// Two texts are one insertion, deletion, replacement or swap of neighbours apart only if they have a text
/// in common among themselves and what is left when one letter is taken away.
#[derive(Debug, Default)]
pub(in crate::index) struct NearLabels {
    by_key: HashMap<String, HashMap<String, BTreeSet<String>>>,
}

impl NearLabels {
    pub(in crate::index) fn new(index: &Pods<'_>) -> Self {
        let mut near = NearLabels::default();
        for set in index.pod_sets() {
            for (key, value) in set.labels.iter() {
                let values = near.by_key.entry(key.to_owned()).or_default();
                if values.get(value).is_some_and(|it| it.contains(value)) {
                    continue;
                }
                for text in with_one_letter_less(value) {
                    values.entry(text).or_default().insert(value.to_owned());
                }
            }
        }
        near
    }

    /// The values of a key that are one slip away.
    pub(in crate::index) fn slips(&self, key: &str, wanted: &str) -> BTreeSet<&str> {
        let Some(values) = self.by_key.get(key) else { return BTreeSet::new() };
        with_one_letter_less(wanted)
            .filter_map(|it| values.get(&it))
            .flatten()
            .map(String::as_str)
            .filter(|it| is_near(it, wanted))
            .collect()
    }
}

/// The text itself, and all that is left when one letter is taken away.
fn with_one_letter_less(text: &str) -> impl Iterator<Item = String> {
    let cut = |(at, letter): (usize, char)| format!("{}{}", &text[..at], &text[at + letter.len_utf8()..]);
    std::iter::once(text.to_owned()).chain(text.char_indices().map(cut))
}
