//! Puts what follows from the beginnings together: one environment for each cluster.

use super::argo::IN_CLUSTER;
use super::begin::Unit;
use super::depends;
use super::follow::Share;
use super::part::Part;
use crate::model::{Problem, Unseen, WorkloadKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Of the beginnings that deploy an object, each is compared with this many.
const MOST_COMPARED: usize = 16;

/// What one cluster gets.
#[derive(Debug, Default)]
pub(crate) struct Cluster {
    pub(crate) name: String,
    pub(crate) reason: String,
    pub(crate) parts: Vec<Arc<Part>>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) remarks: BTreeSet<String>,
    pub(crate) unseen: BTreeSet<Unseen>,
}

impl Cluster {
    fn add(&mut self, share: &Share) {
        self.parts.extend(share.parts.iter().cloned());
        self.problems.extend(share.problems.iter().cloned());
        self.remarks.extend(share.remarks.iter().cloned());
        self.unseen.extend(share.unseen.iter().cloned());
    }
}

/// The clusters, by name.
pub(super) fn assemble(mut units: Vec<Unit>) -> Vec<Cluster> {
    let mut clusters: BTreeMap<String, Cluster> = BTreeMap::new();
    let mut add = |name: &str, reason: String, share: &Share| {
        let cluster = clusters.entry(name.to_owned()).or_insert_with(|| Cluster {
            name: name.to_owned(),
            reason,
            ..Cluster::default()
        });
        cluster.add(share);
    };
    let mut argo: Vec<(Unit, Share)> = Vec::new();
    for mut unit in units.drain(..) {
        let own = unit.shares.remove("").unwrap_or_default();
        for (name, share) in &unit.shares {
            add(name, format!("what Argo CD deploys to the cluster {name}"), share);
        }
        if unit.is_flux {
            add(&unit.folder, format!("what Flux deploys, beginning with {}", unit.folder), &own);
        } else {
            argo.push((unit, own));
        }
    }
    for (name, at) in own_clusters(&argo) {
        let reason = if name == IN_CLUSTER {
            "what Argo CD deploys to the cluster that it runs in".to_owned()
        } else {
            format!("what Argo CD deploys to the cluster that it runs in, beginning with {name}")
        };
        add(&name, reason, &argo[at].1);
    }
    let mut clusters: Vec<Cluster> = clusters.into_values().collect();
    for cluster in &mut clusters {
        cluster.problems.extend(depends::circles(&cluster.parts));
    }
    clusters
}

/// The cluster of each beginning that deploys to the one that Argo CD runs in: one for all, unless they repeat
/// each other, for then several clusters have an Argo CD of their own. What repeats none belongs to all of those.
fn own_clusters(argo: &[(Unit, Share)]) -> Vec<(String, usize)> {
    let rivals = rivals(&argo.iter().map(|it| roots(&it.1)).collect::<Vec<_>>());
    if rivals.is_empty() {
        return (0..argo.len()).map(|at| (IN_CLUSTER.to_owned(), at)).collect();
    }
    let folder = |at: usize| argo[at].0.folder.as_str();
    let torn: BTreeSet<&str> =
        rivals.iter().filter(|(one, other)| folder(*one) == folder(*other)).map(|it| folder(it.0)).collect();
    let is_rival: BTreeSet<usize> = rivals.iter().flat_map(|it| [it.0, it.1]).collect();
    let label = |at: usize| if torn.contains(folder(at)) { argo[at].0.file.as_str() } else { folder(at) };
    let labels: BTreeSet<&str> = is_rival.iter().map(|it| label(*it)).collect();
    let mut found = Vec::new();
    for at in 0..argo.len() {
        if is_rival.contains(&at) || labels.contains(label(at)) {
            found.push((label(at).to_owned(), at));
        } else {
            found.extend(labels.iter().map(|it| ((*it).to_owned(), at)));
        }
    }
    found
}

/// What tells clusters apart: the workloads that a beginning deploys, with their namespaces.
fn roots(share: &Share) -> BTreeSet<(&str, &str, &str)> {
    let objects = share.parts.iter().flat_map(|it| &it.built.objects);
    let workloads = objects.filter(|it| WorkloadKind::of(it).is_some());
    workloads.map(|it| (it.kind(), it.namespace().unwrap_or_default(), it.name())).collect()
}

/// The pairs that cannot be in one cluster: at least half of the smaller one is in both.
fn rivals(all: &[BTreeSet<(&str, &str, &str)>]) -> Vec<(usize, usize)> {
    let mut holders: HashMap<(&str, &str, &str), Vec<usize>> = HashMap::new();
    for (at, own) in all.iter().enumerate() {
        for it in own {
            let holders = holders.entry(*it).or_default();
            if holders.len() < MOST_COMPARED {
                holders.push(at);
            }
        }
    }
    let mut rivals = Vec::new();
    for (at, own) in all.iter().enumerate() {
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for other in own.iter().filter_map(|it| holders.get(it)).flatten().filter(|it| **it != at) {
            *shared.entry(*other).or_default() += 1;
        }
        rivals.extend(shared.into_iter().filter(|it| it.1 * 2 >= own.len().min(all[it.0].len())).map(|it| (at, it.0)));
    }
    rivals
}
