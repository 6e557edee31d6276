//! `kafka-resources-missing`

use crate::index::kafka::Mode;
use crate::model::{Object, Place};
use crate::rule::{Alike, Context, NoParams, Rule};
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;

pub(in crate::rules) struct KafkaResourcesMissing;

const HELP: &str = "set requests for cpu and memory and a limit for memory, all memory alike: the operator sizes the heap \
                    by the limit, and what is left is the page cache";

impl Rule for KafkaResourcesMissing {
    const PAGE: &'static str = include_str!("../../../rules/kafka/kafka-resources-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, cx: &mut Context<'_>) {
        for cluster in cx.index().kafka_clusters() {
            let object = cluster.object;
            let kafka = object.node().at(&["spec", "kafka", "resources"]);
            if cluster.uses_pools {
                for pool in cluster.pools.iter().filter(|it| !it.is_empty()) {
                    let own = pool.object.node().at(&["spec", "resources"]);
                    // The API version v1 has no resources in the cluster.
                    let shared = kafka.filter(|_| object.version() != "v1");
                    let (owner, resources, keys): (_, _, &[&str]) = match (own, shared) {
                        (None, Some(_)) => (object, shared, &["spec", "kafka", "resources"]),
                        _ => (pool.object, own, &["spec", "resources"]),
                    };
                    check_resources(pool.object, owner.place(keys), resources, &pool.object.title(), cx);
                }
            } else {
                check_resources(object, object.place(&["spec", "kafka", "resources"]), kafka, &object.title(), cx);
            }
            if cluster.mode != Mode::Kraft {
                let resources = object.node().at(&["spec", "zookeeper", "resources"]);
                let title = format!("ZooKeeper of {}", object.title());
                check_resources(object, object.place(&["spec", "zookeeper", "resources"]), resources, &title, cx);
            }
        }
    }
}

fn check_resources(object: &Object, place: Place, resources: Option<NodeRef<'_>>, title: &str, cx: &mut Context<'_>) {
    let has_default = |kind: &str, what: &str| cx.index().limit_default(object, kind, what);
    let written = |kind: &str, what: &str| resources.is_some_and(|it| it.at(&[kind, what]).is_some());
    if resources.is_some_and(|it| is_open(it.text())) {
        return cx.not_verifiable(object, "the resources are filled in later");
    }
    // A limit without a request is the request, too.
    let has_request = |what: &str| {
        written("requests", what)
            || written("limits", what)
            || has_default("defaultRequest", what)
            || has_default("default", what)
    };
    let has_limit = written("limits", "memory") || has_default("default", "memory");
    let missing: Vec<String> = [
        ("requests.cpu", has_request("cpu")),
        ("requests.memory", has_request("memory")),
        ("limits.memory", has_limit),
    ]
    .into_iter()
    .filter(|it| !it.1)
    .map(|it| it.0.to_owned())
    .collect();
    if missing.is_empty() {
        return cx.pass(object);
    }
    let message = format!("{title} lacks {}", list(&missing));
    let name = object.name().to_owned();
    cx.fail(object, place, message).evidence("missing", missing.join(" ")).help(HELP).alike(Alike {
        noun: "Kafka resources",
        verdict: "lack requests or limits",
        name,
        help: HELP,
    });
}
