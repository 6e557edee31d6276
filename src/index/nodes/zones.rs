//! How many zones the cluster's nodes lie in, as far as manifests tell.

use crate::index::Objects;
use crate::index::nodes::{NodeEvidence, NodeMaker, is_tainted, takes_pods};
use crate::model::Object;
use crate::model::products::{CLUSTER_API, KOPS};
use crate::yaml::NodeRef;
use std::collections::{BTreeMap, BTreeSet};

/// The label of a node that names its zone.
pub const ZONE: &str = "topology.kubernetes.io/zone";

/// The same before Kubernetes 1.17, which nodes of many clusters still carry.
const FORMER_ZONE: &str = "failure-domain.beta.kubernetes.io/zone";

/// Whether a topology key means zones.
pub fn is_zone_key(key: &str) -> bool {
    key == ZONE || key == FORMER_ZONE
}

/// The zone that a node names.
pub fn zone_of(node: &Object) -> Option<&str> {
    node.label(ZONE).or_else(|| node.label(FORMER_ZONE))
}

impl Objects<'_> {
    /// The names of the zones in which a cluster's nodes for ordinary pods lie; `None` if the manifests do not
    /// tell. Nodes without the label are in no zone.
    pub(in crate::index) fn zones_of(&self, evidence: &NodeEvidence<'_>) -> Option<BTreeSet<String>> {
        match evidence.maker {
            NodeMaker::Kind | NodeMaker::K3d => Some(labelled_zones(evidence.object.node())),
            // Karpenter makes nodes in zones that no group names.
            _ if self.of_kind("karpenter.sh", "NodePool").next().is_some() => None,
            NodeMaker::Nodes => {
                let nodes = self.of_kind("", "Node").filter(|it| takes_pods(it));
                let zones = nodes.filter_map(zone_of);
                Some(zones.map(str::to_owned).collect())
            }
            NodeMaker::Eksctl => eksctl_zones(evidence.object),
            NodeMaker::ClusterApi => self.failure_domains(),
            NodeMaker::Kops => self.kops_zones(),
        }
    }

    /// How many of the nodes that the manifests hold, and that take ordinary pods, are in each zone, and in none.
    pub fn nodes_in_zones(&self) -> (BTreeMap<&str, i64>, i64) {
        self.nodes_by(zone_of)
    }

    /// Whether a zone of the nodes that the manifests hold has none that takes ordinary pods.
    pub fn has_zone_without_room(&self) -> bool {
        let taking = self.nodes_in_zones().0;
        self.of_kind("", "Node").filter_map(zone_of).any(|it| !taking.contains_key(it))
    }

    /// The same by another label.
    pub fn nodes_by_label(&self, key: &str) -> (BTreeMap<&str, i64>, i64) {
        self.nodes_by(|it| it.label(key))
    }

    fn nodes_by<'n>(&'n self, value: impl Fn(&'n Object) -> Option<&'n str>) -> (BTreeMap<&'n str, i64>, i64) {
        let mut values: BTreeMap<&str, i64> = BTreeMap::new();
        let mut nowhere = 0;
        for node in self.of_kind("", "Node").filter(|it| takes_pods(it)) {
            match value(node) {
                Some(value) => *values.entry(value).or_default() += 1,
                None => nowhere += 1,
            }
        }
        (values, nowhere)
    }

    /// Each part of the cluster must name its own: without one the provider chooses.
    fn failure_domains(&self) -> Option<BTreeSet<String>> {
        let mut zones = BTreeSet::new();
        for cluster in self.of_kind(CLUSTER_API, "Cluster") {
            for list in ["machineDeployments", "machinePools"] {
                for part in cluster.node().items_at(&["spec", "topology", "workers", list]) {
                    let one = part.str_at(&["failureDomain"]).map(str::to_owned).into_iter();
                    let many = part.items_at(&["failureDomains"]).map(|it| it.text().to_owned());
                    add_some(&mut zones, one.chain(many))?;
                }
            }
        }
        for object in self.of_kind(CLUSTER_API, "MachineDeployment") {
            let domain = object.node().str_at(&["spec", "template", "spec", "failureDomain"]);
            add_some(&mut zones, domain.map(str::to_owned).into_iter())?;
        }
        for object in self.of_kind(CLUSTER_API, "MachinePool") {
            let domains = object.node().items_at(&["spec", "failureDomains"]);
            add_some(&mut zones, domains.map(|it| it.text().to_owned()))?;
        }
        Some(zones)
    }

    /// Groups name subnets, and the cluster the zone of each.
    fn kops_zones(&self) -> Option<BTreeSet<String>> {
        let subnets = self.of_kind(KOPS, "Cluster").flat_map(|it| it.node().items_at(&["spec", "subnets"]));
        let zone_of: BTreeMap<&str, &str> =
            subnets.filter_map(|it| Some((it.str_at(&["name"])?, it.str_at(&["zone"])?))).collect();
        let mut zones = BTreeSet::new();
        for group in self.of_kind(KOPS, "InstanceGroup") {
            if group.node().str_at(&["spec", "role"]) != Some("Node") {
                continue;
            }
            let mut found = Vec::new();
            for subnet in group.node().items_at(&["spec", "subnets"]) {
                found.push((*zone_of.get(subnet.text())?).to_owned());
            }
            add_some(&mut zones, found.into_iter())?;
        }
        Some(zones)
    }
}

/// Adds what one part of a cluster names; `None` where it names nothing.
fn add_some(zones: &mut BTreeSet<String>, mut named: impl Iterator<Item = String>) -> Option<()> {
    zones.insert(named.next()?);
    zones.extend(named);
    Some(())
}

/// The values that a configuration of kind or k3d gives the zone's label, be it as a label of a node or in the
/// arguments of its kubelet, as in `--node-labels=topology.kubernetes.io/zone=a`.
fn labelled_zones(node: NodeRef<'_>) -> BTreeSet<String> {
    let mut zones = BTreeSet::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        open.extend(node.items());
        for entry in node.entries() {
            if is_zone_key(entry.name()) {
                zones.insert(entry.value.text().to_owned());
            }
            open.push(entry.value);
        }
        if !node.is_map() && !node.is_seq() {
            zones.extend([ZONE, FORMER_ZONE].iter().flat_map(|key| assigned(node.text(), key)));
        }
    }
    zones
}

/// What a text assigns to a label, as in `a=b,topology.kubernetes.io/zone=west`.
fn assigned(text: &str, key: &str) -> Vec<String> {
    let parts = text.split(key).skip(1);
    let values = parts.filter_map(|it| it.trim_start_matches([' ', '"', '\'']).strip_prefix(['=', ':']));
    let is_end = |it: char| it.is_whitespace() || matches!(it, ',' | '"' | '\'' | '@');
    values
        .map(|it| it.trim_start_matches([' ', '"', '\'']).split(is_end).next().unwrap_or_default().to_owned())
        .collect()
}

/// The zones of each node group, else those of the cluster's network. Without any eksctl chooses.
fn eksctl_zones(object: &Object) -> Option<BTreeSet<String>> {
    let node = object.node();
    let mut own = names(node, "availabilityZones");
    for subnets in ["private", "public"].iter().filter_map(|it| node.at(&["vpc", "subnets", it])) {
        // Subnets are named after their zones, or as their maker likes; then they tell theirs.
        own.extend(subnets.entries().map(|it| it.value.str_at(&["az"]).unwrap_or(it.name()).to_owned()));
    }
    let makes_more = node.bool_at(&["autoModeConfig", "enabled"]) == Some(true)
        || ["karpenter", "fargateProfiles"].iter().any(|it| node.at(&[it]).is_some());
    let groups = ["managedNodeGroups", "nodeGroups"].into_iter().flat_map(|it| node.items_at(&[it]));
    let mut zones = if makes_more { own.clone() } else { BTreeSet::new() };
    for group in groups.filter(|it| !is_tainted(*it)) {
        if group.at(&["subnets"]).is_some() {
            return None; // Subnets by their ids, which say nothing of zones.
        }
        let mut named = names(group, "availabilityZones");
        named.extend(names(group, "localZones"));
        let found = if named.is_empty() { own.clone() } else { named };
        add_some(&mut zones, found.into_iter())?;
    }
    (!zones.is_empty()).then_some(zones)
}

fn names(node: NodeRef<'_>, key: &str) -> BTreeSet<String> {
    node.items_at(&[key]).map(|it| it.text().to_owned()).collect()
}
