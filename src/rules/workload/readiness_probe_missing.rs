//! `readiness-probe-missing`

use crate::index::{Role, Serving, Workload, is_metrics_name, is_sidecar};
use crate::model::Container;
use crate::rule::{CaseName, Context, Verdict, cases, rule};
use crate::rules::alike::{self, Lack};

cases!(ReadinessProbeMissing: OTHER_CONTAINER = "other-container", OTHER_ROLE = "other-role", WORKER = "worker");

rule!(ReadinessProbeMissing, "workload/readiness-probe-missing.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let main = workload.main_containers();
    let is_waived = !workload.kind.is_replicated() || workload.role == Role::Ignored || workload.is_switched_off();
    // Without containers the template stands elsewhere, or the API refuses it.
    if main.is_empty() || is_waived {
        return Verdict::NotApplicable;
    }
    match cx.serving(workload) {
        Some(serving) => judge_server(workload, &owners(&main, &serving), Some(&*serving), cx),
        // Such a server has clients by its nature, wherever its Service stands.
        None if workload.role.is_system_store() => judge_server(workload, &main[..1], None, cx),
        None => judge_worker(workload, &main, cx),
    }
}

/// The containers that answer requests.
fn owners<'a>(main: &[Container<'a>], serving: &Serving<'a>) -> Vec<Container<'a>> {
    let mut owners: Vec<Container<'a>> = serving.containers.iter().copied().filter(|it| !is_sidecar(*it)).collect();
    if owners.is_empty() {
        // A proxy takes the requests: whoever answers them is one of the others.
        let probed = main.iter().copied().find(|it| has_probe(*it));
        owners.extend(probed.or(main.first().copied()));
    }
    owners
}

fn judge_server(
    workload: &Workload<'_>,
    owners: &[Container<'_>],
    serving: Option<&Serving<'_>>,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = workload.object;
    if owners.iter().any(|it| has_probe(*it)) {
        for other in owners.iter().filter(|it| !has_probe(**it) && !is_for_metrics(**it)) {
            lacks(workload, *other, OTHER_CONTAINER, true, cx);
        }
        return Verdict::Pass;
    }
    let Some(container) = owners.first() else { return Verdict::NotApplicable };
    if workload.role.is_beside_the_system() {
        return lacks(workload, *container, OTHER_ROLE, true, cx);
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
    let services = serving.into_iter().flat_map(Serving::shown);
    cx.fail(object, container.place(object, &["readinessProbe"]), message)
        .evidence("role", workload.role.name())
        .evidence("container", container.name())
        .help(help(workload.role))
        .labels(services.map(|(it, title)| (it.name_span(), format!("{title} selects its pods"))))
        .verdict()
}

/// Nothing waits for the probe but rollouts and budgets, which count ready pods.
fn judge_worker(workload: &Workload<'_>, main: &[Container<'_>], cx: &mut Context<'_>) -> Verdict {
    if main.iter().any(|it| has_probe(*it)) {
        return Verdict::Pass;
    }
    let case = match workload.role {
        Role::Tool => return Verdict::NotApplicable,
        Role::Platform | Role::Controller | Role::Datastore => OTHER_ROLE,
        _ => WORKER,
    };
    lacks(workload, main[0], case, false, cx)
}

fn lacks(
    workload: &Workload<'_>,
    container: Container<'_>,
    case: CaseName,
    serves: bool,
    cx: &mut Context<'_>,
) -> Verdict {
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
    alike::lacks(Lack { object, place, message, help, case: Some(case) }, "have no readiness probe", cx)
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
