//! How many nodes or zones there are for pods that must be apart, as far as manifests or the configuration tell.

use super::{ClusterNodes, PodSet, PodSpec, Pods, SpreadTerm, is_zone_key};
use crate::source::Span;
use crate::yaml::NodeRef;

/// The label of a node that is its own.
const HOST: &str = "kubernetes.io/hostname";

/// The nodes or zones that ordinary pods may be placed in.
#[derive(Clone, Debug)]
pub struct Domains {
    /// At least; `None` if the manifests do not tell.
    pub least: Option<i64>,
    /// At most.
    pub most: Option<i64>,
    /// How messages name whose they are: `kind cluster events`.
    pub title: String,
    /// Where the number is written.
    pub span: Span,
    /// `node` or `zone`.
    pub noun: &'static str,
    /// Whether the nodes are containers on one machine.
    pub is_one_machine: bool,
}

impl Domains {
    /// The number in words: `3 zones`, `at most 4 nodes`.
    pub fn describe(&self) -> String {
        let ending = if self.most == Some(1) { "" } else { "s" };
        match (self.least, self.most) {
            (least, Some(most)) if least == Some(most) => format!("{most} {}{ending}", self.noun),
            (_, Some(most)) => format!("at most {most} {}{ending}", self.noun),
            _ => format!("any number of {}s", self.noun),
        }
    }

    /// The number, if it does not move.
    pub fn exactly(&self) -> Option<i64> {
        self.most.filter(|it| self.least == Some(*it))
    }
}

/// Whether a topology key means single nodes.
pub fn is_host_key(key: &str) -> bool {
    key == HOST
}

impl ClusterNodes<'_> {
    fn read_hosts(&self) -> Option<Domains> {
        if let Some((nodes, span)) = self.config().cluster.nodes {
            return Some(configured(nodes, span, "node"));
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
        if let Some((zones, span)) = self.config().cluster.zones {
            return Some(configured(zones, span, "zone"));
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

    /// How many pods of a spec one of its wishes counts: at least, and at most.
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
