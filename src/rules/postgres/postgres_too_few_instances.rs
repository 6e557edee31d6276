//! `postgres-too-few-instances`

use crate::index::PostgresCluster;
use crate::index::postgres::Flavor;
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, Rule};
use crate::rules::words::count;
use serde::Deserialize;
use std::collections::HashMap;

pub(in crate::rules) struct PostgresTooFewInstances;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(in crate::rules) struct Params {
    min_instances: i64,
}

impl Default for Params {
    fn default() -> Self {
        Params { min_instances: 2 }
    }
}

impl Rule for PostgresTooFewInstances {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-too-few-instances.md");
    type Params = Params;

    fn check(params: &Params, cx: &mut Context<'_>) {
        let groups = release_totals(cx.index().postgres_clusters());
        for cluster in cx.index().postgres_clusters() {
            check_cluster(params, cluster, &groups, cx);
        }
    }
}

fn check_cluster(
    params: &Params,
    cluster: &PostgresCluster<'_>,
    groups: &HashMap<Release<'_>, i64>,
    cx: &mut Context<'_>,
) {
    let object = cluster.object;
    let Some(own) = cluster.instances else {
        return cx.not_verifiable(object, "the number of instances is filled in later");
    };
    let total = release_of(cluster).and_then(|it| groups.get(&it)).copied().unwrap_or(own);
    if total >= params.min_instances {
        if total == 2 && wants_synchronous(object) {
            cx.fail(
                object,
                cluster.place.clone(),
                format!("{} replicates synchronously with 2 instances", object.title()),
            )
            .case("two-synchronous")
            .evidence("instances", total)
            .help("when the standby is down, writes wait or go on without a copy; a third instance takes its place");
            return;
        }
        return cx.pass(object);
    }
    let instances = count(total, "instance");
    let by_default = if cluster.is_written { "" } else { " (the default)" };
    let message = match total {
        0 => format!("{} is switched off: 0 instances", object.title()),
        _ => format!("{} has {instances}{by_default}, {} are needed", object.title(), params.min_instances),
    };
    let mut draft = cx
        .fail(object, cluster.place.clone(), message)
        .evidence("instances", total)
        .evidence("minimum", params.min_instances)
        .help(help(cluster));
    if total == 0 {
        draft = draft.case("switched-off");
    } else if cluster.is_standby {
        draft = draft.case("standby");
    }
    let own_budget = object.node().entry("spec").map(|it| it.key.span());
    let drains_block = cluster.flavor == Flavor::Cnpg && object.node().bool_at(&["spec", "enablePDB"]) != Some(false);
    if let (true, Some(span)) = (drains_block && total == 1, own_budget) {
        draft.label(
            span,
            "enablePDB is not false: the operator's budget for the primary blocks every drain of its node",
        );
    }
}

fn help(cluster: &PostgresCluster<'_>) -> String {
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
            "more replicas alone are separate databases: use an operator (CloudNativePG with instances: 3), or set up \
             streaming replication with failover first{lost_node}"
        ),
        Flavor::Cnpg => "set instances: 3, so that one can fail while another is being maintained".to_owned(),
        Flavor::Zalando => {
            "set numberOfInstances: 2 or more; 3 let one fail while another is being maintained".to_owned()
        }
        Flavor::Crunchy | Flavor::OtherOperator => {
            "set 2 or more replicas; 3 let one fail while another is being maintained".to_owned()
        }
    }
}

/// A release that runs its primary and its standbys as workloads of their own.
type Release<'a> = (Option<&'a str>, &'a str);

/// The parts that charts give such workloads in `app.kubernetes.io/component`.
const PARTS: &[&str] = &["primary", "read", "master", "slave", "replica", "standby", "secondary"];

fn release_of<'a>(cluster: &PostgresCluster<'a>) -> Option<Release<'a>> {
    if cluster.flavor != Flavor::SelfManaged
        || !cluster.object.label("app.kubernetes.io/component").is_some_and(|it| PARTS.contains(&it))
    {
        return None;
    }
    Some((cluster.object.namespace(), cluster.object.label("app.kubernetes.io/instance")?))
}

fn release_totals<'a>(clusters: &[PostgresCluster<'a>]) -> HashMap<Release<'a>, i64> {
    let mut totals = HashMap::new();
    for cluster in clusters {
        if let Some(release) = release_of(cluster) {
            *totals.entry(release).or_default() += cluster.instances.unwrap_or(0);
        }
    }
    totals
}

/// Whether the resource asks for synchronous replication.
fn wants_synchronous(object: &Object) -> bool {
    let node = object.node();
    node.at(&["spec", "postgresql", "synchronous"]).is_some()
        || node.int_at(&["spec", "minSyncReplicas"]).is_some_and(|it| it > 0)
        || node.bool_at(&["spec", "patroni", "synchronous_mode"]) == Some(true)
}
