//! `pdb-missing`

use crate::index::postgres::Flavor;
use crate::index::{Index, KafkaCluster, PodSetId, PostgresCluster, Role, ScaledBy, Workload};
use crate::model::{Object, controller_selector};
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::kafka::KafkaPdbDisabled;
use crate::rules::single_copy;
use crate::rules::words::count;
use std::collections::BTreeSet;

pub(crate) struct PdbMissing;

cases!(PdbMissing: DATABASE = "database", OTHER = "other");

impl Rule for PdbMissing {
    const PAGE: &'static str = include_str!("../../../rules/disruption/pdb-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let late = selected_late(cx.index());
            for workload in cx.index().workloads() {
                if workload.kind.is_replicated() && workload.role != Role::Ignored {
                    check_workload(workload, &late, cx);
                }
            }
            for cluster in cx.index().postgres_clusters() {
                match cluster.flavor {
                    Flavor::Cnpg => check_cnpg(cluster, cx),
                    Flavor::Crunchy => check_crunchy(cluster, cx),
                    Flavor::Zalando | Flavor::OtherOperator | Flavor::SelfManaged => {}
                }
            }
            for cluster in cx.index().kafka_clusters() {
                check_strimzi(cluster, cx);
            }
        });
    }
}

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

fn check_workload(workload: &Workload<'_>, late: &BTreeSet<PodSetId>, cx: &mut Context<'_>) {
    let index = cx.index();
    let object = workload.object;
    let Some(floor) = workload.scale.floor else {
        return cx.not_verifiable(object, workload.scale.doubt());
    };
    if has_budget(index, object) {
        return cx.pass(object);
    }
    if floor < 2 {
        return fold(workload, floor, cx);
    }
    if index.environment().is_fragment && !index.keeps_policies() {
        return cx.not_verifiable(object, "a budget may stand in another file: run on the whole directory");
    }
    if index.pods_of(object).iter().any(|it| late.contains(it)) {
        return cx.not_verifiable(object, "a budget selects its pods by a label that they get while they run");
    }
    if workload.has_open_labels() || index.has_open_budget_near(object) {
        return cx.not_verifiable(object, "the labels of its pods, or a budget's selector, are template placeholders");
    }
    let message = format!("{} runs {} and has no PodDisruptionBudget", object.title(), count(floor, "pod"));
    let written = controller_selector(object, workload.kind).map(|it| it.to_string());
    let selector = written.unwrap_or_else(|| {
        let labels: Vec<String> = workload.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        labels.join(", ")
    });
    let draft = cx.fail(object, object.name_place(), message).evidence("floor", floor).help(format!(
        "drains of several nodes at once may take all its pods: add a PodDisruptionBudget with maxUnavailable: 1 and \
         selector {selector}"
    ));
    match workload.role {
        Role::Tool | Role::Platform | Role::Controller | Role::Datastore | Role::Singleton => drop(draft.case(OTHER)),
        _ => {}
    }
}

/// A single pod needs a second one first: a budget would only block drains.
fn fold(workload: &Workload<'_>, floor: i64, cx: &mut Context<'_>) {
    if floor == 0 && !matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_)) {
        return; // Switched off.
    }
    let object = workload.object;
    let (by, carrier) = single_copy::reported_by(workload);
    cx.blocked(
        object,
        by,
        carrier,
        object.name_span(),
        "it also has no PodDisruptionBudget: add it after the second replica",
    );
}

fn has_budget(index: &Index<'_>, object: &Object) -> bool {
    index.pods_of(object).iter().any(|it| !index.budgets_of(*it).is_empty())
}

/// CloudNativePG makes budgets unless it is told not to.
fn check_cnpg(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    if has_budget(cx.index(), object) {
        return cx.pass(object);
    }
    let Some(instances) = cluster.instances.filter(|it| *it >= 2) else { return };
    if object.node().bool_at(&["spec", "enablePDB"]) != Some(false) {
        return;
    }
    let instances = count(instances, "instance");
    let message = format!("{} has {instances} and its budgets are switched off", object.title());
    cx.fail(object, object.place(&["spec", "enablePDB"]), message)
        .case(DATABASE)
        .help("remove enablePDB: false: with 2 or more instances the operator switches over before a drain");
}

/// Crunchy's operator makes a budget for each instance set of more than one replica.
fn check_crunchy(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let object = cluster.object;
    if has_budget(cx.index(), object) {
        return cx.pass(object);
    }
    let Some(instances) = cluster.instances.filter(|it| *it >= 2) else { return };
    let instances = count(instances, "instance");
    let message = format!("{} has {instances}, and no instance set with a budget", object.title());
    cx.fail(object, object.place(&["spec", "instances"]), message).case(DATABASE).help(
        "the operator makes a budget only for a set of 2 or more replicas: put them into one set, which it spreads over \
         nodes and zones by itself",
    );
}

/// Strimzi makes budgets unless it is told not to.
fn check_strimzi(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    let object = cluster.object;
    let owners: Vec<&Object> =
        if cluster.uses_pools { cluster.pools.iter().map(|it| it.object).collect() } else { vec![object] };
    if owners.iter().all(|it| has_budget(index, it)) {
        return cx.pass(object);
    }
    let Some(brokers) = cluster.brokers().filter(|it| *it >= 2) else { return };
    let Some(switch) = index.strimzi_budgets_off() else { return };
    let text = format!("{} has {}, and no budget", object.title(), count(brokers, "broker"));
    cx.blocked(object, KafkaPdbDisabled::ID, object, switch, text);
}
