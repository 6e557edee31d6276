//! Members of a collection that come, go, or get other keys.

use crate::value::Value;
use std::collections::BTreeMap;

/// What happens to the members of one collection. A member is known by its key's node, or by the item itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    /// Those that go, each with the node behind it.
    pub(super) removed: BTreeMap<u32, u32>,
    /// Those that get another key.
    pub(super) renamed: BTreeMap<u32, String>,
    /// Those that come, in order.
    pub(super) inserted: Vec<Inserted>,
}

/// A new member.
#[derive(Clone, Debug)]
pub(super) struct Inserted {
    /// The member before it; none for the first place.
    pub(super) after: Option<u32>,
    /// Its key, in a map.
    pub(super) key: Option<String>,
    pub(super) value: Value,
}

impl Members {
    /// Whether the two, of different fixes, had better not be made at once.
    pub(super) fn excludes(&self, other: &Members) -> bool {
        let is_plain = |it: &Members| it.removed.is_empty() && it.renamed.is_empty();
        let has_key = |it: &Inserted| it.key.is_some() && self.inserted.iter().any(|own| own.key == it.key);
        !is_plain(self) || !is_plain(other) || other.inserted.iter().any(has_key)
    }

    /// The new members by the position of the one before them, which stays; `position` tells it of a node.
    pub(super) fn inserted_after(&self, ids: &[u32]) -> BTreeMap<Option<usize>, Vec<&Inserted>> {
        let mut by_place: BTreeMap<Option<usize>, Vec<&Inserted>> = BTreeMap::new();
        for new in &self.inserted {
            let position = new.after.and_then(|it| ids.iter().position(|id| *id == it));
            let before = position.and_then(|it| (0..=it).rev().find(|it| !self.removed.contains_key(&ids[*it])));
            by_place.entry(before).or_default().push(new);
        }
        by_place
    }

    /// Runs of members that go, by position: first and last.
    pub(super) fn removed_runs(&self, ids: &[u32]) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for (at, _) in ids.iter().enumerate().filter(|it| self.removed.contains_key(it.1)) {
            match runs.last_mut().filter(|it| it.1 + 1 == at) {
                Some(run) => run.1 = at,
                None => runs.push((at, at)),
            }
        }
        runs
    }
}
