//! What budgets select. Budgets that select the same share one answer, so that a thousand budgets of a thousand workloads
//! are no million answers.

use crate::index::budgets::budget::{Allowance, Budget, BudgetId, Demand};
use crate::index::lookup::answers::Answers;
use crate::index::{Control, Nearness, PodSetId, Pods, PostgresClusters, Selected};
use crate::model::{Amount, ObjectId};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The position of a selection.
pub(super) type SelectionId = u32;

/// The pods that some budgets select, and what is added up of them.
#[derive(Default)]
pub(super) struct Selection {
    pub(super) pods: Vec<Selected>,
    /// In order.
    pub(super) budgets: Vec<BudgetId>,
    /// The pods that have no scale, and what they are; the sums at the floors, and those with one pod at least.
    totals: OnceLock<Totals>,
    owners: OnceLock<Vec<PodSetId>>,
    pub(super) answers: Answers,
}

struct Totals {
    broken: Option<Allowance>,
    at_floor: Option<Sums>,
    at_one: Option<Sums>,
}

/// The sums over the pods that a budget selects.
#[derive(Clone, Copy, Default)]
struct Sums {
    /// Pods that are there.
    pods: i64,
    /// The scales of their distinct owners.
    scale: i64,
    /// Sets whose pods are there in the long run.
    sets: usize,
    has_owner: bool,
    bare: Option<PodSetId>,
}

/// All selections, and which one each budget has.
pub(super) fn read<'a>(databases: &PostgresClusters<'a>, budgets: &[Budget<'a>]) -> (Vec<Selection>, Vec<SelectionId>) {
    let mut selections: Vec<Selection> = Vec::new();
    let mut by_key = HashMap::new();
    let mut of_budgets = Vec::with_capacity(budgets.len());
    for (budget, at) in budgets.iter().zip(0..) {
        let from = budget.object();
        let selector = budget.selector.as_ref().map(|it| databases.effective(it));
        // All that the namespaces of pods are compared with.
        let place = (from.namespace(), from.is_governed, databases.folder(from));
        let id = *by_key.entry((place, selector.clone())).or_insert_with(|| {
            let pods = selector.map(|it| databases.select(from, &it)).unwrap_or_default();
            selections.push(Selection { pods, ..Selection::default() });
            u32::try_from(selections.len() - 1).expect("fewer than 2^32 budgets")
        });
        selections[id as usize].budgets.push(BudgetId(at));
        of_budgets.push(id);
    }
    (selections, of_budgets)
}

impl Selection {
    /// What a budget with this demand allows at the floor of the pods.
    pub(super) fn allowance(&self, demand: Demand, pods: &Pods<'_>) -> Allowance {
        if demand == Demand::Unreadable {
            return Allowance::Unknown;
        }
        let totals = self.totals.get_or_init(|| Totals::of(&self.pods, pods));
        // A number of pods is compared with the pods, and no demand with nothing: neither needs a scale.
        let needs_scale = !matches!(demand, Demand::MinAvailable(Amount::Count(_)) | Demand::Neither);
        // The others need the scale of every owner: one that has none breaks the whole budget.
        if let Some(broken) = totals.broken.as_ref().filter(|_| needs_scale) {
            return broken.clone();
        }
        let Some(mut sums) = totals.at_floor else { return Allowance::Unknown };
        let assumed_one = sums.pods == 0 && sums.sets > 0;
        if assumed_one {
            sums = totals.at_one.unwrap_or_default();
        }
        if let (Some(id), true, false) = (sums.bare, needs_scale, sums.has_owner) {
            return Allowance::OnlyBare(id);
        }
        let (expected, desired) = demand.of_pods(sums.pods, sums.scale);
        let allowed = demand.allows(sums.pods, sums.scale);
        Allowance::Known { allowed, expected, healthy: sums.pods, desired, assumed_one }
    }

    /// Pods of each distinct owner that are certainly selected, in order; Jobs do not count, nor what is switched off.
    pub(super) fn owners(&self, pods: &Pods<'_>) -> &[PodSetId] {
        self.owners.get_or_init(|| {
            let same = self.pods.iter().filter(|it| it.nearness == Nearness::Same).map(|it| it.pods);
            let stays = |it: &PodSetId| {
                let set = pods.pods(*it);
                !matches!(set.control, Control::Finite | Control::Kept) && set.ceiling != Some(0)
            };
            let mut seen = HashSet::new();
            same.filter(stays).filter(|it| seen.insert(pods.pods(*it).owner.id())).collect()
        })
    }
}

impl Totals {
    fn of(selected: &[Selected], pods: &Pods<'_>) -> Totals {
        let broken = selected.iter().map(|it| (it.pods, pods.pods(it.pods))).find_map(|(id, set)| match set.control {
            Control::Unscalable(resource) if set.floor != Some(0) => Some(Allowance::Unscalable(id, resource)),
            Control::Kept => Some(Allowance::Unscalable(id, "jobs.batch")),
            _ => None,
        });
        Totals { broken, at_floor: sum(selected, pods, 0), at_one: sum(selected, pods, 1) }
    }
}

/// Adds the pods up at their floors, each at least `minimum`; `None` if one floor is unknown.
fn sum(selected: &[Selected], pods: &Pods<'_>, minimum: i64) -> Option<Sums> {
    let mut sums = Sums::default();
    let mut owners: HashMap<(ObjectId, Option<PodSetId>), i64> = HashMap::new();
    for id in selected.iter().map(|it| it.pods) {
        let set = pods.pods(id);
        if matches!(set.control, Control::Finite | Control::Kept) {
            continue;
        }
        let floor = set.floor?.max(minimum);
        sums.pods += floor;
        sums.sets += 1;
        if set.control == Control::Bare {
            _ = sums.bare.get_or_insert(id);
            continue;
        }
        // Sets that are a part of their owner's scale share it; one that is all of it has its own.
        let part = (set.scale == set.floor).then_some(id);
        owners.insert((set.owner.id(), part), set.scale.unwrap_or(floor).max(minimum));
        sums.has_owner = true;
    }
    sums.scale = owners.into_values().sum();
    Some(sums)
}
