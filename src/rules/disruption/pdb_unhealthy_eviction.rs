//! `pdb-unhealthy-eviction`

use super::repairs::{is_stateless, knows_policy};
use crate::index::{Budget, BudgetId};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::Value;

rule!(PdbUnhealthyEviction, "disruption/pdb-unhealthy-eviction.md", |walk| walk.budgets(judge));

/// Whether there are owners, and all of them are stateless.
struct Stateless(bool);

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let owners = index.owners_of(id);
    let is_one = |it: &Object| index.workload_of(it).is_some_and(|it| is_stateless(it.kind));
    let find = || Stateless(owners.len() > 0 && owners.clone().all(is_one));
    if !index.once_a_selection(id, |_| find()).0 || object.version() != "v1" {
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
    let keys = &["spec", "unhealthyPodEvictionPolicy"];
    let repair = knows_policy(index).then(|| Repair::new().set(object, keys, Value::text("AlwaysAllow")));
    cx.fail(object, object.place(keys), message).help(help).fix(repair).verdict()
}
