//! How many nodes the cluster has, as far as manifests tell.

pub(in crate::index) mod domains;
pub(in crate::index) mod labels;
pub(in crate::index) mod topology;
pub(in crate::index) mod zones;

use crate::index::{Domains, Objects, Workloads};
use crate::model::{Object, Place, products, whole_number};
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// What makes the nodes that a manifest describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeMaker {
    /// kind: containers on one machine.
    Kind,
    /// k3d: containers on one machine.
    K3d,
    /// eksctl, for Amazon EKS.
    Eksctl,
    /// Cluster API.
    ClusterApi,
    /// kOps.
    Kops,
    /// The nodes themselves.
    Nodes,
}

impl NodeMaker {
    /// Whether all its nodes are containers on one machine.
    pub fn is_one_machine(self) -> bool {
        matches!(self, NodeMaker::Kind | NodeMaker::K3d)
    }
}

/// There is one node: where the manifests say so, if not the configuration does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SingleNode(pub Option<Span>);

/// A number of nodes that may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeRange {
    /// At least; `None` if the manifests do not tell.
    pub least: Option<i64>,
    /// At most.
    pub most: Option<i64>,
}

impl NodeRange {
    fn exactly(count: i64) -> NodeRange {
        NodeRange { least: Some(count), most: Some(count) }
    }

    fn plus(self, other: NodeRange) -> NodeRange {
        let sum = |one: Option<i64>, other: Option<i64>| one.zip(other).map(|(one, other)| one.saturating_add(other));
        NodeRange { least: sum(self.least, other.least), most: sum(self.most, other.most) }
    }
}

/// What manifests say of one cluster's nodes on which ordinary pods may run.
#[derive(Clone, Debug)]
pub struct NodeEvidence<'a> {
    /// The object that says it, or the first of those that do.
    pub object: &'a Object,
    /// What makes the nodes.
    pub maker: NodeMaker,
    /// How messages name the cluster.
    pub title: String,
    /// How many nodes take ordinary pods.
    pub nodes: NodeRange,
    /// Where the number is written, or would be.
    pub place: Place,
    /// What adds to the number, or does not, with its place.
    pub parts: Vec<(Span, String)>,
}

impl<'a> NodeEvidence<'a> {
    fn new(object: &'a Object, maker: NodeMaker, title: String) -> Self {
        let place = object.name_place();
        NodeEvidence { object, maker, title, nodes: NodeRange::exactly(0), place, parts: Vec::new() }
    }

    /// Adds nodes that are written at a place.
    fn add(&mut self, range: NodeRange, place: Place, text: String) {
        let span = place.span;
        if self.parts.is_empty() {
            self.place = place;
        }
        self.nodes = self.nodes.plus(range);
        self.parts.push((span, text));
    }
}

impl<'a> Objects<'a> {
    fn cluster_api(&self) -> Vec<NodeEvidence<'a>> {
        const GROUP: &str = products::CLUSTER_API;
        let mut found: BTreeMap<(Option<&str>, &str), NodeEvidence<'a>> = BTreeMap::new();
        for cluster in self.of_kind(GROUP, "Cluster") {
            for list in ["machineDeployments", "machinePools"] {
                for part in cluster.node().items_at(&["spec", "topology", "workers", list]) {
                    let evidence = found
                        .entry((cluster.namespace(), cluster.name()))
                        .or_insert_with(|| cluster_api_evidence(cluster, cluster.name()));
                    // Without a number the controller leaves it to whoever scales.
                    let range = machine_range(part, part.int_at(&["replicas"]));
                    let name = part.str_at(&["name"]).unwrap_or(list);
                    evidence.add(range, cluster.place_in(part, &["replicas"]), format!("{name}: {}", describe(range)));
                }
            }
        }
        for kind in ["MachineDeployment", "MachinePool"] {
            for object in self.of_kind(GROUP, kind) {
                let Some(cluster) = object.node().str_at(&["spec", "clusterName"]) else { continue };
                let evidence =
                    found.entry((object.namespace(), cluster)).or_insert_with(|| cluster_api_evidence(object, cluster));
                let replicas = object.node().at(&["spec", "replicas"]).map_or(Some(1), NodeRef::as_int);
                let range = machine_range(object.node(), replicas);
                let text = format!("{}: {}", object.title(), describe(range));
                evidence.add(range, object.place(&["spec", "replicas"]), text);
            }
        }
        found.into_values().collect()
    }

    fn kops(&self) -> Vec<NodeEvidence<'a>> {
        let mut found: BTreeMap<&str, NodeEvidence<'a>> = BTreeMap::new();
        for group in self.of_kind(products::KOPS, "InstanceGroup") {
            if group.node().str_at(&["spec", "role"]) != Some("Node") {
                continue;
            }
            let cluster = group.label("kops.k8s.io/cluster").unwrap_or_default();
            let evidence = found
                .entry(cluster)
                .or_insert_with(|| NodeEvidence::new(group, NodeMaker::Kops, format!("kOps cluster {cluster}")));
            let size = |key: &str| group.node().int_at(&["spec", key]);
            let range = NodeRange { least: size("minSize"), most: size("maxSize").or(size("minSize")) };
            evidence.add(range, group.place(&["spec", "minSize"]), format!("{}: {}", group.title(), describe(range)));
        }
        found.into_values().collect()
    }

    fn nodes(&self) -> Option<NodeEvidence<'a>> {
        let first = self.of_kind("", "Node").next()?;
        let mut evidence = NodeEvidence::new(first, NodeMaker::Nodes, "the cluster".to_owned());
        for node in self.of_kind("", "Node") {
            let takes_pods = takes_pods(node);
            let text = if takes_pods { "takes pods" } else { "takes no ordinary pods" };
            evidence.add(
                NodeRange::exactly(i64::from(takes_pods)),
                node.name_place(),
                format!("{} {text}", node.title()),
            );
        }
        Some(evidence)
    }
}

impl<'a> Workloads<'a> {
    fn read_node_evidence(&self) -> Vec<NodeEvidence<'a>> {
        let mut found: Vec<NodeEvidence<'a>> = self.of_kind(products::KIND, "Cluster").map(kind).collect();
        found.extend(self.of_kind(products::K3D, "Simple").map(k3d));
        found.extend(self.of_kind(products::EKSCTL, "ClusterConfig").map(eksctl));
        found.extend(self.cluster_api());
        found.extend(self.kops());
        found.extend(self.nodes());
        // What scales nodes adds them when pods wait.
        if self.node_autoscaler().is_some() {
            for evidence in found.iter_mut().filter(|it| !it.maker.is_one_machine()) {
                evidence.nodes.most = None;
            }
        }
        found
    }

    /// What adds nodes to the cluster when pods need them: a Karpenter pool, or the cluster autoscaler.
    pub fn node_autoscaler(&self) -> Option<&'a Object> {
        let karpenter = self.of_kind("karpenter.sh", "NodePool").chain(self.of_kind("karpenter.sh", "Provisioner"));
        let scalers =
            self.workloads().iter().filter(|it| it.containers().any(|it| it.image_name() == "cluster-autoscaler"));
        karpenter.chain(scalers.map(|it| it.object)).next()
    }
}

/// The fifth stage: the nodes that pods may run on.
pub struct ClusterNodes<'a> {
    workloads: Workloads<'a>,
    node_evidence: Vec<NodeEvidence<'a>>,
    /// The manifest of a cluster on one machine, if no other cluster is described.
    pub(super) local_cluster: Option<&'a Object>,
    pub(super) node_labels: OnceLock<BTreeSet<String>>,
    pub(super) hosts: OnceLock<Option<Domains>>,
    pub(super) zones: OnceLock<Option<Domains>>,
    single_node: OnceLock<Option<SingleNode>>,
}

crate::index::stands_on!(ClusterNodes, workloads: Workloads);

impl<'a> ClusterNodes<'a> {
    /// Reads what the manifests say of nodes.
    pub(super) fn new(workloads: Workloads<'a>) -> ClusterNodes<'a> {
        let node_evidence = workloads.read_node_evidence();
        ClusterNodes {
            local_cluster: local_cluster(&node_evidence),
            workloads,
            node_evidence,
            node_labels: OnceLock::new(),
            hosts: OnceLock::new(),
            zones: OnceLock::new(),
            single_node: OnceLock::new(),
        }
    }

    /// What the manifests say of nodes, cluster by cluster.
    pub fn node_evidence(&self) -> &[NodeEvidence<'a>] {
        &self.node_evidence
    }

    /// Whether the configuration, or else every cluster in the manifests, has a single node.
    pub fn single_node(&self) -> Option<SingleNode> {
        *self.single_node.get_or_init(|| {
            if let Some((nodes, _)) = self.config().cluster.nodes {
                return (nodes == 1).then_some(SingleNode(None));
            }
            let clusters = self.node_evidence();
            let is_single = clusters.iter().all(|it| it.nodes.most == Some(1));
            clusters.first().filter(|_| is_single).map(|it| SingleNode(Some(it.place.span)))
        })
    }
}

/// A cluster on one machine of which the environment's manifests are the only ones that speak: it comes
/// with a default storage class of its own.
fn local_cluster<'a>(evidence: &[NodeEvidence<'a>]) -> Option<&'a Object> {
    let first = evidence.first()?.object;
    let is_local = evidence
        .iter()
        .all(|it| it.maker.is_one_machine() || (it.maker == NodeMaker::Nodes && has_local_node(it.object)));
    is_local.then_some(first)
}

/// Whether a node is one of minikube or k3s, by the labels that those give their nodes.
fn has_local_node(node: &Object) -> bool {
    node.label("minikube.k8s.io/name").is_some() || node.label("node.kubernetes.io/instance-type") == Some("k3s")
}

/// kind takes the taint off a control plane only where it is the only node.
fn kind(object: &Object) -> NodeEvidence<'_> {
    let name = object.node().str_at(&["name"]).unwrap_or("kind");
    let mut evidence = NodeEvidence::new(object, NodeMaker::Kind, format!("kind cluster {name}"));
    let nodes: Vec<NodeRef<'_>> = object.node().items_at(&["nodes"]).collect();
    if nodes.len() < 2 {
        evidence.add(NodeRange::exactly(1), object.place(&["nodes"]), "one node".to_owned());
        return evidence;
    }
    for node in nodes {
        let is_worker = node.str_at(&["role"]) == Some("worker");
        let patches = node.items_at(&["kubeadmConfigPatches"]).chain(object.node().items_at(&["kubeadmConfigPatches"]));
        let may_be_open = !is_worker && patches.map(NodeRef::text).any(|it| it.contains("taints"));
        let (range, text) = match (is_worker, may_be_open) {
            (true, _) => (NodeRange::exactly(1), "a worker"),
            (false, true) => (NodeRange { least: Some(0), most: Some(1) }, "a control plane with taints of its own"),
            (false, false) => (NodeRange::exactly(0), "a control plane, which takes no ordinary pods"),
        };
        evidence.add(range, object.place_in(node, &["role"]), text.to_owned());
    }
    evidence.place = object.place(&["nodes"]);
    evidence
}

fn k3d(object: &Object) -> NodeEvidence<'_> {
    let mut evidence = NodeEvidence::new(object, NodeMaker::K3d, format!("k3d cluster {}", object.name()));
    for (key, default) in [("servers", Some(1)), ("agents", Some(0))] {
        let count = object.node().at(&[key]).map_or(default, NodeRef::as_int);
        let range = NodeRange { least: count, most: count };
        evidence.add(range, object.place(&[key]), format!("{key}: {}", describe(range)));
    }
    evidence
}

fn eksctl(object: &Object) -> NodeEvidence<'_> {
    let mut evidence = NodeEvidence::new(object, NodeMaker::Eksctl, format!("EKS cluster {}", object.name()));
    let node = object.node();
    for list in ["managedNodeGroups", "nodeGroups"] {
        for group in node.items_at(&[list]).filter(|it| !is_tainted(*it)) {
            let size = |key: &str| group.int_at(&[key]);
            // A group that names no size has two nodes (eksctl, defaults of node groups).
            let least = size("minSize").or(size("desiredCapacity")).unwrap_or(2);
            let most = size("maxSize").or(size("desiredCapacity")).unwrap_or(least);
            let range = NodeRange { least: Some(least), most: Some(most) };
            let key = if group.at(&["minSize"]).is_some() { "minSize" } else { "desiredCapacity" };
            let name = group.str_at(&["name"]).unwrap_or(list);
            evidence.add(range, object.place_in(group, &[key]), format!("{name}: {}", describe(range)));
        }
    }
    let makes_more = node.bool_at(&["autoModeConfig", "enabled"]) == Some(true)
        || ["karpenter", "fargateProfiles"].iter().any(|it| node.at(&[it]).is_some());
    if makes_more || evidence.parts.is_empty() {
        evidence.nodes.most = None;
    }
    evidence
}

fn cluster_api_evidence<'a>(object: &'a Object, cluster: &str) -> NodeEvidence<'a> {
    NodeEvidence::new(object, NodeMaker::ClusterApi, format!("Cluster API cluster {cluster}"))
}

/// The machines of a part of a cluster: what its annotations leave to an autoscaler, else its replicas.
fn machine_range(part: NodeRef<'_>, replicas: Option<i64>) -> NodeRange {
    let size = |bound: &str| {
        let annotations = part.at(&["metadata", "annotations"])?;
        let value = annotations.get(&format!("cluster.x-k8s.io/cluster-api-autoscaler-node-group-{bound}-size"))?;
        whole_number(value.text())
    };
    match (size("min"), size("max")) {
        (Some(least), Some(most)) => NodeRange { least: Some(least), most: Some(most) },
        _ => NodeRange { least: replicas, most: replicas },
    }
}

/// Whether a node takes ordinary pods.
pub(super) fn takes_pods(node: &Object) -> bool {
    node.node().bool_at(&["spec", "unschedulable"]) != Some(true) && !is_tainted(node.node())
}

/// Whether a node or node group keeps ordinary pods away.
pub(super) fn is_tainted(node: NodeRef<'_>) -> bool {
    let keeps_away = |it: NodeRef<'_>| matches!(it.str_at(&["effect"]), Some("NoSchedule" | "NoExecute"));
    node.items_at(&["spec", "taints"]).chain(node.items_at(&["taints"])).any(keeps_away)
}

fn describe(range: NodeRange) -> String {
    match (range.least, range.most) {
        (Some(1), Some(1)) => "1 node".to_owned(),
        (Some(least), Some(most)) if least == most => format!("{least} nodes"),
        (Some(least), Some(most)) => format!("{least} to {most} nodes"),
        (Some(least), None) => format!("{least} nodes or more"),
        _ => "a number of nodes that is not written".to_owned(),
    }
}
