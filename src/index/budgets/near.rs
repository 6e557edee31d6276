//! What a selector that matches nothing may have meant: a label one slip away, pods that get labels while
//! they run, a workload that is near. Every answer is a look-up, however many selectors dangle.

use crate::index::budgets::near_labels::NearLabels;
use crate::index::objects::places::{Places, known_namespace};
use crate::index::{Budgets, PodSetId};
use crate::model::{Object, Operator, Requirement, Selector};
use std::collections::BTreeSet;

/// A label of pods that differs by one slip from what a selector asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The pods.
    pub pods: PodSetId,
    /// Their label, as `key=value`.
    pub label: String,
    /// Whether no other label is as near.
    pub is_only: bool,
}

/// The shortest value in which a single edit is called a slip.
const SHORTEST: usize = 4;

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
        self.near_miss_among(from, selector, |pods| !self.has_budgets(pods))
    }

    /// The same among pods that no Service selects.
    pub fn near_miss_of_service(&self, from: &Object, selector: &Selector<'_>) -> Option<NearMiss> {
        self.near_miss_among(from, selector, |pods| self.services_of(pods).next().is_none())
    }

    fn near_miss_among(
        &self,
        from: &Object,
        selector: &Selector<'_>,
        is_wanted: impl Fn(PodSetId) -> bool,
    ) -> Option<NearMiss> {
        let near = self.near_labels.get_or_init(|| NearLabels::new(self));
        let mut found: Option<NearMiss> = None;
        for (at, requirement) in selector.requirements.iter().enumerate() {
            let (Operator::In, [wanted]) = (requirement.operator, requirement.values.as_slice()) else { continue };
            if wanted.chars().count() < SHORTEST {
                continue;
            }
            for value in near.slips(&requirement.key, wanted) {
                let mut meant = selector.clone();
                meant.requirements[at].values = vec![value.into()];
                let selected = self.select(from, &meant);
                let Some(selected) = selected.iter().find(|it| is_wanted(it.pods)) else { continue };
                let label = format!("{}={value}", requirement.key);
                match found {
                    None => found = Some(NearMiss { pods: selected.pods, label, is_only: true }),
                    Some(first) => return Some(NearMiss { is_only: false, ..first }),
                }
            }
        }
        found
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
