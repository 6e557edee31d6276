//! `quorum-on-spot`

use crate::index::postgres::Flavor;
use crate::index::{Index, Role, Workload};
use crate::model::{NodeDemand, Object, PodTemplate, WorkloadKind, node_demand};
use crate::rule::{Context, NoParams, Rule, Walk};
use crate::yaml::NodeRef;

pub(crate) struct QuorumOnSpot;

/// Labels of nodes whose machines the provider may take back, with the value that says so.
const SPOT: &[(&str, &str)] = &[
    ("karpenter.sh/capacity-type", "spot"),
    ("eks.amazonaws.com/capacityType", "SPOT"),
    ("cloud.google.com/gke-spot", "true"),
    ("cloud.google.com/gke-preemptible", "true"),
    ("cloud.google.com/gke-provisioning", "spot"),
    ("cloud.google.com/gke-provisioning", "preemptible"),
    ("kubernetes.azure.com/scalesetpriority", "spot"),
    ("node.kubernetes.io/lifecycle", "spot"),
    ("lifecycle", "Ec2Spot"),
    ("lifecycle", "spot"),
];

impl Rule for QuorumOnSpot {
    const PAGE: &'static str = include_str!("../../../rules/scheduling/quorum-on-spot.md");
    type Params = NoParams;

    fn check(_: &NoParams, walk: &mut Walk<'_, '_>) {
        walk.environment(|cx| {
            for pinned in pinned(cx.index()) {
                report(&pinned, cx);
            }
        });
    }
}

/// Pods that keep data, and the label that all their nodes must have.
struct Pinned<'a> {
    object: &'a Object,
    what: &'static str,
    demand: NodeDemand<'a>,
}

fn pinned<'a>(index: &Index<'a>) -> Vec<Pinned<'a>> {
    let mut found = Vec::new();
    for cluster in index.kafka_clusters().iter().filter(|it| !it.is_switched_off()) {
        let nodes = index.kafka_nodes(cluster);
        let demands: Vec<_> = nodes.iter().map(|it| (it.template.object, it.template.node.and_then(spot))).collect();
        // Of several pools some may be taken back, if the others hold.
        if demands.iter().all(|it| it.1.is_some())
            && let Some((object, Some(demand))) = demands.first().copied()
        {
            found.push(Pinned { object, what: "all nodes of Kafka", demand });
        }
        let zookeeper = index.zookeeper_nodes(cluster);
        let demand = zookeeper.template.node.and_then(spot);
        found.extend(demand.map(|demand| Pinned { object: cluster.object, what: "all servers of ZooKeeper", demand }));
    }
    for database in index.postgres_clusters().iter().filter(|it| it.flavor == Flavor::Cnpg) {
        // Its own section has the shape of a pod's, but for the level that a pod calls affinity.
        let affinity = database.object.node().at(&["spec", "affinity"]);
        let demand = affinity.and_then(|it| spot(it).or_else(|| node_demand_of_cnpg(it)));
        found.extend(demand.map(|demand| Pinned {
            object: database.object,
            what: "all instances of PostgreSQL",
            demand,
        }));
    }
    for workload in index.workloads().iter().filter(|it| keeps_data(it) && !it.is_switched_off()) {
        let spec = workload.template.and_then(PodTemplate::spec);
        let demand = spec.and_then(spot);
        found.extend(demand.map(|demand| Pinned { object: workload.object, what: "all of its pods", demand }));
    }
    found
}

fn node_demand_of_cnpg(affinity: NodeRef<'_>) -> Option<NodeDemand<'_>> {
    crate::model::node_demand_of_terms(
        affinity.items_at(&["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"]),
        is_spot,
    )
}

fn spot(spec: NodeRef<'_>) -> Option<NodeDemand<'_>> {
    node_demand(spec, is_spot)
}

fn is_spot(demand: &NodeDemand<'_>) -> bool {
    SPOT.iter().any(|(key, value)| *key == demand.key && demand.is_just(value))
}

/// Databases and brokers that no operator runs, and other stores with volumes of their own.
fn keeps_data(workload: &Workload<'_>) -> bool {
    match workload.role {
        Role::Postgres | Role::Kafka | Role::ZooKeeper => true,
        Role::Datastore => {
            let mut claims = workload.object.node().items_at(&["spec", "volumeClaimTemplates"]);
            workload.kind == WorkloadKind::StatefulSet && claims.next().is_some()
        }
        _ => false,
    }
}

fn report(pinned: &Pinned<'_>, cx: &mut Context<'_>) {
    let Pinned { object, what, demand } = *pinned;
    let value = demand.values[0].map(|it| format!(": {it}")).unwrap_or_default();
    let message = format!(
        "{} puts {what} on machines that the provider may take back at any time ({}{value})",
        object.title(),
        demand.key
    );
    cx.fail(object, object.place_in(demand.at, &[demand.shown]), message).help(
        "several go at once when the market turns, with minutes of notice and no budget asked: run what keeps data on \
         machines that stay, or spread it over pools of both kinds",
    );
}
