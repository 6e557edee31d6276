//! `quorum-needs-unready-addresses`

use crate::index::{Index, Role, Workload};
use crate::model::products::{PATRONI, PATRONI_IMAGE};
use crate::model::{Container, WorkloadKind};
use crate::rule::{Context, Repair, Verdict, rule};

rule!(QuorumNeedsUnreadyAddresses, "kafka/quorum-needs-unready-addresses.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    if workload.kind != WorkloadKind::StatefulSet || workload.scale.floor.is_none_or(|it| it < 2) {
        return Verdict::NotApplicable;
    }
    let Some(members) = members(workload, cx.index()) else { return Verdict::NotApplicable };
    let Some(name) = object.node().str_at(&["spec", "serviceName"]) else { return Verdict::NotApplicable };
    let Some(service) = cx.index().find(object, "", "Service", name) else { return Verdict::NotApplicable };
    let Some(probe) = workload.main_containers().into_iter().find_map(|it| it.node().entry("readinessProbe")) else {
        return Verdict::Pass; // Without a probe every running pod has its address.
    };
    if cx.index().unready_addresses(service).is_some() {
        return Verdict::Pass;
    }
    let mut all = workload.containers();
    if !all.any(|it| finds_members_by(it, workload.role, name)) {
        return Verdict::open(format!("nothing tells whether the {members} find each other by Service {name}"));
    }
    let message = format!(
        "Service {name} hides {members} that are not ready, and those of {} find each other by it",
        object.title()
    );
    let place = service.place(&["spec", "publishNotReadyAddresses"]);
    cx.fail(service, place, message)
        .fix(Repair::new().set(service, &["spec", "publishNotReadyAddresses"], true))
        .label(probe.key.span(), "until this succeeds a member has no address")
        .label(object.name_span(), "the members")
        .help(
            "set publishNotReadyAddresses: true on the headless Service, and let clients use another one: after an \
             outage of all members none may become ready before it has found the others",
        )
        .verdict()
}

/// What the members of a quorum are called that have to find each other before they can serve.
fn members(workload: &Workload<'_>, index: &Index<'_>) -> Option<String> {
    if workload.role == Role::Postgres {
        let is_patroni = workload.containers().any(|it| it.image_name() == PATRONI_IMAGE);
        return is_patroni.then(|| format!("{PATRONI} members"));
    }
    let quorum = index.quorum_of(workload)?;
    let is_known = workload.role != Role::Datastore || quorum.program == "etcd";
    is_known.then(|| format!("{} {}s", quorum.program, quorum.member))
}

/// Whether settings name the members by their names behind this Service. Of Kafka only the controllers vote.
fn finds_members_by(container: Container<'_>, role: Role, service: &str) -> bool {
    let is_quorum = |name: &str| {
        let name = name.to_ascii_lowercase().replace(['.', '-'], "_");
        role != Role::Kafka || name.contains("controller_quorum")
    };
    let mut values = container.env().filter(|it| is_quorum(it.0)).filter_map(|it| it.1);
    let mut words = container.words().filter(|it| is_quorum(it));
    values.any(|it| names(it, service)) || words.any(|it| names(it, service))
}

/// Whether a text holds the name of a pod behind the Service: `zk-0.zk-headless.shop.svc`.
fn names(text: &str, service: &str) -> bool {
    let is_end = |it: Option<char>| it.is_none_or(|it| !it.is_ascii_alphanumeric() && it != '-');
    text.match_indices(service)
        .any(|(at, it)| text[..at].ends_with('.') && is_end(text[at + it.len()..].chars().next()))
}
