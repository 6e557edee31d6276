//! `pdb-custom-controller`

use super::pdb_blocks_drain::demand_place;
use crate::index::{Allowance, Budget, BudgetId, Nearness};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};

rule!(PdbCustomController, "disruption/pdb-custom-controller.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    if budget.demand.is_always_zero() {
        return Verdict::NotApplicable; // It allows nothing for a simpler reason.
    }
    let Allowance::Unscalable(pods, resource) = index.allowance(id) else { return Verdict::NotApplicable };
    if !index.selected_by(id).iter().any(|it| it.pods == pods && it.nearness == Nearness::Same) {
        return Verdict::open("namespaces are left out, so it may or may not select these pods");
    }
    let owner = index.pods(pods).owner;
    let message = format!("{} cannot be computed: {resource} does not implement the scale subresource", budget.demand);
    cx.fail(object, demand_place(object), message)
        .label(owner.name_span(), format!("{} makes the selected pods", owner.title()))
        .evidence("allowed", 0)
        .help(help(resource))
        .verdict()
}

fn help(resource: &str) -> String {
    let way_out = match resource {
        "jobs.batch" => {
            "finished pods are selected as long as they are kept: give the Job's pods labels of their own, or \
             ttlSecondsAfterFinished"
        }
        "daemonsets.apps" => "drains leave the pods of DaemonSets alone, so they need no budget: do not select them",
        _ => "use an integer minAvailable, or the budget that the operator makes by itself",
    };
    format!("the disruption controller then allows 0 evictions for all selected pods; {way_out}")
}
