//! Members of a collection that come, go, or get other keys.

use super::place::Member;
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
    /// Of new entries at one place the one with the lower rank stands first.
    pub(super) rank: usize,
}

impl Members {
    /// The keys that come.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.inserted.iter().filter_map(|it| it.key.as_deref())
    }

    /// Whether nothing but new members come.
    pub(super) fn is_addition(&self) -> bool {
        self.removed.is_empty() && self.renamed.is_empty()
    }

    /// The one entry that comes, where nothing else happens.
    pub(super) fn single_entry(&self) -> Option<&Inserted> {
        let [entry] = self.inserted.as_slice() else { return None };
        (self.is_addition() && entry.key.is_some()).then_some(entry)
    }

    /// The new members by the position of the one before them, which stays.
    pub(super) fn inserted_after(&self, members: &[Member]) -> BTreeMap<Option<usize>, Vec<&Inserted>> {
        let mut by_place: BTreeMap<Option<usize>, Vec<&Inserted>> = BTreeMap::new();
        for new in &self.inserted {
            let position = new.after.and_then(|it| position(members, it));
            let before = position.and_then(|it| (0..=it).rev().find(|it| !self.removed.contains_key(&members[*it].id)));
            by_place.entry(before).or_default().push(new);
        }
        by_place
    }

    /// Runs of members that go, by position: first and last.
    pub(super) fn removed_runs(&self, members: &[Member]) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for at in self.removed.keys().filter_map(|it| position(members, *it)) {
            match runs.last_mut().filter(|it| it.1 + 1 == at) {
                Some(run) => run.1 = at,
                None => runs.push((at, at)),
            }
        }
        runs
    }
}

/// Where a member stands among all.
fn position(members: &[Member], id: u32) -> Option<usize> {
    members.binary_search_by_key(&id, |it| it.id).ok()
}
