//! The nodes of a cluster as the operator makes them: which template describes which pods, and what lets them go.
//!
//! Strimzi `KafkaPool.java`: before 0.49 a template of the pool stands in place of that of the cluster, as a whole;
//! since then each property of it does, and `pod` is one property.

use crate::index::kafka::{COMPONENT_LABEL, KafkaCluster, Pool};
use crate::index::{KafkaClusters, PodSetId, PodSpec, Pods};
use crate::model::{Object, Version};
use crate::yaml::NodeRef;

/// The release since which a pool's template adds to that of the cluster.
const MERGES: Version = Version::new(0, 49, 0);

/// The release since which `spec.kafka.rack` asks for no spread any more.
const RACK_SPREADS_NO_MORE: Version = Version::new(0, 49, 0);

/// Where a Kafka resource describes the pods of its brokers.
const KAFKA_POD: &[&str] = &["spec", "kafka", "template", "pod"];
/// The same for ZooKeeper.
const ZOOKEEPER_POD: &[&str] = &["spec", "zookeeper", "template", "pod"];
/// The same in a node pool.
const POOL_POD: &[&str] = &["spec", "template", "pod"];

/// Which template describes the pods of a pool.
#[derive(Clone, Copy, Debug)]
pub struct PodTemplateInEffect<'a> {
    /// The object in which it stands, or would.
    pub object: &'a Object,
    /// Where it stands, or would.
    pub keys: &'static [&'static str],
    /// The template, if it is written.
    pub node: Option<NodeRef<'a>>,
    /// Whether it depends on the operator's release, which the manifests do not tell.
    pub is_open: bool,
}

/// Nodes of one cluster that share a template.
#[derive(Clone, Debug)]
pub struct Nodes<'a> {
    /// The resource that makes them.
    pub owner: &'a Object,
    /// Their template.
    pub template: PodTemplateInEffect<'a>,
    /// The pods.
    pub pods: Vec<PodSetId>,
    /// How many there are at least, if the manifests tell.
    pub floor: Option<i64>,
    /// Where the owner describes their storage.
    pub storage: &'static [&'static str],
}

impl<'a> Nodes<'a> {
    /// What their template asks of the scheduler.
    pub fn pod_spec(&self) -> Option<PodSpec<'a>> {
        let node = self.template.node?;
        Some(PodSpec { object: self.template.object, node, pods: self.pods.clone() })
    }
}

/// Whether the operator itself asks for spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RackSpread<'a> {
    /// By this key of the nodes.
    Asked(&'a str),
    /// Not any more, or never.
    No,
    /// It depends on the operator's release.
    Open,
}

/// The template in effect for the pods of a cluster, or of a pool of it.
pub(in crate::index) fn template_of<'a>(
    cluster: &'a Object,
    pool: Option<&'a Object>,
    release: Option<Version>,
) -> PodTemplateInEffect<'a> {
    let is_merged = cluster.version() == "v1" || release.is_some_and(|it| it >= MERGES);
    if let Some((pool, template)) = pool.and_then(|it| Some((it, it.node().at(&["spec", "template"])?))) {
        let own = template.at(&["pod"]);
        if own.is_some() || (!is_merged && release.is_some()) {
            return PodTemplateInEffect { object: pool, keys: POOL_POD, node: own, is_open: false };
        }
    }
    let node = cluster.node().at(KAFKA_POD);
    let has_template = pool.is_some_and(|it| it.node().at(&["spec", "template"]).is_some());
    let is_open = has_template && node.is_some() && !is_merged;
    PodTemplateInEffect { object: cluster, keys: KAFKA_POD, node, is_open }
}

impl KafkaClusters<'_> {
    /// The operator's release, if the manifests pin it.
    pub fn kafka_release(&self) -> Option<Version> {
        self.kafka_operator().map(|it| it.release)
    }
}

impl<'a> Pods<'a> {
    /// The brokers and controllers of a cluster, by the template that describes them.
    pub fn kafka_nodes(&self, cluster: &KafkaCluster<'a>) -> Vec<Nodes<'a>> {
        let release = self.kafka_release();
        if !cluster.uses_pools {
            let template = template_of(cluster.object, None, release);
            let pods = self.component_pods(cluster.object, "kafka");
            let storage = &["spec", "kafka", "storage"];
            return vec![Nodes { owner: cluster.object, template, pods, floor: cluster.brokers(), storage }];
        }
        let used = cluster.pools.iter().filter(|it| !it.is_empty());
        used.map(|pool: &Pool<'a>| Nodes {
            owner: pool.object,
            template: template_of(cluster.object, Some(pool.object), release),
            pods: self.component_pods(pool.object, "kafka"),
            floor: pool.scale.floor,
            storage: &["spec", "storage"],
        })
        .collect()
    }

    /// The ZooKeeper nodes of a cluster.
    pub fn zookeeper_nodes(&self, cluster: &KafkaCluster<'a>) -> Nodes<'a> {
        let object = cluster.object;
        let node = object.node().at(ZOOKEEPER_POD);
        let template = PodTemplateInEffect { object, keys: ZOOKEEPER_POD, node, is_open: false };
        let pods = self.component_pods(object, "zookeeper");
        let storage = &["spec", "zookeeper", "storage"];
        Nodes { owner: object, template, pods, floor: cluster.zookeepers(), storage }
    }

    fn component_pods(&self, object: &Object, component: &str) -> Vec<PodSetId> {
        let all = self.pods_of(object).iter().copied();
        all.filter(|it| self.pods(*it).labels.get(COMPONENT_LABEL) == Some(component)).collect()
    }

    /// Whether `spec.kafka.rack` makes the operator ask for spread.
    pub fn rack_spread(&self, cluster: &KafkaCluster<'a>) -> RackSpread<'a> {
        let Some(key) = cluster.object.node().str_at(&["spec", "kafka", "rack", "topologyKey"]) else {
            return RackSpread::No;
        };
        match self.kafka_release() {
            _ if cluster.object.version() == "v1" => RackSpread::No,
            Some(release) if release >= RACK_SPREADS_NO_MORE => RackSpread::No,
            Some(_) => RackSpread::Asked(key),
            None => RackSpread::Open,
        }
    }
}
