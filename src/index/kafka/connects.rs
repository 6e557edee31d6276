//! What the workers of Kafka Connect share through Kafka: their group, and the topics in which they keep their state.
//!
//! Strimzi `KafkaConnectCluster.java` and `KafkaMirrorMaker2Cluster.java`: a field, else a key of `config`, else a
//! default; the API version v1 requires the fields.

use super::{Leads, STRIMZI};
use crate::index::{Budgets, Role};
use crate::model::{Object, Place, is_placeholder};
use crate::yaml::NodeRef;

/// What workers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shared {
    /// The group by which they find each other.
    Group,
    /// The topic of their connectors' configurations.
    Configurations,
    /// The topic of what their connectors have read.
    Offsets,
    /// The topic of their connectors' states.
    Status,
}

/// A name that workers of one Connect share.
#[derive(Clone, Debug)]
pub struct SharedName<'a> {
    /// What it names.
    pub what: Shared,
    /// The name.
    pub text: &'a str,
    /// Whether it is written; else it is the operator's default.
    pub is_written: bool,
    /// Where it is written, or else the name of the resource.
    pub place: Place,
}

/// The workers that one resource makes.
#[derive(Clone, Debug)]
pub struct Connect<'a> {
    /// The KafkaConnect or KafkaMirrorMaker2.
    pub object: &'a Object,
    /// Which Kafka keeps their state: an object of the manifests, or an address, once for each that is known.
    pub kafkas: Vec<String>,
    /// What they share.
    pub names: Vec<SharedName<'a>>,
    /// Where their settings stand: `bootstrapServers`, `config`.
    pub node: NodeRef<'a>,
}

/// The field, the key of `config`, and the default of KafkaConnect and of MirrorMaker 2.
const FIELDS: [(Shared, &str, &str, [&str; 2]); 4] = [
    (Shared::Group, "groupId", "group.id", ["connect-cluster", "mirrormaker2-cluster"]),
    (
        Shared::Configurations,
        "configStorageTopic",
        "config.storage.topic",
        ["connect-cluster-configs", "mirrormaker2-cluster-configs"],
    ),
    (
        Shared::Offsets,
        "offsetStorageTopic",
        "offset.storage.topic",
        ["connect-cluster-offsets", "mirrormaker2-cluster-offsets"],
    ),
    (
        Shared::Status,
        "statusStorageTopic",
        "status.storage.topic",
        ["connect-cluster-status", "mirrormaker2-cluster-status"],
    ),
];

impl Shared {
    /// The field of the API version v1.
    pub fn field(self) -> &'static str {
        FIELDS.iter().find(|it| it.0 == self).map_or("", |it| it.1)
    }
}

impl<'a> Budgets<'a> {
    /// The resources that run workers of Kafka Connect, in order of their kinds.
    pub fn kafka_connects(&self) -> Vec<Connect<'a>> {
        let connects = self.of_kind(STRIMZI, "KafkaConnect").filter_map(|it| {
            let spec = it.node().at(&["spec"])?;
            Some(self.read_connect(it, spec, 0))
        });
        let mirrors = self.of_kind(STRIMZI, "KafkaMirrorMaker2").filter_map(|it| {
            let spec = it.node().at(&["spec"])?;
            // Its workers keep their state in the target; before the field `target`, in the cluster of this alias.
            let own = spec.str_at(&["connectCluster"]);
            let of_alias = || spec.items_at(&["clusters"]).find(|it| own.is_some() && it.str_at(&["alias"]) == own);
            Some(self.read_connect(it, spec.at(&["target"]).or_else(of_alias)?, 1))
        });
        let runs = |it: &Connect<'_>| it.object.node().int_at(&["spec", "replicas"]) != Some(0);
        connects.chain(mirrors).filter(runs).collect()
    }

    fn read_connect(&self, object: &'a Object, node: NodeRef<'a>, kind: usize) -> Connect<'a> {
        let has_defaults = object.version() != "v1";
        let names = FIELDS.iter().filter_map(|(what, field, key, defaults)| {
            for keys in [&[*field][..], &["config", key]] {
                let Some(value) = node.at(keys).filter(|it| !it.is_null()) else { continue };
                let text = value.text();
                let place = object.place_in(node, keys);
                return (!is_placeholder(text)).then_some(SharedName { what: *what, text, is_written: true, place });
            }
            let place = object.name_place();
            has_defaults.then_some(SharedName { what: *what, text: defaults[kind], is_written: false, place })
        });
        Connect { object, kafkas: self.kafkas_at(object, node), names: names.collect(), node }
    }

    /// The Kafka that keeps the state of a Connect, and how many brokers it has.
    pub fn brokers_of_connect(&self, connect: &Connect<'a>) -> Option<(&'a Object, i64)> {
        let hosts = addresses(connect.node).map(host_of);
        let mut led = hosts.map(|host| self.kafka_address(connect.object, host));
        led.find_map(|leads| match leads {
            Leads::Brokers(kafka) | Leads::Listener(kafka, _) | Leads::Pod(kafka) if kafka.is(STRIMZI, "Kafka") => {
                let cluster = self.kafka_cluster(kafka)?;
                let is_known = !(self.environment().is_fragment && cluster.uses_pools);
                Some((kafka, cluster.brokers().filter(|_| is_known)?))
            }
            Leads::Service(service) | Leads::Pod(service) => {
                let [only] = self.pods_of_service(service) else { return None };
                let workload = self.workload_of(self.pods(*only).owner)?;
                let is_broker = workload.role == Role::Kafka && workload.kind.is_replicated();
                Some((workload.object, workload.scale.floor.filter(|_| is_broker)?))
            }
            _ => None,
        })
    }

    /// What the addresses in a node lead to, each as a text that is equal for equal clusters.
    fn kafkas_at(&self, client: &'a Object, node: NodeRef<'a>) -> Vec<String> {
        let mut found: Vec<String> = addresses(node)
            .map(|address| match self.kafka_address(client, host_of(address)) {
                Leads::Brokers(object) | Leads::Listener(object, _) | Leads::Pod(object) | Leads::Service(object) => {
                    format!("object {}", object.id().0)
                }
                Leads::Nothing(missing) => {
                    let namespace = missing.namespace.or(client.namespace()).unwrap_or_default();
                    format!("name {namespace}/{}", missing.name)
                }
                Leads::Away => format!("address {address}"),
            })
            .collect();
        found.sort();
        found.dedup();
        found
    }
}

/// The addresses in a node that can be read.
fn addresses(node: NodeRef<'_>) -> impl Iterator<Item = &str> {
    let written = node.str_at(&["bootstrapServers"]).unwrap_or_default();
    written.split(',').map(str::trim).filter(|it| !it.is_empty() && !is_placeholder(it))
}

fn host_of(address: &str) -> &str {
    address.rsplit_once(':').map_or(address, |it| it.0)
}
