//! Where the pods of workloads are, as a dump of a cluster shows it.

use crate::index::{Index, ZONE};
use crate::model::{Object, Owner};
use std::collections::{BTreeMap, HashMap};

/// The pods of a workload: all, and those of its fullest node and zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Placed {
    /// All.
    pub(super) all: i64,
    /// On the fullest node.
    pub(super) node: i64,
    /// In the fullest zone; `None` where one of their nodes names none.
    pub(super) zone: Option<i64>,
}

/// By namespace, kind and name of the workload.
pub(super) type Actual = HashMap<(String, &'static str, String), Placed>;

/// What a dump shows; `None` where the manifests are none.
pub(super) fn actual(index: &Index<'_>) -> Option<Actual> {
    let zones: HashMap<&str, Option<&str>> = index.of_kind("", "Node").map(|it| (it.name(), it.label(ZONE))).collect();
    let mut nodes: BTreeMap<(String, &'static str, String), BTreeMap<&str, i64>> = BTreeMap::new();
    for pod in index.of_kind("", "Pod") {
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
            *in_zones.entry(zones.get(node).copied().flatten()).or_default() += pods;
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

/// The workload that a pod belongs to: a ReplicaSet of a Deployment is called after it, with a hash.
fn owner(pod: &Object) -> Option<(&'static str, String)> {
    let owner = Owner::of(pod)?;
    match owner.kind {
        "StatefulSet" => Some(("StatefulSet", owner.name.to_owned())),
        "ReplicaSet" => {
            let hash = pod.label("pod-template-hash")?;
            let name = owner.name.strip_suffix(hash)?.strip_suffix('-')?;
            Some(("Deployment", name.to_owned()))
        }
        _ => None,
    }
}
