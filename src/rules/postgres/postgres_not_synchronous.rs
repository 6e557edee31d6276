//! `postgres-not-synchronous`

use super::releases::{Release, releases};
use crate::index::postgres::{Flavor, Replication, Synchrony};
use crate::model::Object;
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;

rule!(PostgresNotSynchronous, "postgres/postgres-not-synchronous.md", |walk| walk.each(releases, judge));

fn judge(release: Release<'_>, cx: &mut Context<'_>) -> Verdict {
    let (cluster, object) = (release.primary, release.primary.object);
    let Some(pods) = release.instances.filter(|it| *it > 1 && !cluster.is_standby) else {
        return Verdict::NotApplicable;
    };
    let is_own = cluster.flavor == Flavor::SelfManaged;
    if is_own && !release.members.iter().any(|it| has_standbys(it.object, cx)) {
        return Verdict::NotApplicable; // `postgres-replication-missing` reports it.
    }
    match cx.index().synchrony(cluster, pods) {
        Synchrony::Asynchronous => {}
        Synchrony::Unknown(reason) => return Verdict::open(reason),
        _ => return Verdict::Pass,
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
    if is_own { draft.heuristic() } else { draft }.verdict()
}

fn has_standbys(object: &Object, cx: &Context<'_>) -> bool {
    let server = cx.index().workload_of(object).and_then(|it| cx.index().postgres_server(it));
    server.is_some_and(|it| matches!(cx.index().replication(&it), Replication::Standbys(_)))
}
