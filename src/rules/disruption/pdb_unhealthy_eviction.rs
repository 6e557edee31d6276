//! `pdb-unhealthy-eviction`

use crate::index::{Budget, BudgetId};
use crate::model::{Object, Version, WorkloadKind};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::Value;

/// The first Kubernetes that reads the policy without being told to.
const POLICY_SINCE: Version = Version::new(1, 27, 0);

rule!(PdbUnhealthyEviction, "disruption/pdb-unhealthy-eviction.md", |walk| walk.budgets(judge));

/// Whether there are owners, and all of them are stateless.
struct Stateless(bool);

fn judge(id: BudgetId, budget: &Budget<'_>, object: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let owners = index.owners_of(id);
    let is_stateless = |it: &Object| {
        let kind = index.workload_of(it).map(|it| it.kind);
        kind.is_some_and(|it| matches!(it, WorkloadKind::Deployment | WorkloadKind::Rollout))
    };
    let find = || Stateless(owners.len() > 0 && owners.clone().all(is_stateless));
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
    // Older API servers drop the field.
    let knows_it = index.kubernetes_versions().iter().all(|it| it.2 >= POLICY_SINCE);
    let repair = knows_it.then(|| Repair::new().set(object, keys, Value::text("AlwaysAllow")));
    cx.fail(object, object.place(keys), message).help(help).fix(repair).verdict()
}
