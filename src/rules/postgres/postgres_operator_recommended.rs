//! `postgres-operator-recommended`

use crate::index::postgres::{Flavor, Replication, primary_of};
use crate::model::{Object, WorkloadKind};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::postgres::PostgresAsDeployment;
use crate::rules::postgres::PostgresReplicationMissing;
use crate::rules::postgres::PostgresReplicationWithoutFailover;
use crate::rules::postgres::PostgresTooFewInstances;

pub(crate) struct PostgresOperatorRecommended;

impl Rule for PostgresOperatorRecommended {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-operator-recommended.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for release in cx.index().postgres_releases() {
                let Some(cluster) = primary_of(&release).filter(|it| it.flavor == Flavor::SelfManaged) else {
                    continue;
                };
                let pods = release.iter().map(|it| it.instances).sum::<Option<i64>>();
                if pods != Some(0) {
                    check_database(cluster.object, pods, cx);
                }
            }
            for cluster in cx.index().postgres_clusters().iter().filter(|it| it.flavor != Flavor::SelfManaged) {
                cx.pass(cluster.object);
            }
        });
    }
}

fn check_database(object: &Object, pods: Option<i64>, cx: &mut Context<'_>) {
    let index = cx.index();
    let Some(workload) = index.workload_of(object).filter(|it| it.kind.is_replicated()) else { return };
    let Some(server) = index.postgres_server(workload) else { return };
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
    if let Some(merge_target) = merge_target {
        draft.merged_into(merge_target, object, object.name_span(), "no operator runs it");
    }
}
