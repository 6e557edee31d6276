//! What a selector that matches nothing may have meant: a label one slip away, pods that get labels while
//! they run, a workload that is near. Every answer is a look-up, however many selectors dangle.

use super::{Budget, Budgets, Objects, PodSetId, PostgresClusters, namespaces};
use crate::model::{Object, Operator, Requirement, Selector};
use std::collections::{BTreeSet, HashMap};

/// The values of labels, so that those one edit away from a text are found without comparing all.
///
/// Two texts are one insertion, deletion, replacement or swap of neighbours apart only if they have a text
/// in common among themselves and what is left when one letter is taken away.
#[derive(Debug, Default)]
pub(super) struct NearLabels {
    by_key: HashMap<String, HashMap<String, BTreeSet<String>>>,
}

/// Where the workloads are that a selector could mean, and which namespaces the manifests leave open; there the
/// empty text stands for one that is left out.
#[derive(Debug, Default)]
pub(super) struct Candidates<'a> {
    all: Places<'a>,
    without_budget: Places<'a>,
    /// Of pods with labels that are filled in later, or whose template stands elsewhere.
    open_pods: BTreeSet<&'a str>,
    /// Of budgets whose selector is filled in later.
    open_budgets: BTreeSet<&'a str>,
}

/// Where objects are, so that the ones in the namespace of another are found without comparing all.
#[derive(Debug, Default)]
struct Places<'a> {
    /// The namespaces that they write.
    namespaces: BTreeSet<&'a str>,
    /// The folders of those that write none.
    folders: BTreeSet<u32>,
    /// Whether one of those goes to the namespace default, because nothing governs it.
    is_in_default: bool,
}

impl<'a> Places<'a> {
    fn insert(&mut self, index: &Objects<'a>, object: &'a Object) {
        if let Some(namespace) = object.namespace() {
            self.namespaces.insert(namespace);
            return;
        }
        self.folders.insert(index.folder(object));
        self.is_in_default |= !object.is_governed;
    }

    /// Whether one is in the namespace of an object, as [`Index::nearness`] has it; any is, if that is not known.
    fn hold_one_beside(&self, index: &Objects<'_>, from: &Object) -> bool {
        match known_namespace(from) {
            "" => !self.namespaces.is_empty() || !self.folders.is_empty(),
            "default" if self.is_in_default => true,
            own if self.namespaces.contains(own) => true,
            own if index.only_namespace == Some(own) => !self.folders.is_empty(),
            _ => self.folders.contains(&index.folder(from)),
        }
    }
}

/// A label of pods that differs by one slip from what a selector asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The pods.
    pub pods: PodSetId,
    /// Their label, as `key=value`.
    pub label: String,
}

/// The shortest value in which a single edit is called a slip.
const SHORTEST: usize = 4;

impl NearLabels {
    fn new(index: &Budgets<'_>) -> Self {
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
    fn slips(&self, key: &str, wanted: &str) -> BTreeSet<&str> {
        let Some(values) = self.by_key.get(key) else { return BTreeSet::new() };
        with_one_letter_less(wanted)
            .filter_map(|it| values.get(&it))
            .flatten()
            .map(String::as_str)
            .filter(|it| is_slip(it, wanted))
            .collect()
    }
}

/// The text itself, and all that is left when one letter is taken away.
fn with_one_letter_less(text: &str) -> impl Iterator<Item = String> {
    let cut = |(at, letter): (usize, char)| format!("{}{}", &text[..at], &text[at + letter.len_utf8()..]);
    std::iter::once(text.to_owned()).chain(text.char_indices().map(cut))
}

/// Whether one text is the other with one edit. Numbers count members: `kafka-1` is no slip of `kafka-0`.
pub fn is_slip(one: &str, other: &str) -> bool {
    let letters = |it: &str| it.chars().filter(|it| !it.is_ascii_digit()).collect::<String>();
    strsim::osa_distance(one, other) == 1 && letters(one) != letters(other)
}

impl<'a> Candidates<'a> {
    pub(super) fn new(
        index: &PostgresClusters<'a>,
        budgets: &[Budget<'a>],
        is_protected: impl Fn(PodSetId) -> bool,
    ) -> Self {
        let mut candidates = Candidates::default();
        for workload in index.workloads().iter().filter(|it| it.kind.is_replicated()) {
            candidates.all.insert(index, workload.object);
            if !index.pods_of(workload.object).iter().any(|it| is_protected(*it)) {
                candidates.without_budget.insert(index, workload.object);
            }
            if workload.has_open_labels() {
                candidates.open_pods.insert(known_namespace(workload.object));
            }
        }
        for budget in budgets {
            if budget.manifest().is_some() && budget.selector.as_ref().is_some_and(Selector::is_open) {
                candidates.open_budgets.insert(known_namespace(budget.object()));
            }
        }
        candidates
    }
}

/// An object's namespace; one that is filled in later may be any, as one that is left out may.
fn known_namespace(object: &Object) -> &str {
    object.namespace().filter(|it| !namespaces::is_template(it)).unwrap_or_default()
}

/// Whether any of these namespaces may be that of an object.
fn any_near(namespaces: &BTreeSet<&str>, from: &Object) -> bool {
    match known_namespace(from) {
        "" => !namespaces.is_empty(),
        own => namespaces.contains(own) || namespaces.contains(""),
    }
}

impl Budgets<'_> {
    /// Whether a replicated workload is in the namespace of an object, so that its selector could mean that one.
    pub fn has_candidate(&self, from: &Object) -> bool {
        self.candidates.all.hold_one_beside(self, from)
    }

    /// Whether one writes the namespace that an object writes. Services are also made for pods that come from
    /// elsewhere, into the namespaces of others: a workload that leaves its own out is no evidence there.
    pub fn has_candidate_in_namespace(&self, from: &Object) -> bool {
        let Places { namespaces, folders, .. } = &self.candidates.all;
        match known_namespace(from) {
            "" => !namespaces.is_empty() || !folders.is_empty(),
            own => namespaces.contains(own),
        }
    }

    /// The same as [`Self::has_candidate`] for a workload without a budget.
    pub fn has_unprotected_candidate(&self, from: &Object) -> bool {
        self.candidates.without_budget.hold_one_beside(self, from)
    }

    /// Whether pods near an object have labels that the manifests do not tell.
    pub fn has_open_pods_near(&self, from: &Object) -> bool {
        any_near(&self.candidates.open_pods, from)
    }

    /// Whether a budget near an object selects what the manifests do not tell.
    pub fn has_open_budget_near(&self, from: &Object) -> bool {
        any_near(&self.candidates.open_budgets, from)
    }

    /// Pods without a budget that a selector would match if one value had one letter more, less or other.
    pub fn near_miss(&self, from: &Object, selector: &Selector<'_>) -> Option<NearMiss> {
        self.near_miss_among(from, selector, |pods| self.budgets_of(pods).is_empty())
    }

    /// The same among pods that no Service selects.
    pub fn near_miss_of_service(&self, from: &Object, selector: &Selector<'_>) -> Option<NearMiss> {
        self.near_miss_among(from, selector, |pods| self.services_of(pods).is_empty())
    }

    fn near_miss_among(
        &self,
        from: &Object,
        selector: &Selector<'_>,
        is_wanted: impl Fn(PodSetId) -> bool,
    ) -> Option<NearMiss> {
        let near = self.near_labels.get_or_init(|| NearLabels::new(self));
        for (at, requirement) in selector.requirements.iter().enumerate() {
            let (Operator::In, [wanted]) = (requirement.operator, requirement.values.as_slice()) else { continue };
            if wanted.chars().count() < SHORTEST {
                continue;
            }
            for value in near.slips(&requirement.key, wanted) {
                let mut meant = selector.clone();
                meant.requirements[at].values = vec![value.into()];
                let selected = self.select(from, &meant);
                if let Some(selected) = selected.iter().find(|it| is_wanted(it.pods)) {
                    let label = format!("{}={value}", requirement.key);
                    return Some(NearMiss { pods: selected.pods, label });
                }
            }
        }
        None
    }

    /// Pods of an operator that a selector may match by labels which they get only while they run.
    pub fn may_get_labels(&self, from: &Object, selector: &Selector<'_>) -> Option<PodSetId> {
        for requirement in selector.requirements.iter().filter(|it| it.operator == Operator::In) {
            let alone = Selector { requirements: vec![requirement.clone()] };
            let found = self.select_made(from, &alone).into_iter().map(|it| it.pods).find(|it| {
                let set = self.pods(*it);
                let domains = set.labels.iter().filter_map(|(key, _)| Some(key.split_once('/')?.0));
                let domains: BTreeSet<&str> = domains.collect();
                let may_come = |it: &Requirement<'_>| {
                    set.labels.get(&it.key).is_none()
                        && it.key.split_once('/').is_some_and(|(domain, _)| domains.contains(domain))
                };
                selector.requirements.iter().all(|it| it.matches(&set.labels) || may_come(it))
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_single_edits_of_letters() {
        assert!(is_slip("orders", "order"));
        assert!(is_slip("orders", "odrers"));
        assert!(is_slip("orders", "ordert"));
        assert!(!is_slip("orders", "orders"));
        assert!(!is_slip("orders", "rders-x"));
        assert!(!is_slip("kafka-0", "kafka-1"));
        assert!(!is_slip("shop-v9", "shop-v10"));
    }

    #[test]
    fn whatever_is_one_edit_away_shares_a_shorter_text() {
        let shares = |one: &str, other: &str| {
            let these: BTreeSet<String> = with_one_letter_less(one).collect();
            with_one_letter_less(other).any(|it| these.contains(&it))
        };
        for other in ["order", "oorders", "odrers", "orderz", "xrders"] {
            assert!(shares("orders", other), "{other}");
        }
        assert!(!shares("orders", "redros"));
    }
}
