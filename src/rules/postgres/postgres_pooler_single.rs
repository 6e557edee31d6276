//! `postgres-pooler-single`

use crate::index::postgres::{CNPG, CRUNCHY, EDB, ZALANDO};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::yaml::NodeRef;

pub(crate) struct PostgresPoolerSingle;

impl Rule for PostgresPoolerSingle {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-pooler-single.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            let index = cx.index();
            for object in index.of_kind(CNPG, "Pooler").chain(index.of_kind(EDB, "Pooler")) {
                check_pooler(object, &["spec", "instances"], 1, cx);
            }
            for object in index.of_kind(CRUNCHY, "PostgresCluster") {
                if object.node().at(&["spec", "proxy", "pgBouncer"]).is_some() {
                    check_pooler(object, &["spec", "proxy", "pgBouncer", "replicas"], 1, cx);
                }
            }
            for object in index.of_kind(ZALANDO, "postgresql") {
                let node = object.node();
                let is_used = ["enableConnectionPooler", "enableReplicaConnectionPooler"]
                    .iter()
                    .any(|it| node.bool_at(&["spec", it]) == Some(true));
                if is_used || node.at(&["spec", "connectionPooler"]).is_some() {
                    check_pooler(object, &["spec", "connectionPooler", "numberOfInstances"], 2, cx);
                }
            }
        });
    }
}

fn check_pooler(object: &Object, keys: &[&str], default: i64, cx: &mut Context<'_>) {
    let node = object.node().at(keys);
    match node.map_or(Some(default), NodeRef::as_int) {
        Some(1) => {
            let origin = if node.is_none() { " (the default)" } else { "" };
            let message = format!("{} has 1 connection pooler{origin}; at least 2 are required", object.title());
            cx.fail(object, object.place(keys), message)
                .evidence("poolers", 1)
                .help(format!("all clients lose the database while it moves: set {}: 2", keys[1..].join(".")));
        }
        Some(_) => cx.pass(object),
        None => cx.not_verifiable(object, "the number of poolers is a template placeholder"),
    }
}
