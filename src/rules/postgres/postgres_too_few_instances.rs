//! `postgres-too-few-instances`

use crate::index::PostgresCluster;
use crate::index::postgres::Flavor;
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, Rule};
use crate::rules::words::count;
use serde::Deserialize;
use std::cmp::Reverse;
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
        for release in releases(cx.index().postgres_clusters()) {
            check_release(params, &release, cx);
        }
    }
}

fn check_release(params: &Params, members: &[&PostgresCluster<'_>], cx: &mut Context<'_>) {
    // The primary is the one that runs, and the first of those.
    let Some(cluster) = members.iter().max_by_key(|it| (it.instances > Some(0), Reverse(it.object.name_span()))) else {
        return;
    };
    let object = cluster.object;
    let Some(total) = members.iter().map(|it| it.instances).sum::<Option<i64>>() else {
        return cx.not_verifiable(object, "the number of instances is filled in later");
    };
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
        _ if cluster.is_standby => {
            format!("{} has {instances}{by_default}, and follows another cluster", object.title())
        }
        _ => format!("{} has {instances}{by_default}, {} are needed", object.title(), params.min_instances),
    };
    let index = cx.index();
    let mut draft = cx
        .fail(object, cluster.place.clone(), message)
        .evidence("instances", total)
        .evidence("minimum", params.min_instances)
        .help(help(cluster, total, params.min_instances));
    if total == 0 {
        draft = draft.case("switched-off");
    } else if cluster.is_standby {
        draft = draft.case("standby");
    }
    for member in members.iter().filter(|it| !std::ptr::eq(it.object, object)).take(4) {
        let instances = count(member.instances.unwrap_or(0), "instance");
        draft = draft.label(member.place.span, format!("{} adds {instances}", member.object.title()));
    }
    let has_own_budget = index.pods_of(object).iter().any(|it| !index.budgets_of(*it).is_empty());
    if cluster.flavor == Flavor::Cnpg && total == 1 && has_own_budget {
        draft.label(
            object.place(&["spec", "enablePDB"]).span,
            "enablePDB is not false: the operator's budget for the primary blocks every drain of its node",
        );
    }
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

/// The words by which charts and people call the parts of one database.
const PARTS: &[&str] = &["primary", "read", "master", "slave", "replica", "replicas", "standby", "secondary"];

/// The databases, those together that run their primary and their standbys as workloads of their own.
fn releases<'c, 'a>(clusters: &'c [PostgresCluster<'a>]) -> Vec<Vec<&'c PostgresCluster<'a>>> {
    let mut releases: Vec<Vec<&PostgresCluster<'_>>> = Vec::new();
    let mut known: HashMap<(Option<&str>, String), usize> = HashMap::new();
    for cluster in clusters {
        let Some(name) = part_of(cluster) else {
            releases.push(vec![cluster]);
            continue;
        };
        let at = *known.entry((cluster.object.namespace(), name)).or_insert(releases.len());
        match releases.get_mut(at) {
            Some(members) => members.push(cluster),
            None => releases.push(vec![cluster]),
        }
    }
    releases
}

/// The release or name of which a workload is a part: its label, or its name without the part's word.
fn part_of(cluster: &PostgresCluster<'_>) -> Option<String> {
    let object = cluster.object;
    let is_part = |it: &str| PARTS.contains(&it);
    if cluster.flavor != Flavor::SelfManaged {
        return None;
    }
    let is_labelled = object.label("app.kubernetes.io/component").is_some_and(is_part);
    if let (true, Some(instance)) = (is_labelled, object.label("app.kubernetes.io/instance")) {
        return Some(format!("release {instance}"));
    }
    let words: Vec<&str> = object.name().split('-').collect();
    let rest: Vec<&str> = words.iter().copied().filter(|it| !is_part(it)).collect();
    (rest.len() < words.len()).then(|| rest.join("-"))
}

/// Whether the resource asks for synchronous replication.
fn wants_synchronous(object: &Object) -> bool {
    let node = object.node();
    node.at(&["spec", "postgresql", "synchronous"]).is_some()
        || node.int_at(&["spec", "minSyncReplicas"]).is_some_and(|it| it > 0)
        || node.bool_at(&["spec", "patroni", "synchronous_mode"]) == Some(true)
}
