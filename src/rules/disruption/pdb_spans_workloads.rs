//! `pdb-spans-workloads`

use crate::index::{Allowance, Budget, BudgetId, Index};
use crate::model::{Object, Selector};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::{count, titles};
use crate::source::Span;

rule!(PdbSpansWorkloads, "disruption/pdb-spans-workloads.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let owners = index.owners_of(id);
    if owners.len() == 0 || budget.selector.as_ref().is_none_or(Selector::is_everything) {
        return Verdict::NotApplicable;
    }
    let spanned = index.once_a_selection(id, |_| Spanned::of(owners.clone(), index));
    if owners.len() < 2 || spanned.has_others || spanned.is_store {
        return Verdict::Pass;
    }
    let Allowance::Known { allowed: allowed @ 1.., assumed_one: false, .. } = index.allowance(id) else {
        return Verdict::NotApplicable;
    };
    // One that a budget lets go as a whole has no protection from it.
    let all = spanned.smaller.iter().find(|it| it.0 <= allowed);
    let titles = titles(owners.clone());
    let message = format!("{} allows {} for {titles} together", budget.demand, count(allowed, "eviction"));
    let mut draft = cx
        .fail(object, object.place(&["spec", "selector"]), message)
        .evidence("workloads", owners.len())
        .evidence("allowed", allowed)
        .help("one of them may use up what the budget allows: give each a budget with its own labels");
    for owner in owners.take(3) {
        draft = draft.label(owner.name_span(), "its pods share the budget");
    }
    if let Some((floor, span)) = all {
        draft = draft.label(*span, format!("all of its {} may go at once", count(*floor, "pod")));
    }
    draft.verdict()
}

/// The owners that some budgets share.
struct Spanned {
    /// Whether some are no workloads.
    has_others: bool,
    /// Whether all are stores: the members of one are often one workload each, and are meant to share a budget.
    is_store: bool,
    /// The pods of those that have fewer than all before them, and where the number stands.
    smaller: Vec<(i64, Span)>,
}

impl Spanned {
    fn of<'o>(owners: impl Iterator<Item = &'o Object>, index: &Index<'_>) -> Spanned {
        let mut spanned = Spanned { has_others: false, is_store: true, smaller: Vec::new() };
        for owner in owners {
            let Some(workload) = index.workload_of(owner) else {
                spanned.has_others = true;
                continue;
            };
            spanned.is_store &= workload.role.is_store();
            let fewest = spanned.smaller.last().map_or(i64::MAX, |it| it.0);
            if let Some(floor) = workload.scale.floor.filter(|it| (1..fewest).contains(it)) {
                spanned.smaller.push((floor, workload.scale_place().span));
            }
        }
        spanned
    }
}
