//! `postgres-pooler-single`

use crate::index::postgres::{CNPG, CRUNCHY, EDB, ZALANDO};
use crate::model::Object;
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::NodeRef;

rule!(PostgresPoolerSingle, "postgres/postgres-pooler-single.md", |walk| {
    walk.of_kinds(&[(CNPG, "Pooler"), (EDB, "Pooler")], |it, cx| judge(it, &["spec", "instances"], 1, cx));
    walk.of_kinds(&[(CRUNCHY, "PostgresCluster")], judge_crunchy);
    walk.of_kinds(&[(ZALANDO, "postgresql")], judge_zalando);
});

fn judge_crunchy(object: &Object, cx: &mut Context<'_>) -> Verdict {
    if object.node().at(&["spec", "proxy", "pgBouncer"]).is_none() {
        return Verdict::NotApplicable;
    }
    judge(object, &["spec", "proxy", "pgBouncer", "replicas"], 1, cx)
}

fn judge_zalando(object: &Object, cx: &mut Context<'_>) -> Verdict {
    let node = object.node();
    let switches = ["enableConnectionPooler", "enableReplicaConnectionPooler"];
    let is_used = switches.iter().any(|it| node.bool_at(&["spec", it]) == Some(true));
    if !is_used && node.at(&["spec", "connectionPooler"]).is_none() {
        return Verdict::NotApplicable;
    }
    judge(object, &["spec", "connectionPooler", "numberOfInstances"], 2, cx)
}

fn judge(object: &Object, keys: &[&'static str], default: i64, cx: &mut Context<'_>) -> Verdict {
    let node = object.node().at(keys);
    match node.map_or(Some(default), NodeRef::as_int) {
        Some(1) => {
            let origin = if node.is_none() { " (the default)" } else { "" };
            let message = format!("{} has 1 connection pooler{origin}; at least 2 are required", object.title());
            cx.fail(object, object.place(keys), message)
                .evidence("poolers", 1)
                .fix(Repair::new().set(object, keys, 2))
                .help(format!("all clients lose the database while it moves: set {}: 2", keys[1..].join(".")))
                .verdict()
        }
        Some(_) => Verdict::Pass,
        None => Verdict::open("the number of poolers is a template placeholder"),
    }
}
