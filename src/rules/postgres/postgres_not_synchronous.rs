//! `postgres-not-synchronous`

use crate::index::PostgresCluster;
use crate::index::postgres::{Flavor, Replication, Synchrony, primary_of};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::words::count;

pub(crate) struct PostgresNotSynchronous;

impl Rule for PostgresNotSynchronous {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-not-synchronous.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for release in cx.index().postgres_releases() {
                let pods = release.iter().map(|it| it.instances).sum::<Option<i64>>();
                let Some(cluster) = primary_of(&release).filter(|it| !it.is_standby) else { continue };
                if let Some(pods) = pods.filter(|it| *it > 1) {
                    check_release(cluster, &release, pods, cx);
                }
            }
        });
    }
}

fn check_release(cluster: &PostgresCluster<'_>, release: &[&PostgresCluster<'_>], pods: i64, cx: &mut Context<'_>) {
    let object = cluster.object;
    if cluster.flavor == Flavor::SelfManaged && !release.iter().any(|it| has_standbys(it.object, cx)) {
        return; // `postgres-replication-missing` reports it.
    }
    match cx.index().synchrony(cluster, pods) {
        Synchrony::Asynchronous => {}
        Synchrony::Unknown(reason) => return cx.not_verifiable(object, reason),
        _ => return cx.pass(object),
    }
    let message = format!(
        "{} replicates asynchronously to {}: the last commits before a failure may be lost",
        object.title(),
        count(pods - 1, "standby")
    );
    let draft = cx.fail(object, cluster.place.clone(), message).evidence("instances", pods).help(
        "where no commit may be lost, let each wait for one standby of two or more (CloudNativePG: \
         postgresql.synchronous with number: 1; Patroni: synchronous_mode: true)",
    );
    if cluster.flavor == Flavor::SelfManaged {
        draft.heuristic();
    }
}

fn has_standbys(object: &Object, cx: &Context<'_>) -> bool {
    let server = cx.index().workload_of(object).and_then(|it| cx.index().postgres_server(it));
    server.is_some_and(|it| matches!(cx.index().replication(&it), Replication::Standbys(_)))
}
