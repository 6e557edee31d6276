//! `liveness-probe-missing`

use super::judged::is_judged;
use crate::index::{Role, Workload, is_sidecar};
use crate::model::Container;
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::alike::{self, Lack};

cases!(LivenessProbeMissing: DATASTORE = "datastore", OTHER_ROLE = "other-role");

rule!(LivenessProbeMissing, "workload/liveness-probe-missing.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    let candidates = if is_judged(workload) { main_containers(workload, cx) } else { Vec::new() };
    let Some(first) = candidates.first() else { return Verdict::NotApplicable };
    if candidates.iter().any(|it| it.node().at(&["livenessProbe"]).is_some()) {
        return Verdict::Pass;
    }
    let (case, help) = match workload.role {
        Role::Backend | Role::Frontend => (
            None,
            "a process that hangs stays as it is until somebody notices: add a probe that fails only when a restart \
             helps, not when a database or broker is away",
        ),
        Role::Consumer => (
            None,
            "a consumer that hangs stays in its group and holds its partitions: add a probe on the age of its last \
             poll, not on the broker",
        ),
        Role::Postgres | Role::Kafka | Role::ZooKeeper | Role::Datastore => (
            Some(DATASTORE),
            "a probe that fails during recovery or a long checkpoint makes an outage of it: add one only with a \
             startup probe and generous limits",
        ),
        _ => (Some(OTHER_ROLE), "a process that hangs stays as it is until somebody notices"),
    };
    let message = format!("container {} of {} has no liveness probe", first.name(), object.title());
    let place = first.place(object, &["livenessProbe"]);
    alike::lacks(Lack { object, place, message, help, case }, "have no liveness probe", cx)
}

/// The containers that do the workload's work: those that own a Service's port, else the first.
fn main_containers<'a>(workload: &Workload<'a>, cx: &Context<'a>) -> Vec<Container<'a>> {
    let main = workload.main_containers();
    let serving = cx.serving(workload);
    let owners: Vec<Container<'a>> =
        serving.iter().flat_map(|it| it.containers.iter().copied()).filter(|it| !is_sidecar(*it)).collect();
    if !owners.is_empty() {
        return owners;
    }
    let probed = main.iter().position(|it| it.node().at(&["livenessProbe"]).is_some());
    main.get(probed.unwrap_or(0)).copied().into_iter().collect()
}
