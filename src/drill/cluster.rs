//! How many nodes in how many zones the drill reckons with, and whence it knows.

use crate::drill::ground::{Ground, MANY, Told, Zones};
use crate::drill::pools::Pools;
use crate::index::{Domains, Index, NodeMaker, ZONE};
use crate::model::HOSTNAME;
use crate::source::Span;
use std::collections::BTreeMap;

/// Nodes, each in a zone of its own, where nothing tells.
const USUAL: i64 = 3;

/// The cluster of an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// With the least and, where it differs, the largest number of nodes.
    pub ends: Vec<Ground>,
    /// Whence the numbers are.
    pub source: String,
    /// Where they are written.
    pub span: Option<Span>,
    /// What the flags contradict, if they do.
    pub contradiction: Option<String>,
}

impl Cluster {
    /// Reads what is known, the flags first.
    pub fn read(index: &Index<'_>, told: Told, key: Option<&str>) -> Cluster {
        let (hosts, zones) = (index.domains(HOSTNAME), index.domains(ZONE));
        let (least, most) = nodes(hosts, told);
        let sizes = match key {
            Some(key) => Some(places(&index.nodes_by_label(key))),
            None => sizes(index, told),
        };
        let count = match (told.zones.filter(|_| key.is_none()), &sizes, zones) {
            (Some(zones), ..) => Some(i64::from(zones)),
            (None, Some(sizes), _) => (sizes.count > 0).then_some(sizes.count),
            (None, None, Some(zones)) => zones.most.or(zones.least).filter(|it| *it > 0),
            (None, None, None) => Some(USUAL.min(least)),
        };
        let has_barred = told.nodes.is_none() && has_barred(index);
        let has_barred_zone = has_barred && index.has_zone_without_room();
        let ground = |nodes: i64| {
            let zones = count.map(|count| sizes.unwrap_or_else(|| Zones::even(count, nodes)));
            Ground { nodes, zones, has_barred, has_barred_zone }
        };
        // More zones than nodes are no zones.
        let least = if told.nodes.is_none() { least.max(told.zones.map_or(1, i64::from)) } else { least };
        let mut ends = vec![ground(least)];
        ends.extend((most > least).then(|| ground(most)));
        if let Some(pools) = Pools::read(index).filter(|_| told == Told::default() && key.is_none()) {
            ends = pools.ordinary().map_or(ends, |it| vec![it]);
        }
        Cluster {
            ends,
            source: match key {
                Some(key) => format!("zones are the values of {key}; {}", source(hosts, zones, told)),
                None => source(hosts, zones, told),
            },
            span: hosts.or(zones).filter(|_| told.nodes.is_none()).map(|it| it.span),
            contradiction: contradiction(hosts, told),
        }
    }

    /// The cluster with the fewest nodes.
    pub fn least(&self) -> Ground {
        self.ends[0]
    }
}

/// The least and the largest number of nodes.
fn nodes(hosts: Option<&Domains>, told: Told) -> (i64, i64) {
    if let Some(nodes) = told.nodes {
        return (i64::from(nodes), i64::from(nodes));
    }
    let Some(hosts) = hosts else { return (USUAL, USUAL) };
    let least = hosts.least.unwrap_or(USUAL).clamp(1, MANY);
    (least, hosts.most.unwrap_or(MANY).clamp(least, MANY))
}

/// The zones of nodes that the manifests hold themselves.
fn sizes(index: &Index<'_>, told: Told) -> Option<Zones> {
    if told.nodes.is_some() || told.zones.is_some() {
        return None;
    }
    let cluster = &index.config().cluster;
    if let Some((sizes, _)) = &cluster.zones_of_nodes {
        return Some(Zones::of_sizes(&sizes.iter().map(|it| i64::from(*it)).collect::<Vec<_>>()));
    }
    let [evidence] = index.node_evidence() else { return None };
    if evidence.maker != NodeMaker::Nodes || cluster.nodes.is_some() || cluster.zones.is_some() {
        return None;
    }
    Some(places(&index.nodes_in_zones()))
}

/// Places by the nodes that are in each, and how many are in none.
fn places((sizes, nowhere): &(BTreeMap<&str, i64>, i64)) -> Zones {
    let (largest, smallest) = (sizes.values().max().copied().unwrap_or(0), sizes.values().min().copied().unwrap_or(0));
    let count = i64::try_from(sizes.len()).unwrap_or(MANY);
    Zones { count, largest, smallest: if *nowhere > 0 { 0 } else { smallest } }
}

/// Whether the cluster of the manifests has nodes that take no ordinary pods.
fn has_barred(index: &Index<'_>) -> bool {
    let facts = &index.config().cluster;
    let [evidence] = index.node_evidence() else { return false };
    if facts.nodes.is_some() || facts.zones_of_nodes.is_some() {
        return false;
    }
    match evidence.maker {
        NodeMaker::Kind => evidence.parts.len() > 1,
        NodeMaker::Nodes => {
            let (zones, nowhere) = index.nodes_in_zones();
            let taking = zones.values().sum::<i64>() + nowhere;
            i64::try_from(index.of_kind("", "Node").count()).is_ok_and(|all| all > taking)
        }
        // Their control planes are nodes with a taint.
        NodeMaker::ClusterApi | NodeMaker::Kops => true,
        NodeMaker::K3d | NodeMaker::Eksctl => false,
    }
}

fn source(hosts: Option<&Domains>, zones: Option<&Domains>, told: Told) -> String {
    let flags: Vec<&str> =
        [told.nodes.map(|_| "--nodes"), told.zones.map(|_| "--zones")].into_iter().flatten().collect();
    let mut parts = Vec::new();
    if !flags.is_empty() {
        parts.push(flags.join(" and "));
    }
    match (hosts.filter(|_| told.nodes.is_none()), zones.filter(|_| told.zones.is_none())) {
        (Some(hosts), _) => parts.push(hosts.title.clone()),
        (None, Some(zones)) => parts.push(zones.title.clone()),
        (None, None) if flags.is_empty() => {
            return "assumed: the manifests hold no nodes; set `cluster` in .edms-lint.yaml".to_owned();
        }
        (None, None) => {}
    }
    let nodes_known = told.nodes.is_some() || hosts.is_some();
    let zones_known = told.zones.is_some() || zones.is_some();
    match (nodes_known, zones_known) {
        (true, false) => parts.push("zones assumed".to_owned()),
        (false, true) => parts.push("nodes assumed".to_owned()),
        _ => {}
    }
    parts.join("; ")
}

/// What the manifests or the configuration say otherwise than `--nodes`.
fn contradiction(hosts: Option<&Domains>, told: Told) -> Option<String> {
    let (nodes, hosts) = (i64::from(told.nodes?), hosts?);
    let fits = hosts.least.is_none_or(|it| it <= nodes) && hosts.most.is_none_or(|it| nodes <= it);
    (!fits).then(|| format!("--nodes {nodes} stands over {} of {}", hosts.describe(), hosts.title))
}
