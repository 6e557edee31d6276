//! Pod sets by namespace and label.

use crate::index::lookup::hashing;
use crate::index::pods::sets::{PodSet, PodSetId};
use crate::model::{Operator, Selector};
use std::collections::HashMap;

/// Pod sets by namespace and label, so that a selector is answered by a look-up.
#[derive(Debug, Default)]
pub(super) struct PodIndex<'a> {
    /// By namespace; the empty text stands for an absent one.
    pub(super) buckets: HashMap<&'a str, Bucket>,
}

/// The pod sets of a namespace.
#[derive(Debug, Default)]
pub(super) struct Bucket {
    pub(super) all: Vec<PodSetId>,
    /// By the hash of key and value, and by that of the key alone; sorted. What a hash finds is compared
    /// with the whole selector anyway.
    pub(super) by_label: Vec<(u32, PodSetId)>,
}

/// The hash of a label, or of its key alone.
pub(in crate::index) fn hash(key: &str, value: Option<&str>) -> u32 {
    hashing::half((key, value))
}

impl<'a> PodIndex<'a> {
    /// Files those that are asked for.
    pub(super) fn new(pods: &[PodSet<'a>], belongs: impl Fn(&PodSet<'a>) -> bool) -> Self {
        let mut index = PodIndex::default();
        for (at, set) in pods.iter().enumerate().filter(|it| belongs(it.1)) {
            let id = PodSetId(u32::try_from(at).expect("fewer than 2^32 pod sets"));
            let bucket = index.buckets.entry(set.owner.namespace().unwrap_or_default()).or_default();
            bucket.all.push(id);
            for (key, value) in set.labels.iter() {
                bucket.by_label.extend([(hash(key, Some(value)), id), (hash(key, None), id)]);
            }
        }
        #[expect(clippy::iter_over_hash_type, reason = "each is sorted for itself")]
        for bucket in index.buckets.values_mut() {
            bucket.by_label.sort_unstable();
        }
        index
    }
}

/// Pods that may match a selector, in order.
pub(super) enum Found<'b> {
    All(std::slice::Iter<'b, PodSetId>),
    One(std::slice::Iter<'b, (u32, PodSetId)>),
    Several(std::vec::IntoIter<PodSetId>),
}

impl Iterator for Found<'_> {
    type Item = PodSetId;

    fn next(&mut self) -> Option<PodSetId> {
        match self {
            Found::All(all) => all.next().copied(),
            Found::One(one) => one.next().map(|it| it.1),
            Found::Several(ids) => ids.next(),
        }
    }
}

/// So many are counted one by one.
const FEW: usize = 8;

impl Bucket {
    /// The sets with a label, or with a key whatever its value.
    fn with(&self, key: &str, value: Option<&str>) -> &[(u32, PodSetId)] {
        let hash = hash(key, value);
        let rest = &self.by_label[self.by_label.partition_point(|it| it.0 < hash)..];
        // Mostly there are few, right here.
        let few = rest.iter().take(FEW).take_while(|it| it.0 == hash).count();
        let length = if few < FEW { few } else { rest.partition_point(|it| it.0 == hash) };
        &rest[..length]
    }

    /// The sets that may match: those with the rarest label that the selector asks for.
    pub(super) fn candidates(&self, selector: &Selector<'_>) -> Found<'_> {
        let mut best: Option<Vec<&[(u32, PodSetId)]>> = None;
        let size = |found: &[&[(u32, PodSetId)]]| found.iter().map(|it| it.len()).sum::<usize>();
        for requirement in &selector.requirements {
            let key = requirement.key.as_ref();
            let found: Vec<&[(u32, PodSetId)]> = match requirement.operator {
                Operator::In => requirement.values.iter().map(|it| self.with(key, Some(it))).collect(),
                Operator::Exists => vec![self.with(key, None)],
                Operator::NotIn | Operator::DoesNotExist => continue,
            };
            if best.as_ref().is_none_or(|it| size(&found) < size(it)) {
                let is_rare = size(&found) <= 1;
                best = Some(found);
                if is_rare {
                    break;
                }
            }
        }
        match best.as_deref() {
            None => Found::All(self.all.iter()),
            Some([one]) => Found::One(one.iter()),
            Some(several) => {
                let mut ids: Vec<PodSetId> = several.iter().copied().flatten().map(|it| it.1).collect();
                // A value may stand twice in an expression.
                ids.sort_unstable();
                ids.dedup();
                Found::Several(ids.into_iter())
            }
        }
    }
}
