//! `pdb-overlap`

use crate::index::{BudgetId, Control, Index, Maker, Nearness, PodSetId};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::list;
use std::collections::{BTreeMap, BTreeSet};

rule!(PdbOverlap, "disruption/pdb-overlap.md", |walk| {
    walk.environment(|cx| {
        let index = cx.index();
        let (overlaps, alone) = overlaps(index);
        let others: BTreeSet<BudgetId> = overlaps.values().flat_map(|it| it.others.iter().copied()).collect();
        for budget in alone.difference(&others) {
            if let Some(object) = index.budget(*budget).manifest() {
                cx.judge(object, Verdict::Pass);
            }
        }
        for (budget, overlap) in overlaps {
            report(budget, &overlap, cx);
        }
    });
});

#[derive(Default)]
struct Overlap {
    pods: Vec<PodSetId>,
    others: Vec<BudgetId>,
    /// The largest number of budgets of one pod.
    most: usize,
}

/// By the last written budget of a pod: that is the one to remove or narrow, with one finding a budget. With those that
/// have pods to themselves.
fn overlaps(index: &Index<'_>) -> (BTreeMap<BudgetId, Overlap>, BTreeSet<BudgetId>) {
    let mut overlaps: BTreeMap<BudgetId, Overlap> = BTreeMap::new();
    let mut alone = BTreeSet::new();
    for at in 0..index.pod_sets().len() {
        let pods = PodSetId(u32::try_from(at).unwrap_or(u32::MAX));
        let set = index.pods(pods);
        if matches!(set.control, Control::Finite | Control::Kept) || set.ceiling == Some(0) {
            continue;
        }
        let budgets: Vec<BudgetId> =
            index.budgets_of(pods).iter().filter(|it| it.1 == Nearness::Same).map(|it| it.0).collect();
        if let [budget] = budgets.as_slice() {
            alone.insert(*budget);
            continue;
        }
        let namespaces: BTreeSet<&str> =
            budgets.iter().filter_map(|it| index.budget(*it).object().namespace()).collect();
        if namespaces.len() > 1 {
            continue; // The workload leaves its namespace out: it is in one of theirs at most.
        }
        let written = budgets.iter().copied().filter(|it| index.budget(*it).manifest().is_some()).max();
        let Some(last) = written.filter(|_| budgets.len() > 1) else { continue };
        let overlap = overlaps.entry(last).or_default();
        overlap.pods.push(pods);
        overlap.most = overlap.most.max(budgets.len());
        for other in budgets.into_iter().filter(|it| *it != last) {
            if !overlap.others.contains(&other) {
                overlap.others.push(other);
            }
        }
    }
    (overlaps, alone)
}

fn report(budget: BudgetId, overlap: &Overlap, cx: &mut Context<'_>) {
    let index = cx.index();
    let Some(object) = index.budget(budget).manifest() else { return };
    let mut owners: Vec<&Object> = overlap.pods.iter().map(|it| index.pods(*it).owner).collect();
    owners.dedup_by(|one, other| one.id() == other.id());
    let titles: Vec<String> = owners.iter().map(|it| it.title()).collect();
    let number = overlap.most;
    let message =
        format!("the pods of {} have {number} PodDisruptionBudgets: they cannot be evicted at all", list(&titles));
    let is_generated = |it: &BudgetId| matches!(index.budget(*it).maker, Maker::Generated(_));
    let help = if overlap.others.iter().any(is_generated) {
        "the eviction API answers HTTP 500 where two budgets match; remove this one: the operator makes its own, \
         which its custom resource configures"
    } else {
        "the eviction API answers HTTP 500 where two budgets match; keep one, or narrow the selectors"
    };
    let mut draft =
        cx.fail(object, object.place(&["spec", "selector"]), message).evidence("budgets", number).help(help);
    for other in overlap.others.iter().take(4) {
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
