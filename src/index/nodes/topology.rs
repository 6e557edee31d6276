//! How many nodes or zones ordinary pods may be placed in, by topology key.

use crate::index::nodes::domains::{Domains, is_host_key};
use crate::index::{ClusterNodes, PodSet, PodSpec, Pods, SpreadTerm, is_zone_key};
use crate::source::Span;
use crate::yaml::NodeRef;

impl ClusterNodes<'_> {
    fn read_hosts(&self) -> Option<Domains> {
        let facts = &self.config().cluster;
        if let Some((nodes, span)) = facts.nodes {
            return Some(configured(nodes, span, "node"));
        }
        if let Some((pools, span)) = &facts.pools {
            let ordinary = pools.iter().filter(|it| !it.is_tainted());
            return Some(configured(ordinary.fold(0, |sum, it| sum.saturating_add(it.nodes)), *span, "node"));
        }
        if let Some((sizes, span)) = &facts.zones_of_nodes {
            return Some(configured(sizes.iter().fold(0, |sum, it| sum.saturating_add(*it)), *span, "node"));
        }
        let evidence = self.node_evidence();
        let [cluster] = evidence else { return None };
        Some(Domains {
            least: cluster.nodes.least,
            most: cluster.nodes.most,
            title: cluster.title.clone(),
            span: cluster.place.span,
            noun: "node",
            is_one_machine: cluster.maker.is_one_machine(),
        })
    }

    fn read_zones(&self) -> Option<Domains> {
        let facts = &self.config().cluster;
        if let Some((zones, span)) = facts.zones {
            return Some(configured(zones, span, "zone"));
        }
        if let Some((pools, span)) = &facts.pools {
            let ordinary = pools.iter().filter(|it| !it.is_tainted());
            let zones: Option<Vec<u32>> = ordinary.map(|it| it.zones.map(|it| it.0)).collect();
            return Some(configured(zones?.into_iter().max()?, *span, "zone"));
        }
        if let Some((sizes, span)) = &facts.zones_of_nodes {
            return Some(configured(u32::try_from(sizes.len()).unwrap_or(u32::MAX), *span, "zone"));
        }
        let evidence = self.node_evidence();
        let [cluster] = evidence else { return None };
        let zones = i64::try_from(self.zones_of(cluster)?.len()).ok();
        Some(Domains {
            least: zones,
            most: zones,
            title: cluster.title.clone(),
            span: cluster.place.span,
            noun: "zone",
            is_one_machine: cluster.maker.is_one_machine(),
        })
    }
}

impl<'a> Pods<'a> {
    /// The domains of a topology key, if the manifests describe one cluster only, or the configuration says it.
    pub fn domains(&self, key: &str) -> Option<&Domains> {
        if is_host_key(key) {
            self.hosts.get_or_init(|| self.read_hosts()).as_ref()
        } else if is_zone_key(key) {
            self.zones.get_or_init(|| self.read_zones()).as_ref()
        } else {
            None
        }
    }

    /// How many pods of a spec one of its constraints counts: at least, and at most.
    pub fn pods_counted(&self, spec: &PodSpec<'a>, term: &SpreadTerm<'a>) -> (Option<i64>, Option<i64>) {
        let is_alone = spec.pods.len() == 1; // Its labels may be those that controllers add.
        let counts = |labels| term.selector.as_ref().is_some_and(|it| it.matches(labels));
        let sets = spec.pods.iter().map(|it| self.pods(*it));
        let counted: Vec<&PodSet<'a>> = sets.filter(|it| is_alone || counts(&it.labels)).collect();
        let sum = |of: fn(&&PodSet<'a>) -> Option<i64>| {
            counted.iter().try_fold(0_i64, |sum, it| Some(sum.saturating_add(of(it)?)))
        };
        (sum(|it| it.floor), sum(|it| it.ceiling))
    }

    /// Whether pods tolerate taints that somebody gave to nodes, so that they may run where ordinary pods do not.
    pub fn tolerates_taints(&self, pod_spec: NodeRef<'_>) -> bool {
        let is_own = |it: NodeRef<'_>| !it.str_at(&["key"]).is_some_and(|it| it.starts_with("node.kubernetes.io/"));
        pod_spec.items_at(&["tolerations"]).any(is_own)
    }
}

fn configured(count: u32, span: Span, noun: &'static str) -> Domains {
    let count = Some(i64::from(count));
    let title = "the cluster of the configuration".to_owned();
    Domains { least: count, most: count, title, span, noun, is_one_machine: false }
}
