//! `postgres-operator-recommended`

use super::releases::{Release, releases};
use crate::index::postgres::{Flavor, Replication};
use crate::model::WorkloadKind;
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresAsDeployment;
use crate::rules::postgres::PostgresReplicationMissing;
use crate::rules::postgres::PostgresReplicationWithoutFailover;
use crate::rules::postgres::PostgresTooFewInstances;

rule!(PostgresOperatorRecommended, "postgres/postgres-operator-recommended.md", |walk| walk.each(releases, judge));

fn judge(release: Release<'_>, cx: &mut Context<'_>) -> Verdict {
    let (index, object, pods) = (cx.index(), release.primary.object, release.instances);
    if release.primary.flavor != Flavor::SelfManaged {
        return Verdict::Pass;
    }
    if pods == Some(0) {
        return Verdict::NotApplicable;
    }
    let Some(workload) = index.workload_of(object).filter(|it| it.kind.is_replicated()) else {
        return Verdict::NotApplicable;
    };
    let Some(server) = index.postgres_server(workload) else { return Verdict::NotApplicable };
    let (manager, merge_target) = match index.replication(&server) {
        _ if workload.kind != WorkloadKind::StatefulSet => (None, Some(PostgresAsDeployment::ID)),
        _ if pods.is_some_and(|it| it < 2) => (None, Some(PostgresTooFewInstances::ID)),
        Replication::Standbys(evidence) if evidence.manager.is_some() => (evidence.manager, None),
        Replication::Standbys(_) => (None, Some(PostgresReplicationWithoutFailover::ID)),
        Replication::Nothing | Replication::PrimaryOnly(_) => (None, Some(PostgresReplicationMissing::ID)),
        Replication::Unknown(_) => (None, None),
    };
    let how = match manager {
        Some(manager) => format!("with {manager} set up by hand"),
        None => "without an operator".to_owned(),
    };
    let message = format!("{} runs PostgreSQL {how}", object.title());
    let draft = cx.fail(object, object.name_place(), message).help(
        "consider an operator (CloudNativePG): it makes standbys, promotes one, updates them in turn, and backs up, all of \
         which is otherwise to be built and tested here",
    );
    match merge_target {
        Some(merge_target) => draft.merged_into(merge_target, object, object.name_span(), "no operator runs it"),
        None => draft,
    }
    .verdict()
}
