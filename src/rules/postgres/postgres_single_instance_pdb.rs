//! `postgres-single-instance-pdb`

use crate::index::PostgresCluster;
use crate::index::postgres::{CNPG, EDB};
use crate::rule::{Context, Verdict, rule};
use crate::rules::postgres::PostgresTooFewInstances;

rule!(PostgresSingleInstancePdb, "postgres/postgres-single-instance-pdb.md", |walk| walk.postgres_clusters(judge));

fn judge(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let (object, index) = (cluster.object, cx.index());
    if !matches!(object.group(), CNPG | EDB) || cluster.instances != Some(1) {
        return Verdict::NotApplicable;
    }
    let has_own_budget = index.pods_of(object).iter().any(|it| index.has_budgets(*it));
    if !has_own_budget {
        return Verdict::Pass;
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
        .merged_into(PostgresTooFewInstances::ID, object, span, text)
        .verdict()
}
