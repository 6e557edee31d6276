//! The pods that an environment will run, those of operators among them, and who selects them.

use super::{Index, Nearness};
use crate::model::{Labels, Object, Operator, Selector};
use std::borrow::Cow;
use std::collections::HashMap;

/// The position of a [`PodSet`] in its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PodSetId(pub u32);

/// Whether the disruption controller can read the scale of what owns a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// The owner has a scale subresource.
    Scalable,
    /// The owner has none: the resource as the API names it, as in `daemonsets.apps`.
    Unscalable(&'static str),
    /// The pods run to their end and are not there in the long run.
    Finite,
    /// Nothing owns the pod.
    Bare,
}

/// Pods that look alike: those of one template, or those of one role that an operator makes.
#[derive(Clone, Debug)]
pub struct PodSet<'a> {
    /// The object that makes them.
    pub owner: &'a Object,
    /// Their labels.
    pub labels: Labels<'a>,
    /// How many there are at least, if known.
    pub floor: Option<i64>,
    /// How many there are at most, if known.
    pub ceiling: Option<i64>,
    /// The scale of the owner at least: more than `floor` where an owner has several kinds of pods.
    pub scale: Option<i64>,
    /// Whether the owner's scale can be read.
    pub control: Control,
    /// Whether an operator makes them, so that labels we do not know may be on them.
    pub is_virtual: bool,
}

/// A pod set that a selector matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// The pods.
    pub pods: PodSetId,
    /// [`Nearness::Same`], or [`Nearness::Unknown`] where the namespaces leave it open.
    pub nearness: Nearness,
}

/// Pod sets by namespace and label, so that a selector is answered by a look-up.
#[derive(Debug, Default)]
pub(super) struct PodIndex<'a> {
    /// By namespace; the empty text stands for an absent one.
    buckets: HashMap<&'a str, Bucket>,
}

#[derive(Debug, Default)]
struct Bucket {
    all: Vec<PodSetId>,
    /// By key, and in it by value.
    by_label: HashMap<String, HashMap<String, Vec<PodSetId>>>,
}

impl<'a> PodIndex<'a> {
    pub(super) fn new(pods: &[PodSet<'a>]) -> Self {
        let mut index = PodIndex::default();
        for (at, set) in pods.iter().enumerate() {
            let id = PodSetId(u32::try_from(at).expect("fewer than 2^32 pod sets"));
            let bucket = index.buckets.entry(set.owner.namespace().unwrap_or_default()).or_default();
            bucket.all.push(id);
            for (key, value) in set.labels.iter() {
                let values = bucket.by_label.entry(key.to_owned()).or_default();
                values.entry(value.to_owned()).or_default().push(id);
            }
        }
        index
    }
}

impl Bucket {
    /// The sets that may match: those with the rarest label that the selector asks for.
    fn candidates(&self, selector: &Selector<'_>) -> Cow<'_, [PodSetId]> {
        let mut best: Option<Cow<'_, [PodSetId]>> = None;
        for requirement in &selector.requirements {
            let values = self.by_label.get(requirement.key.as_ref());
            let found: Cow<'_, [PodSetId]> = match (requirement.operator, values) {
                (Operator::In | Operator::Exists, None) => return Cow::Borrowed(&[]),
                (Operator::In, Some(values)) => match requirement.values.as_slice() {
                    [value] => values.get(value.as_ref()).map_or(Cow::Borrowed(&[]), |it| Cow::Borrowed(it.as_slice())),
                    several => several
                        .iter()
                        .filter_map(|it| values.get(it.as_ref()))
                        .flatten()
                        .copied()
                        .collect::<Vec<_>>()
                        .into(),
                },
                _ => continue,
            };
            if best.as_ref().is_none_or(|it| found.len() < it.len()) {
                best = Some(found);
            }
        }
        best.unwrap_or(Cow::Borrowed(&self.all))
    }
}

impl<'a> Index<'a> {
    /// All pod sets.
    pub fn pod_sets(&self) -> &[PodSet<'a>] {
        &self.pods
    }

    /// The pod set with this id.
    pub fn pods(&self, id: PodSetId) -> &PodSet<'a> {
        &self.pods[id.0 as usize]
    }

    /// The pods that a selector written in `from` matches in its namespace, in order.
    pub fn select(&self, from: &Object, selector: &Selector<'_>) -> Vec<Selected> {
        let mut found = Vec::new();
        for (namespace, bucket) in self.buckets_near(from) {
            // Two explicit namespaces were compared already; an absent one is compared object by object.
            let is_settled = from.namespace() == Some(namespace);
            for id in bucket.candidates(selector).iter() {
                let pods = self.pods(*id);
                if !selector.matches(&pods.labels) {
                    continue;
                }
                let nearness = if is_settled { Nearness::Same } else { self.nearness(from, pods.owner) };
                if nearness != Nearness::Different {
                    found.push(Selected { pods: *id, nearness });
                }
            }
        }
        found.sort_by_key(|it| it.pods);
        found
    }

    /// The buckets that may hold pods of an object's namespace.
    fn buckets_near(&self, from: &Object) -> Vec<(&'a str, &Bucket)> {
        let buckets = &self.pod_index.buckets;
        let is_exact = from.namespace().is_some_and(|it| !super::namespaces::is_template(it));
        if !is_exact || self.has_template_namespaces {
            #[expect(clippy::iter_over_hash_type, reason = "what is found is sorted")]
            return buckets.iter().map(|(namespace, bucket)| (*namespace, bucket)).collect();
        }
        let own = from.namespace().and_then(|it| buckets.get_key_value(it));
        own.into_iter().chain(buckets.get_key_value("")).map(|(key, bucket)| (*key, bucket)).collect()
    }

    /// The pods that may be in the namespace of an object.
    pub(super) fn pods_near(&self, from: &Object) -> impl Iterator<Item = PodSetId> {
        let buckets = self.buckets_near(from).into_iter();
        buckets.flat_map(|(_, bucket)| bucket.all.iter().copied())
    }

    /// Whether pods in a namespace of this name, or in one that is not written, match.
    pub fn selects_in(&self, namespace: &str, selector: &Selector<'_>) -> Option<PodSetId> {
        let buckets = [namespace, ""].map(|it| self.pod_index.buckets.get(it));
        let candidates = buckets.into_iter().flatten().flat_map(|it| it.candidates(selector).into_owned());
        candidates.filter(|it| selector.matches(&self.pods(*it).labels)).min()
    }

    /// Whether pods anywhere in the environment, in whatever namespace, match.
    pub fn selects_anywhere(&self, selector: &Selector<'_>) -> Option<PodSetId> {
        let mut found = None;
        #[expect(clippy::iter_over_hash_type, reason = "the least id is kept")]
        for bucket in self.pod_index.buckets.values() {
            let hit =
                bucket.candidates(selector).iter().copied().filter(|it| selector.matches(&self.pods(*it).labels)).min();
            found = match (found, hit) {
                (Some(one), Some(other)) => Some(std::cmp::min::<PodSetId>(one, other)),
                (one, other) => one.or(other),
            };
        }
        found
    }
}
