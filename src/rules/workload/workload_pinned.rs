//! `workload-pinned`

use crate::index::{Role, SpreadForm, Workload};
use crate::model::{HOSTNAME, NodePin, WorkloadKind};
use crate::rule::{CaseName, Context, Verdict, cases, rule};
use crate::rules::parts::judge_parts;
use crate::rules::postgres::PostgresStorageEphemeral;
use crate::rules::words::count;
use crate::source::Span;
use crate::yaml::NodeRef;

cases!(WorkloadPinned: UNSCHEDULABLE = "unschedulable", OTHER = "other");

rule!(WorkloadPinned, "workload/workload-pinned.md", |walk| walk.workloads(judge));

fn judge(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let is_waived = !workload.kind.is_replicated() || workload.role == Role::Ignored || workload.is_switched_off();
    let Some(spec) = cx.index().pod_spec_of(workload.object).filter(|_| !is_waived) else {
        return Verdict::NotApplicable;
    };
    let by_spec = match (NodePin::of(spec.node), host_port(workload)) {
        (Some(pin), _) => on_one_node(workload, pin, cx),
        (None, Some(port)) => on_host_ports(workload, port, cx),
        (None, None) => Verdict::Pass,
    };
    let by_data = [host_path(workload, cx), local_claim(workload, cx)];
    judge_parts(workload.object, by_data.into_iter().chain([by_spec]), cx, |it, _| it)
}

/// The case of what runs beside applications: its makers may want it so.
fn beside_the_system(workload: &Workload<'_>) -> Option<CaseName> {
    let is_other = matches!(workload.role, Role::Tool | Role::Platform | Role::Controller | Role::Singleton);
    (is_other || workload.role == Role::Datastore).then_some(OTHER)
}

fn on_one_node(workload: &Workload<'_>, pin: NodePin<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let place = object.place_in(pin.at, &[pin.key]);
    let node = pin.node;
    let floor = workload.scale.floor.unwrap_or(1);
    let apart = keeps_apart(workload, cx);
    // A pod that names its node is not scheduled, so that only the ports of the node are looked at there.
    let conflict = match (host_port(workload), apart) {
        (Some(port), _) => Some((port.place(&["hostPort"]), "each of them wants this port of the node")),
        (None, Some(span)) if !pin.is_bound => Some((span, "no two of them may share a node")),
        _ => None,
    };
    let Some((span, text)) = conflict.filter(|_| floor > 1) else {
        let message = format!("{} runs on node {node} only, with {}", object.title(), count(floor, "pod"));
        return cx
            .fail(object, place, message)
            .evidence("replicas", floor)
            .help("when that node is lost or drained, all are gone: select nodes by a label that several carry")
            .maybe_case(beside_the_system(workload))
            .verdict();
    };
    let message = format!(
        "{} can run 1 of its {} only: all must be on node {node}, which takes one",
        object.title(),
        count(floor, "pod")
    );
    cx.fail(object, place, message)
        .label(span, text)
        .evidence("replicas", floor)
        .help("the others stay pending: let the pods run on more nodes, and spread them there")
        .case(UNSCHEDULABLE)
        .verdict()
}

/// Where the pods ask that no two of them share a node.
fn keeps_apart(workload: &Workload<'_>, cx: &Context<'_>) -> Option<Span> {
    let index = cx.index();
    let own = index.workload_of(workload.object)?;
    let spec = index.pod_spec_of(own.object)?;
    let terms = cx.spread_terms(&spec);
    let strict =
        terms.iter().find(|it| it.form == SpreadForm::Required && it.key == Some(HOSTNAME) && index.keeps_apart(it))?;
    Some(strict.node.place(&["topologyKey"]))
}

/// The first port that a container takes of its node.
fn host_port<'a>(workload: &Workload<'a>) -> Option<NodeRef<'a>> {
    if workload.template?.spec()?.bool_at(&["hostNetwork"]) == Some(true) {
        // Every declared port is one of the node then.
        return workload.containers().flat_map(|it| it.node().items_at(&["ports"])).next();
    }
    let mut ports = workload.containers().flat_map(|it| it.node().items_at(&["ports"]));
    ports.find(|it| it.int_at(&["hostPort"]).is_some_and(|it| it > 0))
}

/// Judges what takes ports of its nodes.
fn on_host_ports(workload: &Workload<'_>, port: NodeRef<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let Some(floor) = workload.scale.floor.filter(|it| *it > 1) else { return Verdict::Pass };
    // Of several clusters any could be meant.
    let [nodes] = cx.index().node_evidence() else {
        return Verdict::open("each of its pods takes a port of a node, and the number of nodes is not known");
    };
    let Some(most) = nodes.nodes.most else {
        return Verdict::open("each of its pods takes a port of a node, and nodes may be added");
    };
    if floor < most {
        return Verdict::Pass;
    }
    let number = port.int_at(&["hostPort"]).or_else(|| port.int_at(&["containerPort"])).unwrap_or_default();
    let key = if port.at(&["hostPort"]).is_some() { "hostPort" } else { "containerPort" };
    let is_too_many = floor > most;
    let message = format!(
        "{} has {}, each takes port {number} of its node, and {} has {}",
        object.title(),
        count(floor, "pod"),
        nodes.title,
        count(most, "node")
    );
    let help = if is_too_many {
        "the others stay pending: expose the pods through a Service instead"
    } else {
        "a drained node has no place for its pod, and a rollout none for a further one: use a Service instead"
    };
    cx.fail(object, object.place_in(port, &[key]), message)
        .label(nodes.place.span, "the nodes")
        .evidence("replicas", floor)
        .evidence("nodes", most)
        .help(help)
        .maybe_case(if is_too_many { Some(UNSCHEDULABLE) } else { beside_the_system(workload) })
        .verdict()
}

/// Paths that every node has alike, sockets and devices.
const SHARED_PATHS: &[&str] = &[
    "/boot",
    "/dev",
    "/etc/ca-certificates",
    "/etc/hosts",
    "/etc/localtime",
    "/etc/machine-id",
    "/etc/os-release",
    "/etc/pki",
    "/etc/resolv.conf",
    "/etc/ssl",
    "/etc/timezone",
    "/lib/modules",
    "/proc",
    "/run",
    "/sys",
    "/usr/lib/modules",
    "/usr/share/ca-certificates",
    "/usr/share/zoneinfo",
    "/var/log",
    "/var/run",
];

fn is_shared(path: &str) -> bool {
    path == "/"
        || SHARED_PATHS
            .iter()
            .any(|it| path.strip_prefix(it).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Judges whether there is data in a folder of the node.
fn host_path(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    for volume in workload.template.into_iter().flat_map(|it| it.volumes().collect::<Vec<_>>()) {
        let Some(path) = volume.str_at(&["hostPath", "path"]) else { continue };
        let kind = volume.str_at(&["hostPath", "type"]).unwrap_or_default();
        if is_shared(path) || matches!(kind, "Socket" | "CharDevice" | "BlockDevice") {
            continue;
        }
        let message = format!("{} uses {path} of whichever node it runs on", object.title());
        let place = object.place_in(volume, &["hostPath", "path"]);
        let span = place.span;
        let draft = cx
            .fail(object, place, message)
            .help("on another node the pod finds another folder, or none: use a PersistentVolumeClaim");
        if workload.role == Role::Postgres {
            let text = "and on another node there is none of it";
            return draft.merged_into(PostgresStorageEphemeral::ID, object, span, text).verdict();
        }
        return draft.maybe_case(beside_the_system(workload)).verdict();
    }
    Verdict::Pass
}

/// Judges whether there is a claim whose volume stays with its node. `storage-not-redundant` judges those of
/// StatefulSets and databases.
fn local_claim(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    let index = cx.index();
    let is_waived = workload.kind == WorkloadKind::StatefulSet || workload.role == Role::Postgres;
    let Some(own) = index.workload_of(workload.object).filter(|_| !is_waived) else { return Verdict::Pass };
    for claim in index.claims_of(own) {
        let Some(class) = claim.class else { continue };
        let fact = index.storage_fact(class);
        if fact.durability != Some(crate::config::Durability::NodeLocal) {
            continue;
        }
        let object = workload.object;
        let message =
            format!("{} uses claim {} of {}, which stays with its node", object.title(), claim.name, fact.title);
        let keys = ["persistentVolumeClaim", "claimName"];
        let mut volumes = workload.template.into_iter().flat_map(|it| it.volumes().collect::<Vec<_>>());
        let volume = volumes.find(|it| it.str_at(&keys) == Some(claim.name.as_str()));
        let place = volume.map_or_else(|| object.name_place(), |it| object.place_in(it, &keys));
        return cx
            .fail(object, place, message)
            .label(claim.place.span, "the claim")
            .help("the pods can run on that node only, and its data goes with it: choose a class of shared storage")
            .labels(fact.span.map(|it| (it, fact.reason)))
            .maybe_case(beside_the_system(workload))
            .verdict();
    }
    Verdict::Pass
}
