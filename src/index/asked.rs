//! What all pods of an environment ask for together, those of databases and brokers among them.

use super::postgres::Flavor;
use super::{Budgets, pod_demand, request};
use crate::model::{Object, Quantity, WorkloadKind};
use crate::yaml::NodeRef;

/// Pods that ask for the same.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What makes them.
    pub owner: &'a Object,
    /// What each asks for.
    pub each: Quantity,
    /// How many there are at least; where the manifests do not tell, none.
    pub floor: i64,
    /// How many there are at most.
    pub ceiling: i64,
}

impl<'a> Budgets<'a> {
    /// What pods ask of a resource. Jobs end, and of agents each node has one: of those a single one counts.
    pub fn asked(&self, resource: &str) -> Vec<Asked<'a>> {
        let mut found = Vec::new();
        let mut add = |owner: &'a Object, each: Quantity, floor: Option<i64>, ceiling: Option<i64>| {
            let floor = floor.unwrap_or(0);
            found.push(Asked { owner, each, floor, ceiling: ceiling.unwrap_or(floor).max(floor) });
        };
        for workload in self.workloads() {
            let Some(template) = workload.template else { continue };
            let each = pod_demand(template, "requests", resource);
            match workload.kind {
                WorkloadKind::DaemonSet => add(workload.object, each, Some(1), Some(1)),
                WorkloadKind::Job | WorkloadKind::CronJob => {}
                _ => add(workload.object, each, workload.scale.floor, workload.scale.ceiling),
            }
        }
        let of = |resources: Option<NodeRef<'_>>| request(resources, resource).and_then(Quantity::read);
        for database in self.postgres_clusters().iter().filter(|it| it.flavor != Flavor::SelfManaged) {
            let each = of(database.object.node().at(&["spec", "resources"]));
            add(database.object, each.unwrap_or_default(), database.instances, database.instances);
        }
        for cluster in self.kafka_clusters() {
            let node = cluster.object.node();
            let of_cluster = node.at(&["spec", "kafka", "resources"]);
            if !cluster.uses_pools {
                add(cluster.object, of(of_cluster).unwrap_or_default(), cluster.brokers(), cluster.brokers());
            }
            for pool in cluster.pools.iter().filter(|_| cluster.uses_pools) {
                let each = of(pool.object.node().at(&["spec", "resources"]).or(of_cluster));
                add(pool.object, each.unwrap_or_default(), pool.scale.floor, pool.scale.ceiling);
            }
            let of_zookeeper = of(node.at(&["spec", "zookeeper", "resources"]));
            add(cluster.object, of_zookeeper.unwrap_or_default(), cluster.zookeepers(), cluster.zookeepers());
        }
        found.retain(|it| it.each.0 > 0 && it.ceiling > 0);
        found
    }
}
