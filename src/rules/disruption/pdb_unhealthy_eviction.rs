//! `pdb-unhealthy-eviction`

use crate::index::{Budget, BudgetId};
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, Verdict, rule};

rule!(PdbUnhealthyEviction, "disruption/pdb-unhealthy-eviction.md", |walk| walk.budgets(judge));

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let owners = index.owners_of(id);
    let is_stateless = |it: &Object| {
        let kind = index.workload_of(it).map(|it| it.kind);
        kind.is_some_and(|it| matches!(it, WorkloadKind::Deployment | WorkloadKind::Rollout))
    };
    if owners.is_empty() || !owners.iter().all(|it| is_stateless(it)) || object.version() != "v1" {
        return Verdict::NotApplicable;
    }
    if budget.demand.is_always_zero() {
        return Verdict::NotApplicable; // It refuses healthy pods as well.
    }
    if object.node().at(&["spec", "unhealthyPodEvictionPolicy"]).is_some() {
        return Verdict::Pass;
    }
    let message = format!("{} keeps pods that are not ready from being evicted", object.title());
    let help = "pods that crash again and again block a drain while the budget is not met: set \
                unhealthyPodEvictionPolicy: AlwaysAllow";
    cx.fail(object, object.place(&["spec", "unhealthyPodEvictionPolicy"]), message).help(help).verdict()
}
