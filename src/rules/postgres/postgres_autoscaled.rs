//! `postgres-autoscaled`

use crate::index::postgres::{CNPG, EDB, Replication, is_named_follower};
use crate::index::{Role, scale_by, scale_target};
use crate::model::Object;
use crate::rule::{Context, NoParams, Rule, Walk, cases};

pub(crate) struct PostgresAutoscaled;

cases!(PostgresAutoscaled: OPERATOR = "operator");

impl Rule for PostgresAutoscaled {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-autoscaled.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            for scaler in cx.autoscalers() {
                check_scaler(scaler, cx);
            }
        });
    }
}

fn check_scaler(scaler: &Object, cx: &mut Context<'_>) {
    let index = cx.index();
    let Some(target) = scale_target(scaler) else { return };
    let place = || scaler.place(&["spec", "scaleTargetRef", "name"]);
    let name = || format!("{} {}", target.kind, target.name);
    if matches!(target.group, Some(CNPG | EDB)) && target.kind == "Cluster" {
        let message = format!("{} scales the instances of {}{}", scaler.title(), name(), range(scaler));
        let draft = cx.fail(scaler, place(), message).case(OPERATOR).help(
            "each new instance copies the whole database from the primary, which adds load before it takes any away, and \
             writes stay on one instance: set instances by hand, and give the pods more cpu and memory",
        );
        if let Some(object) = index.target_of(scaler) {
            draft.label(object.name_span(), "the database");
        }
        return;
    }
    let Some(workload) = index.target_of(scaler).and_then(|it| index.workload_of(it)) else { return };
    if workload.role != Role::Postgres {
        return;
    }
    let object = workload.object;
    let Some(server) = index.postgres_server(workload) else { return };
    let replication = index.replication(&server);
    if let Replication::Standbys(evidence) = &replication
        && (is_named_follower(object) || evidence.what.ends_with("REPLICATION_MODE"))
    {
        return cx.pass(scaler); // Read replicas may come and go.
    }
    let what = match replication {
        Replication::Standbys(_) => "scales the primary and its standbys alike",
        _ => "scales PostgreSQL",
    };
    let help = match replication {
        Replication::Standbys(_) => {
            "scaling down may take the primary away: run the primary without an autoscaler, and read replicas as a workload \
             of their own if reads must scale"
        }
        _ => {
            "a new pod is an empty database, and a removed one takes its rows along: remove the autoscaler, give the pod \
             more cpu and memory, and add read replicas by streaming replication"
        }
    };
    let message = format!("{} {what} in {}{}", scaler.title(), name(), range(scaler));
    cx.fail(scaler, place(), message).label(object.name_span(), "runs PostgreSQL without an operator").help(help);
}

fn range(scaler: &Object) -> String {
    let scale = scale_by(scaler);
    match (scale.floor, scale.ceiling) {
        (Some(floor), Some(ceiling)) if floor != ceiling => format!(" between {floor} and {ceiling}"),
        _ => String::new(),
    }
}
