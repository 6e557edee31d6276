//! `postgres-read-replicas-unused`

use crate::index::PostgresCluster;
use crate::index::postgres::{CNPG, CRUNCHY, EDB, KUBEDB, KUBEGRES, PERCONA, STACKGRES, ZALANDO};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

/// What operators append to a cluster's name for the Services of its standbys.
const SUFFIXES: &[(&str, &[&str])] = &[
    (CNPG, &["-ro", "-r"]),
    (EDB, &["-ro", "-r"]),
    (ZALANDO, &["-repl"]),
    (CRUNCHY, &["-replicas"]),
    (PERCONA, &["-replicas"]),
    (STACKGRES, &["-replicas"]),
    (KUBEDB, &["-standby"]),
    (KUBEGRES, &["-replica"]),
];

rule!(PostgresReadReplicasUnused, "postgres/postgres-read-replicas-unused.md", |walk| walk.postgres_clusters(judge));

fn judge(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let (object, index) = (cluster.object, cx.index());
    let Some((_, suffixes)) = SUFFIXES.iter().find(|it| it.0 == object.group()) else { return Verdict::NotApplicable };
    let Some(instances) = cluster.instances.filter(|it| *it > 1) else { return Verdict::NotApplicable };
    if !index.environment().is_directory {
        return Verdict::open("what reads from its standbys may stand in another file");
    }
    let names: Vec<String> = suffixes.iter().map(|it| format!("{}{it}", object.name())).collect();
    if has_pooler(object, cx) || index.is_said(object, &names) {
        return Verdict::Pass;
    }
    if let Some(maker) = index.unseen_maker_near(object) {
        return Verdict::open(format!("{} may read from its standbys", maker.title()));
    }
    let message = format!(
        "nothing in the manifests reads from the {} of {} (Service {})",
        count(instances - 1, "standby"),
        object.title(),
        names.first().map(String::as_str).unwrap_or_default()
    );
    cx.fail(object, cluster.place.clone(), message)
        .help("send queries that may lag a moment behind to that Service, and leave the primary to writes")
        .heuristic()
        .verdict()
}

/// Whether a pooler, or a load balancer, for reads stands before the standbys.
fn has_pooler(object: &Object, cx: &Context<'_>) -> bool {
    let is_on = |key: &str| object.node().bool_at(&["spec", key]) == Some(true);
    let mut poolers = cx.index().of_kind(object.group(), "Pooler");
    is_on("enableReplicaConnectionPooler")
        || is_on("enableReplicaLoadBalancer")
        || poolers.any(|it| {
            it.node().str_at(&["spec", "cluster", "name"]) == Some(object.name())
                && it.node().str_at(&["spec", "type"]).is_some_and(|it| it == "ro" || it == "r")
        })
}
