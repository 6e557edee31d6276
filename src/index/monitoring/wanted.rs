//! Monitors of all environments by a label that they want: one look-up tells which may watch something.

use crate::index::Index;
use crate::model::{Labels, Operator};
use std::collections::{BTreeSet, HashMap};

/// The position of an environment, and that of a monitor in it.
type At = (u32, u32);

/// Monitors by a key and a value of which one must be there.
#[derive(Debug, Default)]
pub(in crate::index) struct Monitors {
    by_label: HashMap<(String, String), Vec<At>>,
    /// Those that want no label with certain values.
    others: Vec<At>,
}

impl Monitors {
    pub(in crate::index) fn new(environments: &[Index<'_>]) -> Monitors {
        let mut monitors = Monitors::default();
        for (index, environment) in environments.iter().zip(0..) {
            for (monitor, at) in index.monitors().iter().zip(0..) {
                let at = (environment, at);
                let Some(first) = monitor.selector.requirements.iter().find(|it| it.operator == Operator::In) else {
                    monitors.others.push(at);
                    continue;
                };
                for value in &first.values {
                    let label = (first.key.clone().into_owned(), value.clone().into_owned());
                    monitors.by_label.entry(label).or_default().push(at);
                }
            }
        }
        monitors
    }

    /// The monitors that may select pods or Services with these labels, in order.
    pub(in crate::index) fn candidates(&self, pods: &Labels<'_>, services: &[Labels<'_>]) -> BTreeSet<At> {
        let mut candidates: BTreeSet<At> = self.others.iter().copied().collect();
        for (key, value) in std::iter::once(pods).chain(services).flat_map(Labels::iter) {
            candidates.extend(self.by_label.get(&(key.to_owned(), value.to_owned())).into_iter().flatten());
        }
        candidates
    }
}
