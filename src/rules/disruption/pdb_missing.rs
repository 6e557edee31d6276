//! `pdb-missing`

use crate::index::postgres::Flavor;
use crate::index::{PostgresCluster, Role, ScaledBy, Workload};
use crate::model::controller_selector;
use crate::rule::{Context, NoParams, Rule};
use crate::rules::words::count;

pub(in crate::rules) struct PdbMissing;

impl Rule for PdbMissing {
    const PAGE: &'static str = include_str!("../../../rules/disruption/pdb-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for workload in cx.index().workloads() {
            if workload.kind.is_replicated() && workload.role != Role::Ignored {
                check_workload(workload, cx);
            }
        }
        for cluster in cx.index().postgres_clusters().iter().filter(|it| it.flavor == Flavor::Cnpg) {
            check_cnpg(cluster, cx);
        }
    }
}

fn check_workload(workload: &Workload<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    let object = workload.object;
    let Some(floor) = workload.scale.floor else {
        return cx.not_verifiable(object, "the number of replicas is filled in later");
    };
    let has_budget = index.pods_of(object).iter().any(|it| !index.budgets_of(*it).is_empty());
    if has_budget {
        return cx.pass(object);
    }
    if floor < 2 {
        return fold(workload, floor, cx);
    }
    if index.environment().is_fragment && !index.keeps_policies() {
        return cx.not_verifiable(object, "a budget may stand in another file: run on the whole directory");
    }
    let message = format!("{} runs {} and has no PodDisruptionBudget", object.title(), count(floor, "pod"));
    let selector = controller_selector(object, workload.kind).map(|it| it.to_string()).unwrap_or_default();
    let draft = cx.fail(object, object.name_place(), message).evidence("floor", floor).help(format!(
        "drains of two nodes at once may take all its pods: add a PodDisruptionBudget with maxUnavailable: 1 and \
         selector {selector}"
    ));
    match workload.role {
        Role::Tool | Role::Platform | Role::Controller | Role::Datastore | Role::Singleton => drop(draft.case("other")),
        _ => {}
    }
}

/// A single pod needs a second one first: a budget would only block drains.
fn fold(workload: &Workload<'_>, floor: i64, cx: &mut Context<'_>) {
    if floor == 0 && !matches!(workload.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_)) {
        return; // Switched off.
    }
    let object = workload.object;
    // `hpa-floor-too-low` leaves databases and brokers to their own rules.
    let (by, carrier) = match (workload.scale.by, workload.role) {
        (_, Role::Postgres) => ("postgres-too-few-instances", object),
        (_, Role::Kafka) => ("kafka-too-few-brokers", object),
        (_, Role::ZooKeeper) => ("zookeeper-too-few-nodes", object),
        (ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler), _) => ("hpa-floor-too-low", scaler),
        _ => ("workload-too-few-replicas", object),
    };
    cx.blocked(
        object,
        by,
        carrier,
        object.name_span(),
        "no PodDisruptionBudget either: add it after the second replica",
    );
}

/// CloudNativePG makes budgets unless it is told not to.
fn check_cnpg(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let index = cx.index();
    let object = cluster.object;
    let has_budget = index.pods_of(object).iter().any(|it| !index.budgets_of(*it).is_empty());
    if has_budget {
        return cx.pass(object);
    }
    if cluster.instances.is_none_or(|it| it < 2) || object.node().bool_at(&["spec", "enablePDB"]) != Some(false) {
        return;
    }
    let instances = count(cluster.instances.unwrap_or(0), "instance");
    cx.fail(
        object,
        object.place(&["spec", "enablePDB"]),
        format!("{} has {instances} and its budgets are switched off", object.title()),
    )
    .case("database")
    .help("remove enablePDB: false: with 2 or more instances the operator switches over before a drain");
}
