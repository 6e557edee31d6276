//! `pdb-overlap`

use crate::index::{BudgetId, Control, Index, Maker, Nearness, PodSetId};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::titles;
use std::collections::{BTreeMap, BTreeSet, HashMap};

rule!(PdbOverlap, "disruption/pdb-overlap.md", |walk| {
    walk.environment(|cx| {
        let index = cx.index();
        let (overlaps, alone) = overlaps(index);
        for budget in alone {
            if let Some(object) = index.budget(budget).manifest() {
                cx.judge(object, Verdict::Pass);
            }
        }
        for (budget, overlap) in overlaps {
            report(budget, &overlap, cx);
        }
    });
});

/// So many of the others are shown.
const SHOWN: usize = 4;

#[derive(Default)]
struct Overlap {
    pods: Vec<PodSetId>,
    /// The first of them.
    others: Vec<BudgetId>,
    /// Whether an operator makes one of them.
    is_with_generated: bool,
    /// The largest number of budgets of one pod.
    most: usize,
}

/// The budgets that select one pod.
enum Together {
    Nothing,
    Alone(BudgetId),
    /// The last written one, and the others.
    Several(BudgetId, Vec<BudgetId>),
}

/// By the last written budget of a pod: that is the one to remove or narrow, with one finding a budget. With those that
/// have pods to themselves, and are none of the others of such a one.
fn overlaps(index: &Index<'_>) -> (BTreeMap<BudgetId, Overlap>, BTreeSet<BudgetId>) {
    let mut overlaps: BTreeMap<BudgetId, Overlap> = BTreeMap::new();
    let (mut alone, mut beside) = (BTreeSet::new(), BTreeSet::new());
    let mut known: HashMap<Vec<u32>, Together> = HashMap::new();
    for at in 0..index.pod_sets().len() {
        let pods = PodSetId(u32::try_from(at).unwrap_or(u32::MAX));
        let set = index.pods(pods);
        if matches!(set.control, Control::Finite | Control::Kept) || set.ceiling == Some(0) {
            continue;
        }
        // Pods of the same selections have the same budgets, which count once.
        let mut is_new = false;
        let together = known.entry(index.selections_of(pods)).or_insert_with(|| {
            is_new = true;
            together(index, pods)
        });
        match together {
            Together::Nothing => {}
            Together::Alone(budget) => _ = alone.insert(*budget),
            Together::Several(last, others) => {
                let overlap = overlaps.entry(*last).or_default();
                overlap.pods.push(pods);
                if is_new {
                    beside.extend(others.iter().copied());
                    overlap.add(others, index);
                }
            }
        }
    }
    alone.retain(|it| !beside.contains(it));
    (overlaps, alone)
}

impl Overlap {
    /// Adds the budgets of further pods.
    fn add(&mut self, others: &[BudgetId], index: &Index<'_>) {
        self.most = self.most.max(others.len() + 1);
        let is_generated = |it: &BudgetId| matches!(index.budget(*it).maker, Maker::Generated(_));
        self.is_with_generated |= others.iter().any(is_generated);
        for other in others {
            if self.others.len() == SHOWN {
                return;
            }
            if !self.others.contains(other) {
                self.others.push(*other);
            }
        }
    }
}

/// The budgets that certainly select one pod.
fn together(index: &Index<'_>, pods: PodSetId) -> Together {
    let budgets = index.budgets_of(pods).into_iter().filter(|it| it.1 == Nearness::Same);
    let mut others: Vec<BudgetId> = budgets.map(|it| it.0).collect();
    if let [budget] = others.as_slice() {
        return Together::Alone(*budget);
    }
    let namespaces: BTreeSet<&str> = others.iter().filter_map(|it| index.budget(*it).object().namespace()).collect();
    if namespaces.len() > 1 {
        return Together::Nothing; // The workload leaves its namespace out: it is in one of theirs at most.
    }
    match others.iter().rposition(|it| index.budget(*it).manifest().is_some()) {
        Some(last) => Together::Several(others.remove(last), others),
        None => Together::Nothing,
    }
}

fn report(budget: BudgetId, overlap: &Overlap, cx: &mut Context<'_>) {
    let index = cx.index();
    let Some(object) = index.budget(budget).manifest() else { return };
    let mut owners: Vec<&Object> = overlap.pods.iter().map(|it| index.pods(*it).owner).collect();
    owners.dedup_by(|one, other| one.id() == other.id());
    let number = overlap.most;
    let message = format!(
        "the pods of {} have {number} PodDisruptionBudgets: they cannot be evicted at all",
        titles(owners.iter().copied())
    );
    let help = if overlap.is_with_generated {
        "the eviction API answers HTTP 500 where two budgets match; remove this one: the operator makes its own, \
         which its custom resource configures"
    } else {
        "the eviction API answers HTTP 500 where two budgets match; keep one, or narrow the selectors"
    };
    let mut draft =
        cx.fail(object, object.place(&["spec", "selector"]), message).evidence("budgets", number).help(help);
    for other in &overlap.others {
        let other = index.budget(*other);
        draft = match other.maker {
            Maker::Written(other) => {
                draft.label(other.place(&["spec", "selector"]).span, format!("{} selects them, too", other.title()))
            }
            Maker::Generated(owner) => draft.label(
                owner.name_span(),
                format!("the operator of {} makes the budget {} for them", owner.title(), other.name),
            ),
        };
    }
    for owner in owners.iter().take(2).filter(|it| index.workload_of(it).is_some()) {
        draft = draft.label(owner.name_span(), "the pods of this workload");
    }
}
