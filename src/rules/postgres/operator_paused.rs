//! `operator-paused`

use crate::index::postgres::{CNPG, CRUNCHY, EDB, KUBEDB, KUBEGRES, PERCONA, STACKGRES};
use crate::model::{Object, products};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::NodeRef;

/// How a value stops an operator.
#[derive(Clone, Copy)]
enum Stops {
    /// By this text.
    At(&'static str),
    /// By being true.
    True,
    /// By a list that is not empty, written as JSON.
    List,
}

/// A switch: group, kind, where, by what, and what no longer happens.
type Switch = (&'static str, &'static str, &'static [&'static str], Stops, &'static str);

const NOT_RECONCILED: &str = "the operator does nothing about it, and no standby is promoted";
const FENCED: &str = "PostgreSQL is stopped in the fenced instances, and nothing fails over from a fenced primary";
const STOPPED: &str = "no instance runs";
const PROMETHEUS: &str = products::PROMETHEUS;

const SWITCHES: &[Switch] = &[
    (
        CNPG,
        "Cluster",
        &["metadata", "annotations", "cnpg.io/reconciliationLoop"],
        Stops::At("disabled"),
        NOT_RECONCILED,
    ),
    (CNPG, "Cluster", &["metadata", "annotations", "cnpg.io/fencedInstances"], Stops::List, FENCED),
    (CNPG, "Cluster", &["metadata", "annotations", "cnpg.io/hibernation"], Stops::At("on"), STOPPED),
    (CNPG, "Pooler", &["spec", "pgbouncer", "paused"], Stops::True, "its connections wait"),
    (
        EDB,
        "Cluster",
        &["metadata", "annotations", "k8s.enterprisedb.io/reconciliationLoop"],
        Stops::At("disabled"),
        NOT_RECONCILED,
    ),
    (EDB, "Cluster", &["metadata", "annotations", "k8s.enterprisedb.io/fencedInstances"], Stops::List, FENCED),
    (EDB, "Cluster", &["metadata", "annotations", "k8s.enterprisedb.io/hibernation"], Stops::At("on"), STOPPED),
    (EDB, "Pooler", &["spec", "pgbouncer", "paused"], Stops::True, "its connections wait"),
    (CRUNCHY, "PostgresCluster", &["spec", "paused"], Stops::True, "the operator rolls no change out"),
    (CRUNCHY, "PostgresCluster", &["spec", "shutdown"], Stops::True, STOPPED),
    (PERCONA, "PerconaPGCluster", &["spec", "unmanaged"], Stops::True, "the operator rolls no change out"),
    (PERCONA, "PerconaPGCluster", &["spec", "pause"], Stops::True, STOPPED),
    (
        STACKGRES,
        "SGCluster",
        &["metadata", "annotations", "stackgres.io/reconciliation-pause"],
        Stops::At("true"),
        "the operator rolls no change out",
    ),
    (KUBEDB, "Postgres", &["spec", "halted"], Stops::True, STOPPED),
    (KUBEGRES, "Kubegres", &["spec", "failover", "isDisabled"], Stops::True, "no standby is promoted"),
    (PROMETHEUS, "Prometheus", &["spec", "paused"], Stops::True, "the operator rolls no change out"),
    (PROMETHEUS, "Alertmanager", &["spec", "paused"], Stops::True, "the operator rolls no change out"),
    (PROMETHEUS, "ThanosRuler", &["spec", "paused"], Stops::True, "the operator rolls no change out"),
];

rule!(OperatorPaused, "postgres/operator-paused.md", |walk| {
    for &(group, kind, keys, stops, effect) in SWITCHES {
        walk.of_kinds(&[(group, kind)], |it, cx| judge(it, keys, stops, effect, cx));
    }
});

fn judge(object: &Object, keys: &[&str], stops: Stops, effect: &str, cx: &mut Context<'_>) -> Verdict {
    let Some(value) = object.node().at(keys).filter(|it| is_stopping(*it, stops)) else { return Verdict::Pass };
    let key = keys.last().copied().unwrap_or_default();
    let message = format!("{} has {key}: {}, so {effect}", object.title(), value.text());
    cx.fail(object, object.place(keys), message)
        .fix(Repair::new().remove(object, keys).effect("changes that waited are made"))
        .help("this is meant for an hour of work by hand: remove it before the manifest is applied again")
        .verdict()
}

fn is_stopping(value: NodeRef<'_>, stops: Stops) -> bool {
    match stops {
        Stops::At(text) => value.text() == text,
        Stops::True => value.as_bool() == Some(true),
        Stops::List => value.text().contains('"'),
    }
}
