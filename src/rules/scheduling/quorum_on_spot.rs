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
    if let Some(first) = nodes.first() {
        let demand = of_all(nodes.iter().map(|it| it.template.node.and_then(spot)));
        let verdict = judge(first.template.object, "all nodes of Kafka", demand, cx);
        cx.judge(first.template.object, verdict);
    }
    let of_zookeeper = index.zookeeper_nodes(cluster).template.node.and_then(spot);
    judge(cluster.object, "all servers of ZooKeeper", of_zookeeper, cx)
}

/// Of several pools or sets some may be taken back, if the others hold.
fn of_all<'a>(demands: impl Iterator<Item = Option<NodeDemand<'a>>>) -> Option<NodeDemand<'a>> {
    let demands: Vec<NodeDemand<'a>> = demands.collect::<Option<_>>()?;
    demands.iter().find(|it| it.is_open()).or_else(|| demands.first()).copied()
}

fn judge_database(database: &PostgresCluster<'_>, cx: &mut Context<'_>) -> Verdict {
    let spec = database.object.node();
    let demand = match database.flavor {
        // Its own section has the shape of a pod's, but for the level that a pod calls affinity.
        Flavor::Cnpg => spec.at(&["spec", "affinity"]).and_then(|it| spot(it).or_else(|| spot_of_affinity(it))),
        Flavor::Zalando => spec.at(&["spec"]).and_then(spot_of_affinity),
        // Crunchy's sets of instances, which Percona's edition shares.
        _ => of_all(spec.items_at(&["spec", "instances"]).map(spot)),
    };
    judge(database.object, "all instances of PostgreSQL", demand, cx)
}

fn judge_workload(workload: &Workload<'_>, cx: &mut Context<'_>) -> Verdict {
    if !keeps_data(workload) || workload.is_switched_off() {
        return Verdict::NotApplicable;
    }
    let demand = workload.template.and_then(PodTemplate::spec).and_then(spot);
    judge(workload.object, "all of its pods", demand, cx)
}

/// The demand of a section that has `nodeAffinity` without the level above it.
fn spot_of_affinity(section: NodeRef<'_>) -> Option<NodeDemand<'_>> {
    let keys = ["nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
    certain_or_open(|fits| node_demand_of_terms(section.items_at(&keys), fits))
}

fn spot(spec: NodeRef<'_>) -> Option<NodeDemand<'_>> {
    certain_or_open(|fits| node_demand(spec, fits))
}

/// A demand that means such machines, or else one that may when it is filled in.
fn certain_or_open<'a>(
    find: impl Fn(&dyn Fn(&NodeDemand<'a>) -> bool) -> Option<NodeDemand<'a>>,
) -> Option<NodeDemand<'a>> {
    find(&is_spot).or_else(|| find(&|it| is_spot(it) || it.is_open() && SPOT.iter().any(|(key, _)| *key == it.key)))
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
    if demand.is_open() {
        return Verdict::open(format!("the value of {} is a template placeholder", demand.key));
    }
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
