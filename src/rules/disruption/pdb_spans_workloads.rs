//! `pdb-spans-workloads`

use crate::index::{Allowance, Budget, BudgetId};
use crate::model::{Object, Selector};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::{count, titles};

rule!(PdbSpansWorkloads, "disruption/pdb-spans-workloads.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let owners = index.owners_of(id);
    if owners.is_empty() || budget.selector.as_ref().is_none_or(Selector::is_everything) {
        return Verdict::NotApplicable;
    }
    let workloads: Vec<_> = owners.iter().filter_map(|it| index.workload_of(it)).collect();
    // The members of one store are often one workload each, and are meant to share a budget.
    let is_store = workloads.iter().all(|it| it.role.is_store());
    if owners.len() < 2 || workloads.len() < owners.len() || is_store {
        return Verdict::Pass;
    }
    let Allowance::Known { allowed: allowed @ 1.., assumed_one: false, .. } = index.allowance(id) else {
        return Verdict::NotApplicable;
    };
    // One that a budget lets go as a whole has no protection from it.
    let all = workloads.iter().find(|it| it.scale.floor.is_some_and(|floor| (1..=allowed).contains(&floor)));
    let message = format!("{} allows {} for {} together", budget.demand, count(allowed, "eviction"), titles(&owners));
    let mut draft = cx
        .fail(object, object.place(&["spec", "selector"]), message)
        .evidence("workloads", owners.len())
        .evidence("allowed", allowed)
        .help("one of them may use up what the budget allows: give each a budget with its own labels");
    for owner in owners.iter().take(3) {
        draft = draft.label(owner.name_span(), "its pods share the budget");
    }
    if let Some(workload) = all {
        let floor = count(workload.scale.floor.unwrap_or(0), "pod");
        draft = draft.label(workload.scale_place().span, format!("all of its {floor} may go at once"));
    }
    draft.verdict()
}
