//! `kafka-resources-missing`

use crate::index::KafkaCluster;
use crate::index::kafka::Mode;
use crate::model::Object;
use crate::rule::{Context, Similar, Verdict, rule};
use crate::rules::words::{is_open, list};
use crate::yaml::NodeRef;

const HELP: &str = "set requests for cpu and memory and a memory limit that equals its request: the operator takes half of it \
                    for the heap, and the page cache gets the rest";

/// Nodes of an object: where their resources are written, and how they are called.
type Part = (&'static [&'static str], String);

rule!(KafkaResourcesMissing, "kafka/kafka-resources-missing.md", |walk| walk.kafka_clusters(judge_cluster));

/// A pool without resources of its own has those of the cluster.
fn judge_cluster(cluster: &KafkaCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let object = cluster.object;
    // The API version v1 has no resources in the cluster.
    let is_shared = object.version() != "v1" && object.node().at(&["spec", "kafka", "resources"]).is_some();
    let mut inherits = !cluster.uses_pools;
    for pool in cluster.pools.iter().filter(|it| cluster.uses_pools && !it.is_empty()).map(|it| it.object) {
        if is_shared && pool.node().at(&["spec", "resources"]).is_none() {
            inherits = true;
        } else {
            let verdict = judge(pool, &[(&["spec", "resources"], pool.title())], cx);
            cx.judge(pool, verdict);
        }
    }
    let mut parts: Vec<Part> = Vec::new();
    if inherits {
        parts.push((&["spec", "kafka", "resources"], object.title()));
    }
    if cluster.mode != Mode::Kraft {
        parts.push((&["spec", "zookeeper", "resources"], format!("ZooKeeper of {}", object.title())));
    }
    judge(object, &parts, cx)
}

/// Judges the parts of an object, with one finding for all that lack something.
fn judge(object: &Object, parts: &[Part], cx: &mut Context<'_>) -> Verdict {
    let mut lacks: Vec<(&Part, Vec<String>)> = Vec::new();
    for part in parts {
        let resources = object.node().at(part.0);
        if resources.is_some_and(|it| is_open(it.text())) {
            cx.judge(object, Verdict::open("the resources are template placeholders"));
            continue;
        }
        let missing = missing(object, resources, cx);
        if missing.is_empty() {
            cx.judge(object, Verdict::Pass);
        } else {
            lacks.push((part, missing));
        }
    }
    let Some((((keys, title), missing), others)) = lacks.split_first() else { return Verdict::NotApplicable };
    let others = others.iter();
    cx.fail(object, object.place(keys), format!("{title} lacks {}", list(missing)))
        .evidence("missing", missing.join(" "))
        .help(HELP)
        .listed_with_similar(Similar {
            noun: "Kafka resources",
            verdict: "lack requests or limits",
            name: object.name().to_owned(),
            help: HELP,
        })
        .labels(others.map(|((keys, title), it)| (object.place(keys).span, format!("{title} lacks {}", list(it)))))
        .verdict()
}

/// What resources lack, unless a LimitRange gives it.
fn missing(object: &Object, resources: Option<NodeRef<'_>>, cx: &Context<'_>) -> Vec<String> {
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
    wanted.into_iter().filter(|it| !it.1).map(|it| it.0.to_owned()).collect()
}
