//! `cluster-control-plane-not-redundant`

use crate::finding::Subject;
use crate::index::{Index, OfObject};
use crate::model::{Object, Place, products};
use crate::rule::{Context, Verdict, rule};
use crate::rules::words::count;
use crate::yaml::NodeRef;
use std::collections::BTreeMap;

/// The control planes that a cluster needs to lose one.
const ENOUGH: i64 = 3;

rule!(ClusterControlPlaneNotRedundant, "cluster/cluster-control-plane-not-redundant.md", |walk| walk
    .each(control_planes, judge));

/// The machines that run the API server and etcd of one cluster.
struct ControlPlane<'a> {
    object: &'a Object,
    title: String,
    count: i64,
    place: Place,
}

impl<'a> OfObject<'a> for ControlPlane<'a> {
    fn object(&self) -> &'a Object {
        self.object
    }
}

fn judge(found: ControlPlane<'_>, cx: &mut Context<'_>) -> Verdict {
    let nodes = found.count;
    if nodes >= ENOUGH && nodes % 2 == 1 {
        return Verdict::Pass;
    }
    let lost = (nodes - 1) / 2;
    let survives = match (nodes, lost) {
        (1, _) => "while it is down nothing is scheduled, moved or scaled".to_owned(),
        (_, 0) => format!("without 1 of {nodes} etcd has no majority"),
        _ => format!("etcd survives the loss of {lost} of {nodes}, no more than with {}", nodes - 1),
    };
    let subject = found.object.subject();
    // A kind configuration has its name outside of the metadata.
    let subject = if subject.name.is_empty() { Subject { name: found.title.clone(), ..subject } } else { subject };
    let message = format!("{} has {}: {survives}", found.title, count(nodes, "control plane node"));
    cx.fail_for(subject, found.place, message)
        .evidence("control-planes", nodes)
        .help("run an odd number of them, three at least, in different zones where there are any")
        .verdict()
}

/// The control planes that manifests describe. What a cloud runs for its customers is none of them.
fn control_planes<'a>(index: &Index<'a>) -> Vec<ControlPlane<'a>> {
    if !index.environment().is_directory {
        return Vec::new(); // One file or a stream says little of the cluster.
    }
    let mut found: Vec<ControlPlane<'a>> = index.of_kind(products::KIND, "Cluster").map(of_kind).collect();
    let servers = index.of_kind(products::K3D, "Simple");
    found.extend(servers.filter_map(|it| of_field(it, format!("k3d cluster {}", it.name()), &["servers"])));
    for kind in [
        "KubeadmControlPlane",
        "RKE2ControlPlane",
        "K0sControlPlane",
        "KThreesControlPlane",
        "MicroK8sControlPlane",
        "TalosControlPlane",
    ] {
        let objects = index.of_kind(products::CLUSTER_API_CONTROL_PLANES, kind);
        found.extend(objects.filter_map(|it| of_field(it, it.title(), &["spec", "replicas"])));
    }
    for cluster in index.of_kind(products::CLUSTER_API, "Cluster") {
        let keys = ["spec", "topology", "controlPlane", "replicas"];
        // Without a number the provider's own may be a managed one.
        let is_told = cluster.node().at(&keys).is_some();
        let title = format!("Cluster API cluster {}", cluster.name());
        found.extend(of_field(cluster, title, &keys).filter(|_| is_told));
    }
    found.extend(of_kops(index));
    found.extend(of_nodes(index));
    found
}

/// A number in one field, 1 where it is absent; none where it is a template placeholder, or 0.
fn of_field<'a>(object: &'a Object, title: String, keys: &[&str]) -> Option<ControlPlane<'a>> {
    let count = object.node().at(keys).map_or(Some(1), NodeRef::as_int).filter(|it| *it > 0)?;
    Some(ControlPlane { object, title, count, place: object.place(keys) })
}

fn of_kind(object: &Object) -> ControlPlane<'_> {
    let name = object.node().str_at(&["name"]).unwrap_or("kind");
    let roles = object.node().items_at(&["nodes"]).filter(|it| it.str_at(&["role"]) != Some("worker"));
    let count = i64::try_from(roles.count()).unwrap_or(i64::MAX).max(1);
    ControlPlane { object, title: format!("kind cluster {name}"), count, place: object.place(&["nodes"]) }
}

fn of_kops<'a>(index: &Index<'a>) -> impl Iterator<Item = ControlPlane<'a>> {
    let mut found: BTreeMap<&str, ControlPlane<'a>> = BTreeMap::new();
    for group in index.of_kind(products::KOPS, "InstanceGroup") {
        let role = group.node().str_at(&["spec", "role"]);
        if !matches!(role, Some("Master" | "ControlPlane")) {
            continue;
        }
        let cluster = group.label("kops.k8s.io/cluster").unwrap_or_default();
        let keys = ["spec", "minSize"];
        let Some(part) = of_field(group, format!("kOps cluster {cluster}"), &keys) else { continue };
        match found.get_mut(cluster) {
            Some(all) => all.count = all.count.saturating_add(part.count),
            None => _ = found.insert(cluster, part),
        }
    }
    found.into_values()
}

/// Nodes say by a label that they belong to it; where none does a cloud may run it.
fn of_nodes<'a>(index: &Index<'a>) -> Option<ControlPlane<'a>> {
    let labels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];
    let all: Vec<&'a Object> =
        index.of_kind("", "Node").filter(|it| labels.iter().any(|label| it.label(label).is_some())).collect();
    let first = *all.first()?;
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    Some(ControlPlane { object: first, title: "the cluster".to_owned(), count, place: first.name_place() })
}
