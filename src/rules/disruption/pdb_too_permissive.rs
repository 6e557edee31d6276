//! `pdb-too-permissive`

use super::pdb_blocks_drain::demand_place;
use super::repairs::let_one_go;
use crate::index::{Allowance, Budget, BudgetId, Demand, Index, Nearness, ScaledBy, Selected};
use crate::model::{Amount, Object};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;
use crate::source::Span;

rule!(PdbTooPermissive, "disruption/pdb-too-permissive.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Demand::MinAvailable(Amount::Count(minimum)) = budget.demand else { return Verdict::NotApplicable };
    let is_certain = |it: &[Selected]| Certain(!it.is_empty() && it.iter().all(|it| it.nearness == Nearness::Same));
    if !index.once_a_selection(id, is_certain).0 {
        return Verdict::NotApplicable;
    }
    // At the floor nothing or everything may go: other rules say so.
    let Allowance::Known { allowed: 1.., healthy, desired: 1.., .. } = index.allowance(id) else {
        return Verdict::NotApplicable;
    };
    let Most(Some((most, scaler))) = *index.once_a_selection(id, |it| Most::of(it, index)) else {
        return Verdict::NotApplicable;
    };
    let allowed = most - minimum;
    if most <= healthy || 2 * allowed <= most {
        return Verdict::Pass;
    }
    let message = format!("minAvailable {minimum} lets {allowed} of {} go at once at full scale", count(most, "pod"));
    cx.fail(object, demand_place(object), message)
        .evidence("pods", most)
        .evidence("allowed", allowed)
        .label(scaler, format!("scales up to {}", count(most, "pod")))
        .help("a number of pods that must stay protects less the more there are: use maxUnavailable: 1, or 25%")
        .fix(let_one_go(id, object, healthy, index))
        .verdict()
}

/// Whether some pods are selected, and all of them for certain.
struct Certain(bool);

/// How many pods there are at most, and where an autoscaler stands that makes them so many.
struct Most(Option<(i64, Span)>);

impl Most {
    fn of(selected: &[Selected], index: &Index<'_>) -> Most {
        let mut scaler = None;
        let sum = selected.iter().map(|it| index.pods(it.pods)).try_fold(0, |sum: i64, set| {
            if let Some(ScaledBy::Hpa(by) | ScaledBy::Keda(by)) = index.workload_of(set.owner).map(|it| it.scale.by) {
                scaler = Some(by.name_span());
            }
            Some(sum + set.ceiling?)
        });
        Most(sum.zip(scaler))
    }
}
