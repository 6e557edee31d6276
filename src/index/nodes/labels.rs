//! What the manifests report nodes: the labels that they carry.

use crate::index::ClusterNodes;
use crate::model::products;
use crate::suggest::is_slip_of;
use crate::yaml::NodeRef;
use std::collections::BTreeSet;

/// Labels of places that every cluster's nodes carry, by the last part of the key.
const PLACES: &[(&str, &str)] = &[
    ("hostname", "kubernetes.io/hostname"),
    ("zone", "topology.kubernetes.io/zone"),
    ("region", "topology.kubernetes.io/region"),
];

/// The same under their former names, which nodes of many clusters still carry.
const FORMER: &[&str] = &["failure-domain.beta.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/region"];

/// Words for a node that are no label of it.
const NODE_WORDS: &[&str] = &["hostname", "host", "node", "nodename", "node-name"];

/// Domains that Kubernetes keeps to itself, so that nobody labels nodes in them by chance.
const RESERVED: &[&str] = &["kubernetes.io", "k8s.io"];

impl ClusterNodes<'_> {
    /// The node label that was meant by a topology key which no node carries. Keys that a cluster's makers
    /// may have given to their nodes are believed.
    pub fn meant_topology_key(&self, key: &str) -> Option<&'static str> {
        let is_real = PLACES.iter().any(|it| it.1 == key) || FORMER.contains(&key);
        if is_real || crate::index::objects::namespaces::is_template(key) || self.node_labels().contains(key) {
            return None;
        }
        if NODE_WORDS.contains(&key.to_ascii_lowercase().as_str()) {
            return Some(PLACES[0].1);
        }
        let (domain, place) = key.split_once('/')?;
        let is_reserved = RESERVED
            .iter()
            .any(|it| domain.strip_suffix(it).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
        let known = PLACES.iter().find(|it| it.0 == place).filter(|_| is_reserved);
        known.or_else(|| PLACES.iter().find(|it| is_slip_of(it.1, key))).map(|it| it.1)
    }

    /// Whether a node that manifests describe carries a label.
    pub fn node_carries(&self, key: &str) -> bool {
        self.node_labels().contains(key)
    }

    /// Whether the cluster is one of k3s or RKE2, which label nodes in ways of their own.
    pub fn runs_k3s(&self) -> bool {
        let groups = [products::K3D, products::K3S_HELM, "k3s.cattle.io", "upgrade.cattle.io"];
        groups.iter().any(|it| !self.of_group(it).is_empty())
            || self.of_kind(products::CLUSTER_API_CONTROL_PLANES, "RKE2ControlPlane").next().is_some()
            || self.of_kind(products::CLUSTER_API_CONTROL_PLANES, "KThreesControlPlane").next().is_some()
    }

    /// The labels of nodes that manifests describe: Nodes, and configurations of kind and eksctl.
    fn node_labels(&self) -> &BTreeSet<String> {
        self.node_labels.get_or_init(|| {
            let nodes = self.of_kind("", "Node").filter_map(|it| it.node().at(&["metadata", "labels"]));
            let clusters =
                self.of_kind(products::KIND, "Cluster").chain(self.of_kind(products::EKSCTL, "ClusterConfig"));
            let groups = clusters.flat_map(|it| {
                let node = it.node();
                ["nodes", "managedNodeGroups", "nodeGroups"].into_iter().filter_map(move |key| node.at(&[key]))
            });
            let groups = groups.flat_map(NodeRef::items).filter_map(|it| it.at(&["labels"]));
            nodes.chain(groups).flat_map(NodeRef::entries).map(|it| it.name().to_owned()).collect()
        })
    }
}
