//! `stateful-vpa-evicts`

use crate::index::postgres::{CNPG, EDB};
use crate::index::{Role, scale_target, target_keys};
use crate::model::{Object, products};
use crate::rule::{Context, Repair, Verdict, rule};
use crate::yaml::{NodeRef, Value};

rule!(StatefulVpaEvicts, "postgres/stateful-vpa-evicts.md", |walk| walk
    .of_kinds(&[(products::VPA, "VerticalPodAutoscaler")], judge));

fn judge(scaler: &Object, cx: &mut Context<'_>) -> Verdict {
    let Some(target) = scale_target(scaler) else { return Verdict::NotApplicable };
    let index = cx.index();
    let is_operated = matches!(target.group, Some(CNPG | EDB)) && target.kind == "Cluster";
    let object = index.target_of(scaler);
    let workload = object.and_then(|it| index.workload_of(it));
    if !is_operated && workload.is_none_or(|it| it.role != Role::Postgres) {
        return Verdict::NotApplicable; // Kafka and ZooKeeper are the matter of `kafka-autoscaled`.
    }
    let keys = ["spec", "updatePolicy", "updateMode"];
    let written = scaler.node().at(&keys).map(NodeRef::text);
    let mode = written.unwrap_or("Recreate");
    match mode {
        "Off" => return Verdict::Pass,
        "Initial" if !is_operated => return Verdict::Pass,
        "Initial" | "Auto" | "Recreate" | "InPlaceOrRecreate" | "InPlace" => {}
        _ => return Verdict::open("its updateMode is a template placeholder"),
    }
    // The updater leaves workloads of one pod alone unless it is told otherwise.
    let is_single = workload.is_some_and(|it| it.scale.ceiling == Some(1));
    let least = scaler.node().at(&["spec", "updatePolicy", "minReplicas"]);
    if is_single && least.is_none_or(|it| it.as_int().is_some_and(|it| it > 1)) {
        return Verdict::Pass;
    }
    let by_default = if written.is_none() { " (the default)" } else { "" };
    let message = format!(
        "{} resizes the PostgreSQL of {} {} in mode {mode}{by_default}",
        scaler.title(),
        target.kind,
        target.name
    );
    let place =
        if written.is_some() { scaler.place(&keys) } else { scaler.place(&[target_keys(scaler), &["name"]].concat()) };
    let help = match (is_operated, mode) {
        (true, "Initial") => {
            "the pods then run with other resources than the Cluster says, which the operator sees as drift: set \
             updateMode: \"Off\" and take the recommendations over into spec.resources"
        }
        (true, _) => {
            "it evicts primaries without a switchover, and the operator's budget for the primary stalls it: set updateMode: \
             \"Off\" and take the recommendations over into spec.resources"
        }
        (false, _) => {
            "it evicts the pods to resize them, the primary among them: set updateMode: \"Off\" and take the recommendations \
             over by hand, standbys first"
        }
    };
    let database = object.map(|it| (it.name_span(), "the database"));
    let repair = Repair::new().set(scaler, &keys, Value::text("Off"));
    cx.fail(scaler, place, message).help(help).fix(repair).labels(database).verdict()
}
