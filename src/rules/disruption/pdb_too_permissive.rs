//! `pdb-too-permissive`

use super::pdb_blocks_drain::demand_place;
use super::repairs::let_one_go;
use crate::index::{Allowance, Budget, BudgetId, Demand, Index, Nearness, ScaledBy};
use crate::model::{Amount, Object};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

rule!(PdbTooPermissive, "disruption/pdb-too-permissive.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Demand::MinAvailable(Amount::Count(minimum)) = budget.demand else { return Verdict::NotApplicable };
    let selected = index.selected_by(id);
    if selected.is_empty() || selected.iter().any(|it| it.nearness != Nearness::Same) {
        return Verdict::NotApplicable;
    }
    // At the floor nothing or everything may go: other rules say so.
    let Allowance::Known { allowed: 1.., healthy, desired: 1.., .. } = index.allowance(id) else {
        return Verdict::NotApplicable;
    };
    let Some((most, scaler)) = most(index, id) else { return Verdict::NotApplicable };
    let allowed = most - minimum;
    if most <= healthy || 2 * allowed <= most {
        return Verdict::Pass;
    }
    let message = format!("minAvailable {minimum} lets {allowed} of {} go at once at full scale", count(most, "pod"));
    cx.fail(object, demand_place(object), message)
        .evidence("pods", most)
        .evidence("allowed", allowed)
        .label(scaler.name_span(), format!("scales up to {}", count(most, "pod")))
        .help("a number of pods that must stay protects less the more there are: use maxUnavailable: 1, or 25%")
        .fix(let_one_go(id, object, healthy, index))
        .verdict()
}

/// How many pods there are at most, with an autoscaler that makes them so many.
fn most<'a>(index: &Index<'a>, id: BudgetId) -> Option<(i64, &'a Object)> {
    let mut sum = 0;
    let mut scaler = None;
    for set in index.selected_by(id).iter().map(|it| index.pods(it.pods)) {
        sum += set.ceiling?;
        if let Some(ScaledBy::Hpa(by) | ScaledBy::Keda(by)) = index.workload_of(set.owner).map(|it| it.scale.by) {
            scaler = Some(by);
        }
    }
    Some((sum, scaler?))
}
