//! `readiness-probe-missing`

use crate::index::{Role, Serving, Workload, is_metrics_name, is_sidecar};
use crate::model::Container;
use crate::rule::{CaseName, Context, NoParams, Rule, Walk, cases};
use crate::rules::alike::{self, Lack};

pub(crate) struct ReadinessProbeMissing;

cases!(ReadinessProbeMissing: OTHER_CONTAINER = "other-container", OTHER_ROLE = "other-role", WORKER = "worker");

impl Rule for ReadinessProbeMissing {
    const PAGE: &'static str = include_str!("../../../rules/workload/readiness-probe-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.part(|cx| {
            let mut lacks = Vec::new();
            for workload in cx.workloads() {
                if workload.kind.is_replicated() && workload.role != Role::Ignored && !workload.is_switched_off() {
                    check_workload(workload, &mut lacks, cx);
                }
            }
            alike::report(lacks, "have no readiness probe", cx);
        });
    }
}

fn check_workload<'a>(workload: &Workload<'a>, lacks: &mut Vec<Lack<'a>>, cx: &mut Context<'a>) {
    let main = workload.main_containers();
    if main.is_empty() {
        return; // The template stands elsewhere, or the API refuses it.
    }
    let serving = cx.serving(workload);
    let is_store = workload.role.is_system_store();
    match serving {
        Some(serving) => check_serving(workload, &main, &serving, lacks, cx),
        // Such a server has clients by its nature, wherever its Service stands.
        None if is_store => check_server(workload, &main[..1], None, lacks, cx),
        None => check_worker(workload, &main, lacks, cx),
    }
}

fn check_serving<'a>(
    workload: &Workload<'a>,
    main: &[Container<'a>],
    serving: &Serving<'a>,
    lacks: &mut Vec<Lack<'a>>,
    cx: &mut Context<'a>,
) {
    let mut owners: Vec<Container<'a>> = serving.containers.iter().copied().filter(|it| !is_sidecar(*it)).collect();
    if owners.is_empty() {
        // A proxy takes the requests: whoever answers them is one of the others.
        let probed = main.iter().copied().find(|it| has_probe(*it));
        owners.extend(probed.or(main.first().copied()));
    }
    check_server(workload, &owners, Some(serving), lacks, cx);
}

fn check_server<'a>(
    workload: &Workload<'a>,
    owners: &[Container<'a>],
    serving: Option<&Serving<'a>>,
    lacks: &mut Vec<Lack<'a>>,
    cx: &mut Context<'a>,
) {
    let object = workload.object;
    let is_other = workload.role.is_beside_the_system();
    if owners.iter().any(|it| has_probe(*it)) {
        let others = owners.iter().filter(|it| !has_probe(**it) && !is_for_metrics(**it));
        lacks.extend(others.map(|it| lack(workload, *it, OTHER_CONTAINER, true)));
        return cx.pass(object);
    }
    let Some(container) = owners.first() else { return };
    if is_other {
        return lacks.push(lack(workload, *container, OTHER_ROLE, true));
    }
    let message = match serving {
        Some(serving) => format!(
            "Service {} sends requests to {}, whose container {} has no readiness probe",
            serving.services[0].name(),
            object.title(),
            container.name()
        ),
        None => format!("container {} of {} has no readiness probe", container.name(), object.title()),
    };
    let mut draft = cx
        .fail(object, container.place(object, &["readinessProbe"]), message)
        .evidence("role", workload.role.name())
        .evidence("container", container.name())
        .help(help(workload.role));
    for service in serving.into_iter().flat_map(|it| &it.services) {
        draft = draft.label(service.name_span(), format!("{} selects its pods", service.title()));
    }
}

/// Nothing waits for the probe but rollouts and budgets, which count ready pods.
fn check_worker<'a>(workload: &Workload<'a>, main: &[Container<'a>], lacks: &mut Vec<Lack<'a>>, cx: &mut Context<'a>) {
    if main.iter().any(|it| has_probe(*it)) {
        return cx.pass(workload.object);
    }
    let case = match workload.role {
        Role::Tool => return,
        Role::Platform | Role::Controller | Role::Datastore => OTHER_ROLE,
        _ => WORKER,
    };
    lacks.push(lack(workload, main[0], case, false));
}

fn lack<'a>(workload: &Workload<'a>, container: Container<'a>, case: CaseName, serves: bool) -> Lack<'a> {
    let object = workload.object;
    let message = match case {
        OTHER_CONTAINER => {
            format!(
                "container {} of {} answers requests, too, and has no readiness probe",
                container.name(),
                object.title()
            )
        }
        _ => format!("container {} of {} has no readiness probe", container.name(), object.title()),
    };
    let help = match workload.role {
        _ if serves => help(workload.role),
        Role::Consumer => {
            "rollouts, minReadySeconds and budgets count ready pods, and without a probe a pod is ready as soon as it \
             runs: add one that tells whether it has joined its group"
        }
        _ => {
            "rollouts, minReadySeconds and budgets count ready pods, and without a probe a pod is ready as soon as it \
             runs: add one that tells when it can work"
        }
    };
    let place = container.place(object, &["readinessProbe"]);
    Lack { object, place, message, help, case: Some(case) }
}

fn help(role: Role) -> &'static str {
    match role {
        Role::Postgres => {
            "without a probe clients reach the server while it starts or recovers: add one that runs pg_isready"
        }
        Role::Kafka | Role::ZooKeeper => {
            "without a probe a rollout restarts the next server before this one has caught up: add one on its port"
        }
        _ => {
            "without a probe a pod gets requests as soon as its process runs, and rollouts and budgets count it as \
             available: add one that answers when it can serve"
        }
    }
}

fn has_probe(container: Container<'_>) -> bool {
    container.node().at(&["readinessProbe"]).is_some()
}

/// Whether all ports that a container declares are there for monitoring.
fn is_for_metrics(container: Container<'_>) -> bool {
    container.ports().all(|(name, _)| name.is_some_and(is_metrics_name))
}
