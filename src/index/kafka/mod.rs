//! One model of a Strimzi Kafka cluster: mode, node pools, and how many nodes play each part.

pub mod connects;
pub mod consumers;
pub mod creations;
pub mod entity_operator;
pub mod operator;
pub mod releases;
pub mod retention;
pub mod settings;
pub mod topics;

use crate::index::objects::neighbours::Neighbours;
use crate::index::{Objects, Scale, ScaledBy, floor_place};
use crate::model::{Object, ObjectId, Place, Version, products};
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

pub use operator::StrimziOperators;

mod addresses;
mod authorization;
mod backup;
mod cleaner;
mod clients;
mod metrics;
mod near_brokers;
mod nodes;

pub use crate::model::products::STRIMZI;
pub use addresses::{LONGEST_HOST, Leads, Missing};
pub use cleaner::Cleaner;
pub use clients::{Address, Bootstrap};
pub use metrics::{JmxRules, RulesIn, RulesRef};
pub(in crate::index) use near_brokers::NearBrokers;
pub(in crate::index) use nodes::template_of;
pub use nodes::{Nodes, PodTemplateInEffect, RackSpread};

/// Whether the pods of a kind are Kafka's own nodes; those of Connect, Bridge and MirrorMaker are clients.
pub fn is_node_kind(group: &str, kind: &str) -> bool {
    matches!((group, kind), (STRIMZI, "Kafka" | "KafkaNodePool") | (products::STRIMZI_CORE, "StrimziPodSet"))
}

/// The label by which a node pool names its cluster.
pub const CLUSTER_LABEL: &str = "strimzi.io/cluster";

/// The label that all pods of one component of a cluster share.
pub(super) const NAME_LABEL: &str = "strimzi.io/name";

/// The label by which a pod of Strimzi says what it is.
pub(in crate::index) const COMPONENT_LABEL: &str = "strimzi.io/component-type";

/// Who keeps the cluster's metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A ZooKeeper ensemble.
    ZooKeeper,
    /// Kafka's own controllers.
    Kraft,
    /// Both, while it migrates from one to the other.
    Migration,
}

impl Mode {
    /// A word for tables.
    pub fn name(self) -> &'static str {
        match self {
            Mode::ZooKeeper => "ZooKeeper",
            Mode::Kraft => "KRaft",
            Mode::Migration => "migration",
        }
    }
}

/// The operator that will reconcile the clusters, as far as the manifests pin it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The pinned release.
    pub release: Version,
    /// Where it is pinned.
    pub span: Span,
}

/// A node pool of a cluster.
#[derive(Clone, Copy, Debug)]
pub struct Pool<'a> {
    /// The KafkaNodePool.
    pub object: &'a Object,
    /// Its nodes.
    pub scale: Scale<'a>,
    /// Whether its nodes are brokers.
    pub is_broker: bool,
    /// Whether its nodes are controllers.
    pub is_controller: bool,
}

impl Pool<'_> {
    /// Whether it is written to have no nodes. One that an autoscaler may empty has nodes at times.
    pub fn is_empty(&self) -> bool {
        self.scale.ceiling == Some(0)
    }

    /// Whether an autoscaler sets its number of nodes.
    pub fn is_autoscaled(&self) -> bool {
        matches!(self.scale.by, ScaledBy::Hpa(_) | ScaledBy::Keda(_))
    }

    /// Where the least number of its nodes is written, or would be.
    pub fn place(&self) -> Place {
        match self.scale.by {
            ScaledBy::Hpa(scaler) | ScaledBy::Keda(scaler) => floor_place(scaler).0,
            _ => self.object.place(&["spec", "replicas"]),
        }
    }
}

/// A Kafka cluster that Strimzi runs.
#[derive(Clone, Debug)]
pub struct KafkaCluster<'a> {
    /// The Kafka resource.
    pub object: &'a Object,
    /// Who keeps the metadata.
    pub mode: Mode,
    /// Whether node pools describe the nodes, and `spec.kafka.replicas` is ignored.
    pub uses_pools: bool,
    /// The pools of the cluster, in order, also where they are ignored.
    pub pools: Vec<Pool<'a>>,
    /// The operator, if the environment pins one.
    pub operator: Option<Operator>,
}

impl<'a> KafkaCluster<'a> {
    /// The broker pools.
    pub fn broker_pools(&self) -> impl Iterator<Item = &Pool<'a>> {
        self.pools.iter().filter(|it| it.is_broker)
    }

    /// The controller pools.
    pub fn controller_pools(&self) -> impl Iterator<Item = &Pool<'a>> {
        self.pools.iter().filter(|it| it.is_controller)
    }

    /// Whether it is written to run no nodes at all.
    pub fn is_switched_off(&self) -> bool {
        if self.uses_pools {
            return !self.pools.is_empty() && self.pools.iter().all(Pool::is_empty);
        }
        self.object.node().int_at(&["spec", "kafka", "replicas"]) == Some(0)
    }

    /// How many brokers there are at least; `None` if a number is a template placeholder.
    pub fn brokers(&self) -> Option<i64> {
        if self.uses_pools {
            return self.broker_pools().map(|it| it.scale.floor).sum();
        }
        self.object.node().at(&["spec", "kafka", "replicas"]).map_or(Some(0), NodeRef::as_int)
    }

    /// How many KRaft controllers there are at least.
    pub fn controllers(&self) -> Option<i64> {
        self.controller_pools().map(|it| it.scale.floor).sum()
    }

    /// How many ZooKeeper nodes there are.
    pub fn zookeepers(&self) -> Option<i64> {
        self.object.node().at(&["spec", "zookeeper", "replicas"]).map_or(Some(0), NodeRef::as_int)
    }
}

impl Objects<'_> {
    /// Whether an object installs the operator by its chart: the operator's own pods, and no clusters.
    pub fn installs_operator(object: &Object) -> bool {
        let spec = object.node();
        let charts = [spec.at(&["spec", "chart", "spec"]), spec.at(&["spec", "source"])];
        charts.into_iter().flatten().any(|it| it.str_at(&["chart"]) == Some(products::STRIMZI_CHART))
    }
}

impl<'a> StrimziOperators<'a> {
    pub(super) fn read_kafka_clusters(&self) -> Vec<KafkaCluster<'a>> {
        self.of_kind(STRIMZI, "Kafka").map(|it| self.read_kafka_cluster(it, self.strimzi_operator(it))).collect()
    }

    fn read_kafka_cluster(&self, object: &'a Object, operator: Option<Operator>) -> KafkaCluster<'a> {
        let pools: Vec<Pool<'a>> = self.pools_of(object);
        let release = operator.as_ref().map(|it| it.release);
        let has_zookeeper = object.node().at(&["spec", "zookeeper"]).is_some();
        let annotated =
            |key: &str, value: &str| object.annotation(key).is_some_and(|it| it.eq_ignore_ascii_case(value));
        let kraft = |value| annotated("strimzi.io/kraft", value);
        let is_v1 = object.version() == "v1";
        // Kafka without ZooKeeper in its spec has been KRaft in every release that accepts it.
        let is_kraft = is_v1
            || release.is_some_and(|it| it >= Version::new(0, 46, 0))
            || kraft("enabled")
            || (!has_zookeeper && (release.is_none() || pools.iter().any(|it| it.is_controller)));
        let mode = if kraft("migration") || kraft("rollback") {
            Mode::Migration
        } else if is_kraft {
            Mode::Kraft
        } else {
            Mode::ZooKeeper
        };
        let uses_pools = is_v1
            || annotated("strimzi.io/node-pools", "enabled")
            || release.is_some_and(|it| it >= Version::new(0, 48, 0))
            || (!has_zookeeper && !pools.is_empty())
            || (mode == Mode::Kraft && object.node().at(&["spec", "kafka", "replicas"]).is_none());
        KafkaCluster { object, mode, uses_pools, pools, operator }
    }

    /// The pools whose label names this cluster.
    fn pools_of(&self, cluster: &Object) -> Vec<Pool<'a>> {
        let mut pools = self.look_up(&self.pools, cluster, (STRIMZI, "Kafka", cluster.name()));
        pools.sort_by_key(|it| it.name_span());
        pools
            .into_iter()
            .map(|object| {
                let has = |role: &str| object.node().items_at(&["spec", "roles"]).any(|it| it.text() == role);
                Pool {
                    object,
                    scale: self.scale_of(object),
                    is_broker: has("broker"),
                    is_controller: has("controller"),
                }
            })
            .collect()
    }

    /// The release of the operator that looks after a cluster. Two different ones are no evidence.
    fn strimzi_operator(&self, cluster: &Object) -> Option<Operator> {
        let mut found: Option<Operator> = None;
        for installation in self.strimzi_installations_of(cluster) {
            let operator = Operator { release: installation.release()?, span: installation.span };
            if found.as_ref().is_some_and(|it| it.release != operator.release) {
                return None;
            }
            found.get_or_insert(operator);
        }
        found.or_else(|| self.configured_strimzi().map(|(release, span)| Operator { release, span }))
    }
}

/// The seventh stage: the Kafka clusters that Strimzi runs.
pub struct KafkaClusters<'a> {
    operators: StrimziOperators<'a>,
    clusters: Vec<KafkaCluster<'a>>,
    by_object: HashMap<ObjectId, usize>,
    /// The names of all ConfigMaps that anything refers to.
    used_config_maps: OnceLock<HashSet<String>>,
    /// The ConfigMaps that hold metrics rules for brokers.
    broker_rules: OnceLock<Neighbours>,
}

crate::index::stands_on!(KafkaClusters, operators: StrimziOperators);

impl<'a> KafkaClusters<'a> {
    /// Reads the clusters.
    pub(super) fn new(operators: StrimziOperators<'a>) -> KafkaClusters<'a> {
        let clusters = operators.read_kafka_clusters();
        let by_object = clusters.iter().enumerate().map(|(at, it)| (it.object.id(), at));
        KafkaClusters {
            by_object: by_object.collect(),
            clusters,
            operators,
            used_config_maps: OnceLock::new(),
            broker_rules: OnceLock::new(),
        }
    }

    /// The Kafka resource that a node pool belongs to.
    pub fn cluster_of_pool(&self, pool: &Object) -> Option<&'a Object> {
        self.find(pool, STRIMZI, "Kafka", pool.label(CLUSTER_LABEL)?)
    }

    /// The operator that the environment pins, if there is a cluster for it to run.
    pub fn kafka_operator(&self) -> Option<&Operator> {
        self.clusters.first()?.operator.as_ref()
    }

    /// The Strimzi clusters, in order.
    pub fn kafka_clusters(&self) -> &[KafkaCluster<'a>] {
        &self.clusters
    }

    /// The cluster that a Kafka resource describes.
    pub fn kafka_cluster(&self, object: &Object) -> Option<&KafkaCluster<'a>> {
        self.by_object.get(&object.id()).map(|at| &self.clusters[*at])
    }

    /// Whether a node pool belongs to a cluster that does not use pools.
    pub fn is_ignored_pool(&self, pool: &Object) -> bool {
        let name = pool.label(CLUSTER_LABEL).unwrap_or_default();
        let cluster = self.find(pool, STRIMZI, "Kafka", name);
        cluster.and_then(|it| self.kafka_cluster(it)).is_some_and(|it| !it.uses_pools)
    }

    /// The node pools that name no cluster of their namespace, in order.
    pub fn stray_pools(&self) -> impl Iterator<Item = &'a Object> {
        self.of_kind(STRIMZI, "KafkaNodePool").filter(|pool| {
            pool.label(CLUSTER_LABEL).is_none_or(|name| self.find(pool, STRIMZI, "Kafka", name).is_none())
        })
    }
}
