//! `pdb-custom-controller`

use super::pdb_blocks_drain::demand_place;
use super::repairs::all_but_one;
use crate::index::{Allowance, Budget, BudgetId, Control, Demand, Index, Nearness, PodSetId, Selected, is_suspended};
use crate::model::{Amount, Object};
use crate::rule::{Context, Verdict, cases, rule};

const SOON_HELP: &str = "until they are deleted it allows 0 evictions for all selected pods: give the Job's pods labels of \
                         their own";

cases!(PdbCustomController: SOON = "soon");

rule!(PdbCustomController, "disruption/pdb-custom-controller.md", |walk| {
    walk.budgets(judge);
});

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    if budget.demand.is_always_zero() {
        return Verdict::NotApplicable; // It allows nothing for a simpler reason.
    }
    let (pods, resource, case) = match index.allowance(id) {
        Allowance::Unscalable(pods, resource) => (pods, resource, None),
        Allowance::Known { .. } if needs_scale(budget.demand) => match passing_job(id, index) {
            Some(pods) => (pods, "jobs.batch", Some(SOON)),
            None => return Verdict::Pass,
        },
        Allowance::Known { .. } => return Verdict::Pass,
        _ => return Verdict::NotApplicable,
    };
    let selected = index.selected_by(id);
    // They are in order.
    let own = selected.binary_search_by_key(&pods, |it| it.pods).ok().map(|at| selected[at]);
    if own.is_none_or(|it| it.nearness != Nearness::Same) {
        return Verdict::open("namespaces are left out, so it may or may not select these pods");
    }
    let owner = index.pods(pods).owner;
    let repair = steady_pods(id, index).filter(|it| *it >= 2).map(|it| all_but_one(object, it));
    let when = if case.is_some() { " while the Job's pods are there" } else { "" };
    let message =
        format!("{} cannot be computed{when}: {resource} does not implement the scale subresource", budget.demand);
    cx.fail(object, demand_place(object), message)
        .maybe_case(case)
        .label(owner.name_span(), format!("{} makes the selected pods", owner.title()))
        .evidence("allowed", 0)
        .fix(repair)
        .help(if case.is_some() { SOON_HELP.to_owned() } else { help(resource) })
        .verdict()
}

/// How many pods a budget selects, if that is known, does not change, and no other budget asks for them as well.
fn steady_pods(id: BudgetId, index: &Index<'_>) -> Option<i64> {
    let of_set = |it: &Selected| {
        let set = index.pods(it.pods);
        let is_kept = match set.control {
            Control::Scalable => true,
            Control::Unscalable(resource) => resource != "daemonsets.apps",
            Control::Finite | Control::Kept | Control::Bare => false,
        };
        let is_steady = is_kept && it.nearness == Nearness::Same && set.ceiling == set.floor;
        set.floor.filter(|_| is_steady && index.only_budget_of(it.pods).is_some())
    };
    index.selected_by(id).iter().try_fold(0_i64, |sum, it| Some(sum.saturating_add(of_set(it)?)))
}

fn needs_scale(demand: Demand) -> bool {
    matches!(demand, Demand::MaxUnavailable(_) | Demand::MinAvailable(Amount::Percent(_)))
}

/// The pods of a Job that are kept for some minutes after they have finished. Hooks go by their own policy.
fn passing_job(id: BudgetId, index: &Index<'_>) -> Option<PodSetId> {
    struct Passing(Option<PodSetId>);
    let is_passing = |it: &&Selected| {
        let set = index.pods(it.pods);
        let spec = set.owner.node();
        let goes = || match set.owner.kind() {
            "Job" => spec.int_at(&["spec", "ttlSecondsAfterFinished"]).is_some(),
            _ => !is_suspended(set.owner),
        };
        set.control == Control::Finite && goes()
    };
    index.once_a_selection(id, |it| Passing(it.iter().find(is_passing).map(|it| it.pods))).0
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
