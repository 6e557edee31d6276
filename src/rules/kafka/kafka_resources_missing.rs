//! `kafka-resources-missing`

use crate::index::kafka::Mode;
use crate::model::{Object, Place};
use crate::rule::{Context, NoParams, Rule, Similar, Walk};
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;

pub(crate) struct KafkaResourcesMissing;

const HELP: &str = "set requests for cpu and memory and a memory limit that equals its request: the operator takes half of it \
                    for the heap, and the page cache gets the rest";

/// What some nodes lack.
struct Fault {
    place: Place,
    title: String,
    missing: Vec<String>,
}

impl Rule for KafkaResourcesMissing {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-resources-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().kafka_clusters() {
                let mut faults = Vec::new();
                let object = cluster.object;
                let kafka = object.node().at(&["spec", "kafka", "resources"]);
                // The API version v1 has no resources in the cluster.
                let shared = kafka.filter(|_| object.version() != "v1");
                let mut inherits = !cluster.uses_pools;
                for pool in cluster.pools.iter().filter(|it| cluster.uses_pools && !it.is_empty()) {
                    match pool.object.node().at(&["spec", "resources"]) {
                        None if shared.is_some() => inherits = true,
                        own => check_pool(pool.object, own, cx),
                    }
                }
                if inherits {
                    let place = object.place(&["spec", "kafka", "resources"]);
                    faults.extend(fault(object, place, kafka, object.title(), cx));
                }
                if cluster.mode != Mode::Kraft {
                    let keys = &["spec", "zookeeper", "resources"];
                    let title = format!("ZooKeeper of {}", object.title());
                    faults.extend(fault(object, object.place(keys), object.node().at(keys), title, cx));
                }
                report(object, faults, cx);
            }
        });
    }
}

fn check_pool(pool: &Object, resources: Option<NodeRef<'_>>, cx: &mut Context<'_>) {
    let fault = fault(pool, pool.place(&["spec", "resources"]), resources, pool.title(), cx);
    report(pool, fault.into_iter().collect(), cx);
}

/// What resources lack, unless a LimitRange gives it.
fn fault(
    object: &Object,
    place: Place,
    resources: Option<NodeRef<'_>>,
    title: String,
    cx: &mut Context<'_>,
) -> Option<Fault> {
    if resources.is_some_and(|it| is_open(it.text())) {
        cx.not_verifiable(object, "the resources are template placeholders");
        return None;
    }
    let has_default = |kind: &str, what: &str| cx.index().limit_default(object, kind, what);
    let written = |kind: &str, what: &str| resources.is_some_and(|it| it.at(&[kind, what]).is_some());
    // A limit without a request is the request, too.
    let has_request = |what: &str| {
        let is_written = written("requests", what) || written("limits", what);
        is_written || has_default("defaultRequest", what) || has_default("default", what)
    };
    let has_limit = written("limits", "memory") || has_default("default", "memory");
    let wanted = [
        ("requests.cpu", has_request("cpu")),
        ("requests.memory", has_request("memory")),
        ("limits.memory", has_limit),
    ];
    let missing: Vec<String> = wanted.into_iter().filter(|it| !it.1).map(|it| it.0.to_owned()).collect();
    if missing.is_empty() {
        cx.pass(object);
        return None;
    }
    Some(Fault { place, title, missing })
}

/// One finding for each object.
fn report(object: &Object, faults: Vec<Fault>, cx: &mut Context<'_>) {
    let mut faults = faults.into_iter();
    let Some(first) = faults.next() else { return };
    let message = format!("{} lacks {}", first.title, list(&first.missing));
    let mut draft = cx
        .fail(object, first.place, message)
        .evidence("missing", first.missing.join(" "))
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "Kafka resources",
            verdict: "lack requests or limits",
            name: object.name().to_owned(),
            help: HELP,
        });
    for other in faults {
        draft = draft.label(other.place.span, format!("{} lacks {}", other.title, list(&other.missing)));
    }
}
