//! `pdb-selects-all`

use crate::index::{Allowance, Budget, BudgetId};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::disruption::PdbCustomController;
use crate::rules::words::titles;

rule!(PdbSelectsAll, "disruption/pdb-selects-all.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    match &budget.selector {
        Some(selector) if selector.is_everything() => {}
        Some(_) => return Verdict::Pass,
        None => return Verdict::NotApplicable, // It selects nothing.
    }
    let mut owners = index.owners_of(id);
    let all = owners.clone();
    let (first, second) = match (owners.next(), owners.next()) {
        (None, _) => return Verdict::open("no pods are in the manifests"),
        (_, None) => return Verdict::Pass,
        (Some(first), Some(second)) => (first, second),
    };
    let place = object.place(&["spec", "selector"]);
    if matches!(index.allowance(id), Allowance::Unscalable(..)) && !budget.demand.is_always_zero() {
        let text = "an empty selector takes every pod of the namespace";
        return cx.blocked(object, PdbCustomController::ID, object, place.span, text);
    }
    let number = all.len();
    let message = format!("an empty selector takes the pods of {number} workloads: {}", titles(all));
    cx.fail(object, place, message)
        .evidence("workloads", number)
        .label(first.name_span(), "its pods share the budget")
        .label(second.name_span(), "and so do these")
        .help("one workload may use up what the budget allows for all: give each a budget with its own labels")
        .verdict()
}
