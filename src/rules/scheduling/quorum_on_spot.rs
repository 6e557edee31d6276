//! `quorum-on-spot`

use crate::index::postgres::Flavor;
use crate::index::{KafkaCluster, PostgresCluster, Role, Workload};
use crate::model::{NodeDemand, Object, PodTemplate, WorkloadKind, node_demand, node_demand_of_terms};
use crate::rule::{Context, Verdict, rule};
use crate::yaml::NodeRef;

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

rule!(QuorumOnSpot, "scheduling/quorum-on-spot.md", |walk| {
    walk.kafka_clusters(judge_kafka);
    walk.postgres_clusters(judge_database);
    walk.workloads(judge_workload);
});

fn judge_kafka<'a>(cluster: &'a KafkaCluster<'a>, cx: &mut Context<'a>) -> Verdict {
    let index = cx.index();
    if cluster.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let nodes = index.kafka_nodes(cluster);
    let demands: Vec<_> = nodes.iter().map(|it| (it.template.object, it.template.node.and_then(spot))).collect();
    // Of several pools some may be taken back, if the others hold.
    if let [(object, demand), ..] = demands.as_slice() {
        let demand = demand.filter(|_| demands.iter().all(|it| it.1.is_some()));
        let verdict = judge(object, "all nodes of Kafka", demand, cx);
        cx.judge(object, verdict);
    }
    let of_zookeeper = index.zookeeper_nodes(cluster).template.node.and_then(spot);
    judge(cluster.object, "all servers of ZooKeeper", of_zookeeper, cx)
}

fn judge_database(database: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    // Its own section has the shape of a pod's, but for the level that a pod calls affinity.
    let affinity = database.object.node().at(&["spec", "affinity"]).filter(|_| database.flavor == Flavor::Cnpg);
    let demand = affinity.and_then(|it| spot(it).or_else(|| node_demand_of_cnpg(it)));
    judge(database.object, "all instances of PostgreSQL", demand, cx)
}

fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    if !keeps_data(workload) || workload.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let demand = workload.template.and_then(PodTemplate::spec).and_then(spot);
    judge(workload.object, "all of its pods", demand, cx)
}

fn node_demand_of_cnpg(affinity: NodeRef<'_>) -> Option<NodeDemand<'_>> {
    node_demand_of_terms(
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

/// Judges pods that keep data by the label of machines that come and go, if all their nodes must have one.
fn judge(object: &Object, what: &str, demand: Option<NodeDemand<'_>>, cx: &mut Context<'_>) -> Verdict {
    let Some(demand) = demand else { return Verdict::Pass };
    let value = demand.values[0].map(|it| format!(": {it}")).unwrap_or_default();
    let message = format!(
        "{} puts {what} on machines that the provider may take back at any time ({}{value})",
        object.title(),
        demand.key
    );
    let help = "several go at once when the market turns, with minutes of notice and no budget asked: run what keeps \
                data on machines that stay, or spread it over pools of both kinds";
    cx.fail(object, object.place_in(demand.at, &[demand.shown]), message).help(help).verdict()
}
