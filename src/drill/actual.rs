//! Where the pods of workloads are, as a dump of a cluster shows it.

use crate::index::{Index, zone_of};
use crate::model::{Object, Owner};
use std::collections::{BTreeMap, HashMap};

/// The pods of a workload: all, and those of its fullest node and zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Placed {
    /// All.
    pub(super) all: i64,
    /// On the fullest node.
    pub(super) node: i64,
    /// In the fullest zone, or by another label that stands in its place; `None` where one of their nodes has none.
    pub(super) zone: Option<i64>,
}

/// By namespace, kind and name of the workload.
pub(super) type Actual = HashMap<(String, &'static str, String), Placed>;

/// What a dump shows; `None` where the manifests are none.
pub(super) fn actual(index: &Index<'_>, key: Option<&str>) -> Option<Actual> {
    let zone = |node: &'_ Object| key.map_or_else(|| zone_of(node), |it| node.label(it)).map(str::to_owned);
    let zones: HashMap<&str, Option<String>> = index.of_kind("", "Node").map(|it| (it.name(), zone(it))).collect();
    let mut nodes: BTreeMap<(String, &'static str, String), BTreeMap<&str, i64>> = BTreeMap::new();
    for pod in index.of_kind("", "Pod").filter(|it| answers(it)) {
        let Some(node) = pod.node().str_at(&["spec", "nodeName"]).filter(|it| !it.is_empty()) else { continue };
        if let Some((kind, name)) = owner(pod) {
            let key = (pod.namespace().unwrap_or_default().to_owned(), kind, name);
            *nodes.entry(key).or_default().entry(node).or_default() += 1;
        }
    }
    if zones.is_empty() || nodes.is_empty() {
        return None;
    }
    let placed = |on_nodes: BTreeMap<&str, i64>| {
        let mut in_zones: BTreeMap<Option<&str>, i64> = BTreeMap::new();
        for (node, pods) in &on_nodes {
            *in_zones.entry(zones.get(node).and_then(Option::as_deref)).or_default() += pods;
        }
        let is_told = !in_zones.contains_key(&None);
        Placed {
            all: on_nodes.values().sum(),
            node: on_nodes.values().max().copied().unwrap_or(0),
            zone: in_zones.values().max().copied().filter(|_| is_told),
        }
    };
    Some(nodes.into_iter().map(|(key, it)| (key, placed(it))).collect())
}

/// Whether a pod runs, and nothing says that it is not ready, or about to go.
fn answers(pod: &Object) -> bool {
    let node = pod.node();
    let runs = node.str_at(&["status", "phase"]).is_none_or(|it| it == "Running");
    let is_unready =
        |it: crate::yaml::NodeRef<'_>| it.str_at(&["type"]) == Some("Ready") && it.str_at(&["status"]) == Some("False");
    runs && node.at(&["metadata", "deletionTimestamp"]).is_none()
        && !node.items_at(&["status", "conditions"]).any(is_unready)
}

/// The workload that a pod belongs to: a ReplicaSet of a Deployment, or of a Rollout, is called after it, with a hash.
fn owner(pod: &Object) -> Option<(&'static str, String)> {
    let owner = Owner::of(pod)?;
    match owner.kind {
        "StatefulSet" => Some(("StatefulSet", owner.name.to_owned())),
        "ReplicaSet" => {
            let hash = pod.label("pod-template-hash").or_else(|| pod.label("rollouts-pod-template-hash"))?;
            let name = owner.name.strip_suffix(hash)?.strip_suffix('-')?;
            Some(("Deployment", name.to_owned()))
        }
        _ => None,
    }
}
