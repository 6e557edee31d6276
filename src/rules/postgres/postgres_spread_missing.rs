//! `postgres-spread-missing`

use crate::index::PostgresCluster;
use crate::index::postgres::Placement;
use crate::rule::{Context, Repair, Similar, Verdict, cases, rule};
use crate::rules::words::count;

const REQUIRE: &str = "with a node for each, set affinity.podAntiAffinityType: required";

cases!(PostgresSpreadMissing: PREFERRED = "preferred");

rule!(PostgresSpreadMissing, "postgres/postgres-spread-missing.md", |walk| walk.postgres_clusters(judge));

fn judge(cluster: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(instances) = cluster.instances.filter(|it| *it > 1) else {
        return Verdict::NotApplicable; // `postgres-too-few-instances` reports it.
    };
    let object = cluster.object;
    let title = object.title();
    let pods = count(instances, "instance");
    match cx.index().placement(cluster) {
        Placement::Apart => Verdict::Pass,
        Placement::Other => Verdict::NotApplicable, // `anti-affinity-missing` covers StatefulSets.
        Placement::Unknown(reason) => Verdict::open(reason),
        Placement::Preferred(place) => {
            let message = format!("{title} only prefers to keep its {pods} apart: they may share a node");
            cx.fail(object, place, message)
                .case(PREFERRED)
                .evidence("instances", instances)
                .help(REQUIRE)
                .listed_with_similar(Similar {
                    noun: "PostgreSQL databases",
                    verdict: "only prefer different nodes for their instances",
                    name: object.name().to_owned(),
                    help: REQUIRE,
                })
                .verdict()
        }
        Placement::Together(place, why, span) => {
            let message = format!("nothing keeps the {pods} of {title} apart: {why}");
            let keys = &["spec", "affinity", "enablePodAntiAffinity"];
            let is_off = object.node().bool_at(keys) == Some(false);
            let repair =
                is_off.then(|| Repair::new().remove(object, keys).effect(format!("restarts the {pods} of {title}")));
            cx.fail(object, place, message)
                .evidence("instances", instances)
                .fix(repair)
                .help(help(object.group()))
                .labels(span.map(|it| (it, "the operator's configuration")))
                .verdict()
        }
    }
}

fn help(group: &str) -> &'static str {
    match group {
        crate::index::postgres::ZALANDO => {
            "set enable_pod_antiaffinity: true in the operator's configuration, or topologySpreadConstraints in the cluster"
        }
        crate::index::postgres::CRUNCHY => {
            "remove it, or give each instance set an affinity or topologySpreadConstraints of its own"
        }
        _ => "remove it: one node that fails then takes the primary and its standbys along",
    }
}
