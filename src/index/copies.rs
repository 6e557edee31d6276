//! How many copies of its data an application keeps, as far as manifests tell.

use crate::index::kafka::{CLUSTER_LABEL, STRIMZI};
use crate::index::{KafkaCluster, Objects, PostgresCluster, Role, Workload};
use crate::model::{Container, ObjectId};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// How many copies of its data an application keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Copies {
    /// One, and why.
    One(String),
    /// More than one.
    Several,
    /// It runs so many pods, of which nothing says whether they copy their data to each other.
    Unsaid(i64),
    /// The manifests do not tell.
    Unknown,
}

impl Copies {
    /// One copy a node.
    fn of_number(number: Option<i64>, one: &str) -> Copies {
        match number {
            Some(1) => Copies::One(format!("1 {one}")),
            Some(0) | None => Copies::Unknown,
            Some(_) => Copies::Several,
        }
    }
}

/// What is asked of many objects at once.
#[derive(Debug, Default)]
pub struct CopyFacts<'a> {
    /// By Kafka, the first of its topics with a single copy.
    single_topics: HashMap<ObjectId, &'a str>,
    /// Servers that may be members of one cluster: how many workloads, and how many pods.
    members: HashMap<Group<'a>, (usize, Option<i64>)>,
}

/// Namespace, role, and what tells two clusters of it apart.
type Group<'a> = (Option<&'a str>, Role, &'a str, Option<&'a str>);

impl<'a> CopyFacts<'a> {
    pub(super) fn read(objects: &Objects<'a>, workloads: &[Workload<'a>]) -> CopyFacts<'a> {
        let mut facts = CopyFacts::default();
        for topic in objects.of_kind(STRIMZI, "KafkaTopic") {
            let cluster = topic.label(CLUSTER_LABEL).and_then(|it| objects.find(topic, STRIMZI, "Kafka", it));
            let Some(cluster) = cluster else { continue };
            let replicas = topic.node().at(&["spec", "replicas"]).or_else(|| default_factor(cluster.node()));
            if replicas.and_then(NodeRef::as_int) == Some(1) {
                facts.single_topics.entry(cluster.id()).or_insert(topic.name());
            }
        }
        for workload in workloads {
            if let Some(group) = group(workload) {
                let (members, pods) = facts.members.entry(group).or_insert((0, Some(0)));
                *members += 1;
                *pods = pods.zip(workload.scale.floor).map(|(sum, floor)| sum + floor);
            }
        }
        facts
    }
}

impl CopyFacts<'_> {
    /// The copies that the brokers of a Strimzi cluster keep of every partition.
    pub fn of_brokers(&self, cluster: &KafkaCluster<'_>) -> Copies {
        let brokers = Copies::of_number(cluster.brokers(), "broker");
        if brokers != Copies::Several {
            return brokers;
        }
        if default_factor(cluster.object.node()).and_then(NodeRef::as_int) == Some(1) {
            return Copies::One("default.replication.factor 1".to_owned());
        }
        let topic = self.single_topics.get(&cluster.object.id());
        topic.map_or(Copies::Several, |it| Copies::One(format!("KafkaTopic {it} has 1 replica")))
    }

    /// The copies that the `ZooKeeper` nodes of a Strimzi cluster keep of its metadata.
    pub fn of_zookeepers(&self, cluster: &KafkaCluster<'_>) -> Copies {
        Copies::of_number(cluster.zookeepers(), "ZooKeeper node")
    }

    /// The copies that the controllers of a Strimzi cluster keep of its metadata.
    pub fn of_controllers(&self, cluster: &KafkaCluster<'_>) -> Copies {
        Copies::of_number(cluster.controllers(), "controller")
    }

    /// The copies of a database that an operator runs. One that follows another is a copy itself.
    pub fn of_database(&self, database: &PostgresCluster<'_>) -> Copies {
        if database.is_standby { Copies::Several } else { Copies::of_number(database.instances, "instance") }
    }

    /// The copies that a workload's pods keep, each on volumes of its own.
    pub fn of_workload(&self, workload: &Workload<'_>) -> Copies {
        let Some(floor) = workload.scale.floor.map(|it| it.max(1)) else { return Copies::Unknown };
        let is_store = workload.role.is_store();
        if floor > 1 {
            return if is_store { Copies::Several } else { Copies::Unsaid(floor) };
        }
        let members = group(workload).and_then(|it| self.members.get(&it));
        match (members, workload.role) {
            // Brokers and ensembles are often one workload a server.
            (Some((2.., pods)), Role::Kafka | Role::ZooKeeper | Role::Postgres) => Copies::of_number(*pods, "pod"),
            (Some((2.., _)), _) => Copies::Unknown,
            _ => Copies::One("1 pod".to_owned()),
        }
    }
}

/// The cluster that a server may belong to together with others.
fn group<'a>(workload: &Workload<'a>) -> Option<Group<'a>> {
    let object = workload.object;
    let release = object.label("app.kubernetes.io/instance");
    let namespace = object.namespace();
    match workload.role {
        Role::Kafka | Role::ZooKeeper => Some((namespace, workload.role, "", None)),
        // Two databases of one release are its primary and its standby.
        Role::Postgres => release.map(|it| (namespace, workload.role, "", Some(it))),
        Role::Datastore => {
            let image = workload.containers().map(Container::image_name).next().unwrap_or_default();
            Some((namespace, workload.role, image, release))
        }
        _ => None,
    }
}

/// The copies of a topic that does not say how many it wants, if the cluster's configuration writes it.
fn default_factor(kafka: NodeRef<'_>) -> Option<NodeRef<'_>> {
    kafka.at(&["spec", "kafka", "config"])?.get("default.replication.factor")
}
