//! `postgres-autoscaled`

use crate::index::postgres::{CNPG, EDB, Replication, is_named_follower};
use crate::index::{Role, scale_by, scale_target};
use crate::model::Object;
use crate::rule::{Context, Verdict, cases, rule};

cases!(PostgresAutoscaled: OPERATOR = "operator");

rule!(PostgresAutoscaled, "postgres/postgres-autoscaled.md", |walk| walk.autoscalers(judge));

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let Some(target) = scale_target(scaler) else { return Verdict::NotApplicable };
    let place = || scaler.place(&["spec", "scaleTargetRef", "name"]);
    let name = || format!("{} {}", target.kind, target.name);
    if matches!(target.group, Some(CNPG | EDB)) && target.kind == "Cluster" {
        let message = format!("{} scales the instances of {}{}", scaler.title(), name(), range(scaler));
        let database = index.target_of(scaler).map(|it| (it.name_span(), "the database"));
        return cx.fail(scaler, place(), message).case(OPERATOR).labels(database).help(
            "each new instance copies the whole database from the primary, which adds load before it takes any away, and \
             writes stay on one instance: set instances by hand, and give the pods more cpu and memory",
        ).verdict();
    }
    let workload = index.target_of(scaler).and_then(|it| index.workload_of(it)).filter(|it| it.role == Role::Postgres);
    let Some(server) = workload.and_then(|it| index.postgres_server(it)) else { return Verdict::NotApplicable };
    let object = server.object();
    let replication = index.replication(&server);
    if let Replication::Standbys(evidence) = &replication
        && (is_named_follower(object) || evidence.what.ends_with("REPLICATION_MODE"))
    {
        return Verdict::Pass; // Read replicas may come and go.
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
    cx.fail(scaler, place(), message)
        .label(object.name_span(), "runs PostgreSQL without an operator")
        .help(help)
        .verdict()
}

fn range(scaler: &Object) -> String {
    let scale = scale_by(scaler);
    match (scale.floor, scale.ceiling) {
        (Some(floor), Some(ceiling)) if floor != ceiling => format!(" between {floor} and {ceiling}"),
        _ => String::new(),
    }
}
