//! `quorum-ordered-start`

use crate::index::{Quorum, Role, Workload};
use crate::model::{Container, Probe, shell};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::words::{count, is_open};
use crate::yaml::Entry;

cases!(QuorumOrderedStart: UNCERTAIN = "uncertain");

rule!(QuorumOrderedStart, "workload/quorum-ordered-start.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let members = workload.scale.floor.filter(|it| *it >= 2);
    let Some((quorum, members)) = cx.index().quorum_of(workload).zip(members) else { return Verdict::NotApplicable };
    match object.node().str_at(&["spec", "podManagementPolicy"]) {
        None | Some("OrderedReady") => {}
        Some(policy) if is_open(policy) => return Verdict::open("podManagementPolicy is a template placeholder"),
        Some(_) => return Verdict::Pass,
    }
    let is_certain = quorum.program == "RabbitMQ";
    if !is_certain && !may_wait(workload, quorum) {
        return Verdict::NotApplicable;
    }
    let probed = workload.main_containers().into_iter().find_map(|it| Some((it, it.node().entry("readinessProbe")?)));
    match probed {
        Some((container, probe)) if !asks_itself(container) => {
            report(workload, (quorum, members, is_certain), probe, cx)
        }
        _ => Verdict::Pass,
    }
}

/// Whether members of a quorum get ready only with others, as far as one knows.
fn may_wait(workload: &Workload<'_>, quorum: Quorum) -> bool {
    match workload.role {
        // Of Kafka's nodes only controllers vote.
        Role::Kafka => workload.containers().any(|it| {
            let mut roles = it.env().filter(|it| it.0.to_ascii_lowercase().ends_with("process_roles"));
            roles.any(|it| it.1.is_some_and(|it| it.contains("controller")))
        }),
        // A first server of Vault starts a cluster, and others join it.
        _ => quorum.program != "Vault",
    }
}

/// Whether a container's readiness is a plain question to its own process, which answers without any peer.
fn asks_itself(container: Container<'_>) -> bool {
    let Some(probe) = Probe::of(container, "readinessProbe") else { return false };
    let words = probe.command();
    let mut commands = shell::commands(&words).into_iter().chain([words.clone()]);
    commands.any(|it| it.iter().any(|it| matches!(*it, "ping" | "ruok") || it.contains("ruok")))
}

fn report(
    workload: &Workload<'_>,
    (quorum, members, is_certain): (Quorum, i64, bool),
    probe: Entry<'_>,
    cx: &mut Context<'_>,
) -> Verdict {
    let object = workload.object;
    let by_default = if object.node().at(&["spec", "podManagementPolicy"]).is_none() { " (the default)" } else { "" };
    let members = count(members, quorum.member);
    let (program, may) = (quorum.program, if is_certain { "waits" } else { "may wait" });
    let message = format!(
        "{} starts its {members} of {program} one by one{by_default}, and the first {may} for the others before it is ready",
        object.title()
    );
    cx.fail(object, object.place(&["spec", "podManagementPolicy"]), message)
        .label(probe.key.span(), "until this succeeds no other pod is started")
        .help(
            "after an outage of all members none comes back: set podManagementPolicy: Parallel in a new StatefulSet \
             (delete the old one with --cascade=orphan)",
        )
        .maybe_case((!is_certain).then_some(UNCERTAIN))
        .verdict()
}
