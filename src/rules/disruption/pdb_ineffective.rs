//! `pdb-ineffective`

use super::pdb_blocks_drain::{Unsure, demand_place};
use super::repairs::let_one_go;
use crate::index::{Allowance, Budget, BudgetId, Control, Demand};
use crate::model::{Amount, Object};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

rule!(PdbIneffective, "disruption/pdb-ineffective.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let selected = index.selected_by(id);
    let stays = |it: Control| !matches!(it, Control::Finite | Control::Kept);
    if !selected.iter().any(|it| stays(index.pods(it.pods).control)) {
        return Verdict::NotApplicable;
    }
    if Unsure::is(id, index) {
        return Verdict::open("namespaces are left out, so it may or may not select these pods");
    }
    let pods = match index.allowance(id) {
        // A single pod is the finding, not its budget.
        Allowance::Known { healthy, assumed_one, .. } if healthy < 2 || assumed_one => return Verdict::NotApplicable,
        Allowance::Known { allowed, healthy, .. } if allowed >= healthy => Some(healthy),
        Allowance::Known { .. } => return Verdict::Pass,
        Allowance::Unknown if allows_all(budget.demand) => None,
        Allowance::Unknown => return Verdict::open("the number of selected pods is not in the manifests"),
        // Too little is allowed, not too much.
        Allowance::Unscalable(..) | Allowance::OnlyBare(_) => return Verdict::NotApplicable,
    };
    let message = match pods {
        Some(pods) => format!("{} lets all {} go at once", budget.demand, count(pods, "pod")),
        None => format!("{} lets all pods go at once", budget.demand),
    };
    let mut draft = cx
        .fail(object, demand_place(object), message)
        .help("a drain may take every pod at the same time, as if there were no budget: use maxUnavailable: 1");
    if let Some(pods) = pods {
        draft = draft.fix(let_one_go(id, object, pods, index));
        draft = draft.evidence("pods", pods).evidence("allowed", pods);
    }
    for set in selected.iter().map(|it| index.pods(it.pods)).filter(|it| stays(it.control)).take(2) {
        draft = draft.label(set.owner.name_span(), "its pods are selected");
    }
    draft.verdict()
}

/// Whether a demand allows everything at any scale.
fn allows_all(demand: Demand) -> bool {
    match demand {
        Demand::MinAvailable(Amount::Count(number) | Amount::Percent(number)) => number == 0,
        Demand::MaxUnavailable(Amount::Percent(percent)) => percent == 100,
        _ => false,
    }
}
