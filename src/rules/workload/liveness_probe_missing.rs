//! `liveness-probe-missing`

use crate::index::{Role, Workload, is_sidecar};
use crate::model::Container;
use crate::rule::{Context, NoParams, Rule, Walk, cases};
use crate::rules::alike::{self, Lack};

pub(crate) struct LivenessProbeMissing;

cases!(LivenessProbeMissing: DATASTORE = "datastore", OTHER_ROLE = "other-role");

impl Rule for LivenessProbeMissing {
    const PAGE: &'static str = include_str!("../../../rules/workload/liveness-probe-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            let mut lacks = Vec::new();
            for workload in cx.workloads() {
                let is_judged = !matches!(workload.role, Role::Ignored | Role::Tool);
                if workload.kind.is_replicated() && is_judged && !workload.is_switched_off() {
                    lacks.extend(check_workload(workload, cx));
                }
            }
            alike::report(lacks, "have no liveness probe", cx);
        });
    }
}

fn check_workload<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Option<Lack<'a>> {
    let object = workload.object;
    let candidates = main_containers(workload, cx);
    let first = candidates.first()?;
    if candidates.iter().any(|it| it.node().at(&["livenessProbe"]).is_some()) {
        cx.pass(object);
        return None;
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
    Some(Lack { object, place: first.place(object, &["livenessProbe"]), message, help, case })
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
