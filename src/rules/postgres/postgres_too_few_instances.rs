//! `postgres-too-few-instances`

use super::releases::{Release, releases};
use crate::index::postgres::{Flavor, Synchrony};
use crate::index::{Allowance, BudgetId, Chart, PostgresCluster, Standing, Store};
use crate::model::WorkloadKind;
use crate::rule::{Context, Repair, Verdict, cases, rule};
use crate::rules::words::count;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Params {
    min_instances: i64,
}

cases!(PostgresTooFewInstances: STANDBY = "standby", SWITCHED_OFF = "switched-off", TWO_SYNCHRONOUS = "two-synchronous");

rule!(PostgresTooFewInstances, "postgres/postgres-too-few-instances.md", Params, |params, walk| {
    walk.each(releases, |it, cx| judge_release(params, it, cx));
    walk.each(|index| index.chart_releases(), |it, cx| judge_chart(params, it, cx));
});

/// Instances that a chart runs, by its values.
fn judge_chart(params: &Params, chart: &Chart<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(store @ (Store::Postgres | Store::PostgresHa)) = chart.store() else { return Verdict::NotApplicable };
    let object = chart.object;
    match chart.standing(store) {
        Standing::Unknown(reason) => Verdict::open(format!("how many instances run: {reason}")),
        Standing::Members(0, _) => Verdict::NotApplicable, // Switched off.
        Standing::Members(total, fact) if total < params.min_instances => {
            let (title, instances) = (object.title(), count(total, "instance"));
            let message =
                format!("{title} has {instances}; at least {} are required: {}", params.min_instances, fact.words);
            let help = match store {
                Store::PostgresHa => "set postgresql.replicaCount: 3, so that one can fail while another is maintained",
                _ => {
                    "the chart's replicas only read, and none takes over: use an operator (CloudNativePG with \
                     instances: 3), or the chart postgresql-ha"
                }
            };
            let draft = cx.fail(object, fact.place, message).absent(&[]);
            draft.evidence("instances", total).evidence("minimum", params.min_instances).help(help).verdict()
        }
        _ => Verdict::Pass,
    }
}

fn judge_release(params: &Params, release: Release<'_>, cx: &mut Context<'_>) -> Verdict {
    let (cluster, object) = (release.primary, release.primary.object);
    let Some(total) = release.instances else {
        return Verdict::open("the number of instances is a template placeholder");
    };
    if total >= params.min_instances {
        // Where commits wait whatever happens, `postgres-sync-blocks-writes` speaks.
        if total == 2 && cx.index().synchrony(cluster, total) == Synchrony::Adapts {
            let message = format!("{} replicates synchronously with 2 instances", object.title());
            let help =
                "when the standby is down, writes wait or go on without a copy; a third instance takes its place";
            let draft = cx.fail(object, cluster.place.clone(), message).case(TWO_SYNCHRONOUS);
            return draft.evidence("instances", total).help(help).verdict();
        }
        return Verdict::Pass;
    }
    let instances = count(total, "instance");
    let by_default = if cluster.is_written { "" } else { " (the default)" };
    let (case, what) = match total {
        0 => (Some(SWITCHED_OFF), "is switched off: 0 instances".to_owned()),
        _ if cluster.is_standby => (Some(STANDBY), format!("has {instances}{by_default}, and follows another cluster")),
        _ => {
            let blocks =
                if total == 1 && budget_blocks(cluster, cx) { ", so that every drain of its node blocks" } else { "" };
            (None, format!("has {instances}{by_default}{blocks}; at least {} are required", params.min_instances))
        }
    };
    let others = release.members.iter().filter(|it| it.object.id() != object.id()).take(4).map(|it| {
        let instances = count(it.instances.unwrap_or(0), "instance");
        (it.place.span, format!("{} adds {instances}", it.object.title()))
    });
    cx.fail(object, cluster.place.clone(), format!("{} {what}", object.title()))
        .maybe_case(case)
        .evidence("instances", total)
        .evidence("minimum", params.min_instances)
        .fix(more_instances(&release, total))
        .help(help(cluster, total, params.min_instances))
        .labels(others)
        .verdict()
}

/// Three instances, which the operator fills with the data of the primary. Without one they would be separate databases.
fn more_instances(release: &Release<'_>, total: i64) -> Option<Repair> {
    let cluster = release.primary;
    let object = cluster.object;
    if total != 1 || cluster.is_standby || release.members.len() > 1 {
        return None;
    }
    let repair = match cluster.flavor {
        Flavor::Cnpg => Repair::new().set(object, &["spec", "instances"], 3),
        Flavor::Zalando => Repair::new().set(object, &["spec", "numberOfInstances"], 3),
        Flavor::Crunchy => {
            let mut sets = object.node().items_at(&["spec", "instances"]);
            let only = sets.next().filter(|_| sets.next().is_none())?;
            Repair::new().set_in(object, only, &["replicas"], 3)
        }
        Flavor::OtherOperator | Flavor::SelfManaged => return None,
    };
    Some(repair.effect("the operator adds 2 standbys with volumes of their own"))
}

/// Whether the operator gives the one instance a budget, which then lets nothing go.
fn budget_blocks(cluster: &PostgresCluster<'_>, cx: &Context<'_>) -> bool {
    let index = cx.index();
    let made = |it: BudgetId| index.budget(it).manifest().is_none();
    let blocks = |it: BudgetId| matches!(index.allowance(it), Allowance::Known { allowed: 0, healthy: 1.., .. });
    let mut budgets = index.pods_of(cluster.object).iter().flat_map(|it| index.budgets_of(*it)).map(|it| it.0);
    budgets.any(|it| made(it) && blocks(it))
}

fn help(cluster: &PostgresCluster<'_>, total: i64, minimum: i64) -> String {
    if total == 0 {
        return "nothing runs until somebody scales it up".to_owned();
    }
    let wanted = minimum.max(3);
    let object = cluster.object;
    let lost_node = match WorkloadKind::of(object) {
        Some(WorkloadKind::StatefulSet) => {
            "; after a node failure a StatefulSet's pod is not replaced until someone deletes the node or taints it \
             out-of-service"
        }
        _ => "",
    };
    match cluster.flavor {
        Flavor::SelfManaged => format!(
            "more replicas alone are separate databases: use an operator (CloudNativePG with instances: {wanted}), or set up \
             streaming replication with failover first{lost_node}"
        ),
        Flavor::Cnpg => format!("set instances: {wanted}, so that one can fail while another is being maintained"),
        Flavor::Zalando => {
            format!("set numberOfInstances: {minimum} or more; 3 let one fail while another is being maintained")
        }
        Flavor::Crunchy | Flavor::OtherOperator => {
            format!("run {minimum} or more instances; 3 let one fail while another is being maintained")
        }
    }
}
