//! `pdb-missing`

use super::repairs::new_budget;
use crate::index::postgres::Flavor;
use crate::index::{Index, KafkaCluster, PodSetId, PostgresCluster, Role, ScaledBy, Workload};
use crate::model::{Object, controller_selector};
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::kafka::KafkaPdbDisabled;
use crate::rules::single_copy;
use crate::rules::words::count;
use std::collections::BTreeSet;

cases!(PdbMissing: DATABASE = "database", OTHER = "other");

rule!(PdbMissing, "disruption/pdb-missing.md", |walk| {
    walk.environment(|cx| {
        let index = cx.index();
        let late = selected_late(index);
        cx.judge_each(index.workloads(), |it, cx| judge_workload(it, &late, cx));
    });
    walk.postgres_clusters(|it, cx| match it.flavor {
        Flavor::Cnpg => judge_cnpg(it, cx),
        Flavor::Crunchy => judge_crunchy(it, cx),
        Flavor::Zalando | Flavor::OtherOperator | Flavor::SelfManaged => Verdict::NotApplicable,
    });
    walk.kafka_clusters(judge_strimzi);
});

/// The pods that a budget selects by labels which they only get while they run.
fn selected_late(index: &Index<'_>) -> BTreeSet<PodSetId> {
    let mut late = BTreeSet::new();
    for (id, budget) in index.budgets() {
        let Some((object, selector)) = budget.manifest().zip(budget.selector.as_ref()) else { continue };
        if index.selected_by(id).is_empty() {
            late.extend(index.all_that_may_be_labelled(object, selector));
        }
    }
    late
}

fn judge_workload(workload: &Workload<'_>, late: &BTreeSet<PodSetId>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let object = workload.object;
    if !workload.kind.is_replicated() || workload.role == Role::Ignored {
        return Verdict::NotApplicable;
    }
    let Some(floor) = workload.scale.floor else {
        return Verdict::open(workload.scale.doubt());
    };
    if has_budget(index, object) {
        return Verdict::Pass;
    }
    if floor < 2 {
        return blocked_by_single_copy(workload, floor, cx);
    }
    if index.environment().is_fragment && !index.keeps_policies() {
        return Verdict::open("a budget may stand in another file: run on the whole directory");
    }
    if index.pods_of(object).iter().any(|it| late.contains(it)) {
        return Verdict::open("a budget selects its pods by a label that they get while they run");
    }
    if workload.has_open_labels() || index.has_open_budget_near(object) {
        return Verdict::open("the labels of its pods, or a budget's selector, are template placeholders");
    }
    let message = format!("{} runs {} and has no PodDisruptionBudget", object.title(), count(floor, "pod"));
    let served = index.serving_label_of(object).map(|(key, value)| format!("{key}={value}"));
    let written = served.or_else(|| controller_selector(object, workload.kind).map(|it| it.to_string()));
    let selector = written.unwrap_or_else(|| {
        let labels: Vec<String> = workload.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        labels.join(", ")
    });
    let canary = index.idle_pods_of(object).into_iter().flat_map(|it| index.budgets_of(it)).next();
    let repair = canary.is_none().then(|| new_budget(object, workload.kind, index)).flatten();
    let mut draft = cx.fail(object, object.name_place(), message).evidence("floor", floor).fix(repair).help(format!(
        "drains of several nodes at once may take all its pods: add a PodDisruptionBudget with maxUnavailable: 1 and \
         selector {selector}"
    ));
    for (budget, _) in index.idle_pods_of(object).into_iter().flat_map(|it| index.budgets_of(it)) {
        let place = index.budget(budget).object().place(&["spec", "selector"]);
        let text = format!("selects the pods of the canary alone, none between releases; {selector} serves");
        draft = draft.label(place.span, text);
    }
    match workload.role {
        Role::Tool | Role::Platform | Role::Controller | Role::Datastore | Role::Singleton => draft.case(OTHER),
        _ => draft,
    }
    .verdict()
}

/// A single pod needs a second one first: a budget would only block drains.
fn blocked_by_single_copy(workload: &Workload<'_>, floor: i64, cx: &mut Context<'_>) -> Verdict {
    if floor == 0 && !matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_)) {
        return Verdict::NotApplicable; // Switched off.
    }
    let object = workload.object;
    let (by, carrier) = single_copy::reported_by(workload);
    cx.blocked(
        object,
        by,
        carrier,
        object.name_span(),
        "it also has no PodDisruptionBudget: add it after the second replica",
    )
}

fn has_budget(index: &Index<'_>, object: &Object) -> bool {
    index.pods_of(object).iter().any(|it| index.has_budgets(*it))
}

/// CloudNativePG makes budgets unless it is told not to.
fn judge_cnpg(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if has_budget(cx.index(), object) {
        return Verdict::Pass;
    }
    let Some(instances) = cluster.instances.filter(|it| *it >= 2) else { return Verdict::NotApplicable };
    if object.node().bool_at(&["spec", "enablePDB"]) != Some(false) {
        return Verdict::NotApplicable;
    }
    let instances = count(instances, "instance");
    let message = format!("{} has {instances} and its budgets are switched off", object.title());
    cx.fail(object, object.place(&["spec", "enablePDB"]), message)
        .case(DATABASE)
        .help("remove enablePDB: false: with 2 or more instances the operator switches over before a drain")
        .fix(Repair::new().titled("remove enablePDB: false").remove(object, &["spec", "enablePDB"]))
        .verdict()
}

/// Crunchy's operator makes a budget for each instance set of more than one replica.
fn judge_crunchy(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    if has_budget(cx.index(), object) {
        return Verdict::Pass;
    }
    let Some(instances) = cluster.instances.filter(|it| *it >= 2) else { return Verdict::NotApplicable };
    let instances = count(instances, "instance");
    let message = format!("{} has {instances}, and no instance set with a budget", object.title());
    cx.fail(object, object.place(&["spec", "instances"]), message).case(DATABASE).help(
        "the operator makes a budget only for a set of 2 or more replicas: put them into one set, which it spreads over \
         nodes and zones by itself",
    ).verdict()
}

/// Strimzi makes budgets unless it is told not to.
fn judge_strimzi<'a>(cluster: &'a KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    let object = cluster.object;
    let owners: Vec<&Object> =
        if cluster.uses_pools { cluster.pools.iter().map(|it| it.object).collect() } else { vec![object] };
    if owners.iter().all(|it| has_budget(index, it)) {
        return Verdict::Pass;
    }
    let Some(brokers) = cluster.brokers().filter(|it| *it >= 2) else { return Verdict::NotApplicable };
    let Some(switch) = index.strimzi_budgets_off() else { return Verdict::NotApplicable };
    let text = format!("{} has {}, and no budget", object.title(), count(brokers, "broker"));
    cx.blocked(object, KafkaPdbDisabled::ID, object, switch, text)
}
