//! Monitors by a label that they want: one look-up tells which may watch something.

use super::Monitor;
use crate::model::{Labels, Operator};
use std::collections::{BTreeSet, HashMap};

/// Positions of monitors by a key and a value of which one must be there.
#[derive(Debug)]
pub(super) struct Wanted {
    by_label: HashMap<(String, String), Vec<usize>>,
    /// Those that want no label with certain values.
    others: Vec<usize>,
}

impl Wanted {
    pub(super) fn new(monitors: &[Monitor<'_>]) -> Wanted {
        let mut wanted = Wanted { by_label: HashMap::new(), others: Vec::new() };
        for (at, monitor) in monitors.iter().enumerate() {
            let Some(first) = monitor.selector.requirements.iter().find(|it| it.operator == Operator::In) else {
                wanted.others.push(at);
                continue;
            };
            for value in &first.values {
                let label = (first.key.clone().into_owned(), value.clone().into_owned());
                wanted.by_label.entry(label).or_default().push(at);
            }
        }
        wanted
    }

    /// The monitors that may select something with these labels, in order.
    pub(super) fn candidates<'l, 'a: 'l>(&self, labels: impl Iterator<Item = &'l Labels<'a>>) -> BTreeSet<usize> {
        let mut candidates: BTreeSet<usize> = self.others.iter().copied().collect();
        for (key, value) in labels.flat_map(Labels::iter) {
            candidates.extend(self.by_label.get(&(key.to_owned(), value.to_owned())).into_iter().flatten());
        }
        candidates
    }
}
