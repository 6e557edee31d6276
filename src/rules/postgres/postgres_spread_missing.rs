//! `postgres-spread-missing`

use crate::index::PostgresCluster;
use crate::index::postgres::Placement;
use crate::rule::{Context, NoParams, Rule, Similar, Walk, cases};
use crate::rules::words::count;

pub(crate) struct PostgresSpreadMissing;

const REQUIRE: &str = "with a node for each, set affinity.podAntiAffinityType: required";

cases!(PostgresSpreadMissing: PREFERRED = "preferred");

impl Rule for PostgresSpreadMissing {
    const PAGE: &'static str = include_str!("../../../rules/postgres/postgres-spread-missing.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for cluster in cx.index().postgres_clusters() {
                match cluster.instances {
                    Some(instances) if instances > 1 => check_cluster(cluster, instances, cx),
                    _ => {} // `postgres-too-few-instances` reports it.
                }
            }
        });
    }
}

fn check_cluster(cluster: &PostgresCluster<'_>, instances: i64, cx: &mut Context<'_>) {
    let object = cluster.object;
    let title = object.title();
    match cx.index().placement(cluster) {
        Placement::Apart => cx.pass(object),
        Placement::Other => {} // `anti-affinity-missing` covers StatefulSets.
        Placement::Unknown(reason) => cx.not_verifiable(object, reason),
        Placement::Preferred(place) => {
            let message = format!(
                "{title} only prefers to keep its {} apart: they may share a node",
                count(instances, "instance")
            );
            cx.fail(object, place, message)
                .case(PREFERRED)
                .evidence("instances", instances)
                .help(REQUIRE)
                .listed_with_similar(Similar {
                    noun: "PostgreSQL databases",
                    verdict: "only prefer different nodes for their instances",
                    name: object.name().to_owned(),
                    help: REQUIRE,
                });
        }
        Placement::Together(place, why, span) => {
            let message = format!("nothing keeps the {} of {title} apart: {why}", count(instances, "instance"));
            let draft = cx.fail(object, place, message).evidence("instances", instances).help(help(object.group()));
            if let Some(span) = span {
                draft.label(span, "the operator's configuration");
            }
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
