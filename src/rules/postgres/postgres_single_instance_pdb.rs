//! `postgres-single-instance-pdb`

use crate::index::PostgresCluster;
use crate::index::postgres::{CNPG, EDB};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::rules::postgres::PostgresTooFewInstances;

pub(crate) struct PostgresSingleInstancePdb;

impl Rule for PostgresSingleInstancePdb {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-single-instance-pdb.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().postgres_clusters() {
                if matches!(cluster.object.group(), CNPG | EDB) && cluster.instances == Some(1) {
                    check_cluster(cluster, cx);
                }
            }
        });
    }
}

fn check_cluster(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) {
    let (object, index) = (cluster.object, cx.index());
    let has_own_budget = index.pods_of(object).iter().any(|it| !index.budgets_of(*it).is_empty());
    if !has_own_budget {
        return cx.pass(object);
    }
    let place = object.place(&["spec", "enablePDB"]);
    let text = "enablePDB is not false: the operator's budget for the primary blocks every drain of its node";
    let message = format!(
        "{} has 1 instance and the operator's budget for its primary: every drain of its node waits for ever",
        object.title()
    );
    let span = place.span;
    cx.fail(object, place, message)
        .label(cluster.place.span, "1 instance")
        .help("set instances: 3; or, where one is enough, enablePDB: false, and accept that a drain stops the database")
        .merged_into(PostgresTooFewInstances::ID, object, span, text);
}
