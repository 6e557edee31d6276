//! PodDisruptionBudgets, written and generated, and what the disruption controller makes of them.
//!
//! The arithmetic is that of kubernetes/kubernetes `pkg/controller/disruption/disruption.go`
//! (`getExpectedPodCount`, `updatePdbStatus`) and `pkg/registry/core/pod/storage/eviction.go`.

mod budget;
pub(in crate::index) mod candidates;
pub(in crate::index) mod near;
pub(in crate::index) mod near_labels;
mod selections;

pub use budget::{Allowance, Budget, BudgetId, Demand, Maker};

use crate::index::budgets::candidates::Candidates;
use crate::index::budgets::near_labels::NearLabels;
use crate::index::budgets::selections::{Selection, SelectionId};
use crate::index::lookup::groups::Groups;
use crate::index::{Nearness, Objects, PodSetId, PostgresClusters, Selected};
use crate::model::{Object, ObjectId, Owner, Selector};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The thirteenth stage: budgets, and the pods that they select.
pub struct Budgets<'a> {
    databases: PostgresClusters<'a>,
    all: Vec<Budget<'a>>,
    selections: Vec<Selection>,
    chosen: Vec<SelectionId>,
    by_pods: Groups<PodSetId, (SelectionId, Nearness)>,
    pub(super) candidates: Candidates<'a>,
    /// Only selectors that match nothing need them.
    pub(super) near_labels: OnceLock<NearLabels>,
    written_names: OnceLock<BTreeSet<String>>,
    are_suffixed: OnceLock<bool>,
}

crate::index::stands_on!(Budgets, databases: PostgresClusters);

impl<'a> Budgets<'a> {
    /// Files the written budgets, and those that operators make.
    pub(super) fn new(databases: PostgresClusters<'a>, made: Vec<Budget<'a>>) -> Budgets<'a> {
        let budgets = all(&databases, made);
        let (selections, chosen) = selections::read(&databases, &budgets);
        let mut selecting = Vec::new();
        for (selection, at) in selections.iter().zip(0..) {
            selecting.extend(selection.pods.iter().map(|it| (it.pods, (at, it.nearness))));
        }
        let by_pods = Groups::new(selecting);
        let is_open = |it: &&Budget<'a>| it.manifest().is_some() && it.selector.as_ref().is_some_and(Selector::is_open);
        let open_budgets = budgets.iter().filter(is_open).map(Budget::object);
        let is_protected = |pods: PodSetId| !by_pods.get(pods).is_empty();
        Budgets {
            candidates: Candidates::new(&databases, open_budgets, is_protected),
            databases,
            all: budgets,
            selections,
            chosen,
            by_pods,
            near_labels: OnceLock::new(),
            written_names: OnceLock::new(),
            are_suffixed: OnceLock::new(),
        }
    }

    /// All budgets, the written ones first.
    pub fn budgets(&self) -> impl Iterator<Item = (BudgetId, &Budget<'a>)> {
        self.all.iter().enumerate().map(|(at, it)| (BudgetId(u32::try_from(at).unwrap_or(u32::MAX)), it))
    }

    /// Those that are written in objects at these positions, in order.
    pub fn written_budgets(&self, part: &Range<u32>) -> impl Iterator<Item = (BudgetId, &Budget<'a>)> + use<'a, '_> {
        let written = self.all.partition_point(|it| it.manifest().is_some());
        let before = |end: u32| self.all[..written].partition_point(|it| it.object().id().0 < end);
        let range = before(part.start)..before(part.end);
        (0..).map(BudgetId).skip(range.start).zip(&self.all[range])
    }

    /// The budget with this id.
    pub fn budget(&self, id: BudgetId) -> &Budget<'a> {
        &self.all[id.0 as usize]
    }

    fn selection(&self, id: BudgetId) -> &Selection {
        &self.selections[self.chosen[id.0 as usize] as usize]
    }

    /// The pods that a budget selects.
    pub fn selected_by(&self, id: BudgetId) -> &[Selected] {
        &self.selection(id).pods
    }

    /// The budgets that select pods, in order, with how sure the namespaces make it.
    pub fn budgets_of(&self, pods: PodSetId) -> Vec<(BudgetId, Nearness)> {
        let of_selection = |(id, nearness): &(SelectionId, Nearness)| {
            let nearness = *nearness;
            self.selections[*id as usize].budgets.iter().map(move |it| (*it, nearness))
        };
        let mut budgets: Vec<_> = self.by_pods.get(pods).iter().flat_map(of_selection).collect();
        budgets.sort_unstable_by_key(|it| it.0);
        budgets
    }

    /// Whether names of budgets end with what they are, as they are written.
    pub fn are_budgets_suffixed(&self) -> bool {
        *self.are_suffixed.get_or_init(|| self.written_names().iter().any(|it| it.ends_with("-pdb")))
    }

    /// Whether a budget is written by this name.
    pub fn is_budget_name(&self, name: &str) -> bool {
        self.written_names().contains(name)
    }

    fn written_names(&self) -> &BTreeSet<String> {
        let written = |it: &'a Object| it.written.as_ref().map_or_else(|| it.name().to_owned(), |it| it.name.clone());
        self.written_names.get_or_init(|| self.of_kind("policy", "PodDisruptionBudget").map(written).collect())
    }

    /// Whether a budget selects pods.
    pub fn has_budgets(&self, pods: PodSetId) -> bool {
        !self.by_pods.get(pods).is_empty()
    }

    /// The one budget that selects pods.
    pub fn only_budget_of(&self, pods: PodSetId) -> Option<(BudgetId, Nearness)> {
        let [(id, nearness)] = self.by_pods.get(pods) else { return None };
        let [budget] = self.selections[*id as usize].budgets.as_slice() else { return None };
        Some((*budget, *nearness))
    }

    /// What tells apart the budgets that certainly select pods: pods with the same answer have the same budgets.
    pub fn selections_of(&self, pods: PodSetId) -> Vec<u32> {
        self.by_pods.get(pods).iter().filter(|it| it.1 == Nearness::Same).map(|it| it.0).collect()
    }

    /// The distinct owners of pods that a budget certainly selects, in order; Jobs do not count, nor what is
    /// switched off.
    pub fn owners_of(&self, id: BudgetId) -> impl ExactSizeIterator<Item = &'a Object> + Clone {
        self.selection(id).owners(self).iter().map(|it| self.pods(*it).owner)
    }

    /// What is found of the pods that a budget selects: once for all budgets that select the same. Each question has a type of
    /// its own.
    pub fn once_a_selection<T: Send + Sync + 'static>(
        &self,
        id: BudgetId,
        find: impl FnOnce(&[Selected]) -> T,
    ) -> Arc<T> {
        let selection = self.selection(id);
        selection.answers.once(|| find(&selection.pods))
    }

    /// What a budget allows at the floor of its pods.
    pub fn allowance(&self, id: BudgetId) -> Allowance {
        self.selection(id).allowance(self.budget(id).demand, self)
    }
}

/// The written budgets, then those that operators make. What a cluster holds of these stands in the place of what we
/// would expect of the same objects.
fn all<'a>(objects: &Objects<'a>, mut made: Vec<Budget<'a>>) -> Vec<Budget<'a>> {
    let (generated, written): (Vec<&'a Object>, Vec<&'a Object>) =
        objects.of_kind("policy", "PodDisruptionBudget").partition(|it| it.is_made());
    let generated: Vec<Budget<'a>> = generated
        .iter()
        .map(|it| Budget { maker: Maker::Generated(owner_of_budget(objects, it)), ..Budget::written(it) })
        .collect();
    let owners: HashSet<ObjectId> = generated.iter().map(|it| it.object().id()).collect();
    made.retain(|it| !owners.contains(&it.object().id()));
    written.into_iter().map(Budget::written).chain(made).chain(generated).collect()
}

/// The resource whose operator made a budget: by its reference, or by its labels. If neither is there, the budget
/// stands for itobjects.
fn owner_of_budget<'a>(objects: &Objects<'a>, budget: &'a Object) -> &'a Object {
    let referred = Owner::all(budget).find_map(|it| objects.find(budget, it.group, it.kind, it.name));
    let labelled = || {
        let strimzi = budget
            .label("strimzi.io/cluster")
            .map(|it| (crate::index::kafka::STRIMZI, budget.label("strimzi.io/kind").unwrap_or("Kafka"), it));
        let of = |label: &str, group, kind| budget.label(label).map(|it| (group, kind, it));
        let named = [
            strimzi,
            of("cnpg.io/cluster", crate::index::postgres::CNPG, "Cluster"),
            of("cnpg.io/cluster", crate::index::postgres::EDB, "Cluster"),
            of("cluster-name", crate::index::postgres::ZALANDO, "postgresql"),
            of("postgres-operator.crunchydata.com/cluster", crate::index::postgres::CRUNCHY, "PostgresCluster"),
        ];
        named.into_iter().flatten().find_map(|(group, kind, name)| objects.find(budget, group, kind, name))
    };
    referred.or_else(labelled).unwrap_or(budget)
}
