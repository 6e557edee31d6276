//! `kafka-unmanaged-identity`

use crate::index::{Role, Workload};
use crate::model::{Container, WorkloadKind};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::{count, is_open};
use crate::source::Span;
use crate::yaml::{Entry, NodeRef};

/// Variables in which images take the number of a node.
const IDS: &[&str] = &[
    "KAFKA_NODE_ID",
    "KAFKA_BROKER_ID",
    "KAFKA_CFG_NODE_ID",
    "KAFKA_CFG_BROKER_ID",
    "ZOO_MY_ID",
    "ZOO_SERVER_ID",
    "ZOOKEEPER_SERVER_ID",
];

/// Variables in which they take the addresses that clients are told.
const ADDRESSES: &[&str] = &["KAFKA_ADVERTISED_LISTENERS", "KAFKA_CFG_ADVERTISED_LISTENERS"];

/// What a script mentions that sets one of these by itself.
const SETTINGS: &[&str] =
    &["node.id", "broker.id", "advertised.listeners", "advertised_listeners", "myid", "my_id", "node_id", "broker_id"];

rule!(KafkaUnmanagedIdentity, "kafka/kafka-unmanaged-identity.md", |walk| walk.workloads(judge));

fn judge<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    if !workload.role.is_kafka() || !workload.kind.is_replicated() {
        return Verdict::NotApplicable;
    }
    let Some(floor) = workload.scale.floor else {
        return Verdict::open("the number of pods is a template placeholder");
    };
    if floor < 2 {
        return judge_localhost(workload, cx); // One pod may have one identity.
    }
    let faults = faults(workload);
    let is_scripted = workload.containers().any(sets_by_script);
    if !faults.is_empty() && is_scripted {
        return Verdict::open("a script of the container may set the identity of each pod");
    }
    let word = if workload.role == Role::Kafka { "broker" } else { "ZooKeeper node" };
    let Some(((span, text), others)) = faults.split_first() else {
        return judge_claim(workload, floor, word, cx);
    };
    let message = format!("{} starts {} with the same {text}", object.title(), count(floor, word));
    let mut place = object.place(&["spec", "template"]);
    place.span = *span;
    cx.fail(object, place, message)
        .evidence("pods", floor)
        .help(
            "derive id and addresses from the pod's own name: a StatefulSet's pods have an ordinal at its end, and \
             their own names behind its headless Service",
        )
        .labels(others.iter().map(|(span, text)| (*span, format!("and with the same {text}"))))
        .verdict()
}

/// The settings that are alike in all pods: where, and what they are called.
fn faults(workload: &Workload<'_>) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    for container in workload.containers() {
        // The last of several with one name counts.
        for name in IDS {
            let id = literal(container, name).filter(|it| it.value.text().trim().parse::<u32>().is_ok());
            found.extend(id.map(|it| (it.line_span(), format!("id {}", it.value.text().trim()))));
        }
        for name in ADDRESSES {
            let addresses = literal(container, name).filter(|it| names_a_host(it.value.text()));
            found
                .extend(addresses.map(|it| (it.line_span(), format!("advertised address {}", it.value.text().trim()))));
        }
    }
    found
}

/// A single broker that sends its clients to themselves, though a Service is there for them.
fn judge_localhost<'a>(workload: &Workload<'a>, cx: &mut Context<'a>) -> Verdict {
    let object = workload.object;
    if cx.index().serving(workload).is_none() || workload.containers().any(sets_by_script) {
        return Verdict::NotApplicable;
    }
    let addresses = workload.containers().flat_map(|it| ADDRESSES.iter().filter_map(move |name| literal(it, name)));
    let Some(found) = addresses.last().filter(|it| all_are_local(it.value.text())) else {
        return Verdict::NotApplicable;
    };
    let message = format!(
        "{} tells clients to connect to {}: in another pod that is the pod itself",
        object.title(),
        found.value.text().trim()
    );
    let mut place = object.place(&["spec", "template"]);
    place.span = found.line_span();
    cx.fail(object, place, message).help("advertise the name by which clients find it: that of its Service").verdict()
}

/// Whether all addresses are of the pod's own network.
fn all_are_local(listeners: &str) -> bool {
    let hosts = listeners.split(',').map(|it| it.split_once("://").and_then(|it| it.1.rsplit_once(':')));
    let mut hosts = hosts.peekable();
    hosts.peek().is_some() && hosts.all(|it| it.is_some_and(|it| matches!(it.0.trim(), "localhost" | "127.0.0.1")))
}

/// The value of a variable, if it stands in the manifest.
fn literal<'a>(container: Container<'a>, name: &str) -> Option<Entry<'a>> {
    let all = container.node().items_at(&["env"]).filter(|it| it.str_at(&["name"]) == Some(name));
    all.last()?.entry("value").filter(|it| !is_open(it.value.text()))
}

/// Whether addresses are the same for each pod. An empty host stands for the pod's own.
fn names_a_host(listeners: &str) -> bool {
    let hosts = listeners.split(',').filter_map(|it| Some(it.split_once("://")?.1.rsplit_once(':')?.0.trim()));
    let mut hosts = hosts.filter(|it| !it.is_empty()).peekable();
    // What a shell or the image replaces is not the same for each.
    hosts.peek().is_some() && hosts.all(|it| !it.contains(['$', '_', '<']))
}

/// Whether a command sets the identity by itself.
fn sets_by_script(container: Container<'_>) -> bool {
    container.words().any(|it| {
        let text = it.to_ascii_lowercase();
        // A script in a volume or in the image may do anything.
        text.ends_with(".sh") || SETTINGS.iter().any(|setting| text.contains(setting))
    })
}

/// Pods of a Deployment share each claim, so that two nodes write into one folder.
fn judge_claim(workload: &Workload<'_>, floor: i64, word: &str, cx: &mut Context<'_>) -> Verdict {
    let object = workload.object;
    let volumes = workload.template.into_iter().flat_map(|it| it.volumes().collect::<Vec<NodeRef<'_>>>());
    let keys = ["persistentVolumeClaim", "claimName"];
    let mut claims = volumes.filter_map(|it| Some((it, it.str_at(&keys)?)));
    let claim = if workload.kind == WorkloadKind::StatefulSet { None } else { claims.next() };
    let Some((volume, name)) = claim else { return Verdict::Pass };
    let message = format!("{} starts {} on one claim, {name}", object.title(), count(floor, word));
    cx.fail(object, object.place_in(volume, &keys), message)
        .evidence("pods", floor)
        .help("run them as a StatefulSet with volumeClaimTemplates, so that each has a volume and a name of its own")
        .verdict()
}
