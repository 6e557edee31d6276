//! Nodes that differ, as the configuration tells them: which of them take the pods of a workload.

use crate::config::{NodePool, Taint};
use crate::drill::ground::{Ground, MANY, Zones};
use crate::index::Index;
use crate::model::{Labels, Selector, node_terms};
use crate::yaml::{Entry, NodeRef};

/// Node labels that say nothing of places: a cluster is supposed to have one of each.
pub(super) const ALIKE: &[&str] = &[
    "kubernetes.io/os",
    "kubernetes.io/arch",
    "beta.kubernetes.io/os",
    "beta.kubernetes.io/arch",
    "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/region",
];

/// The pools of a cluster.
#[derive(Clone, Debug)]
pub(super) struct Pools {
    all: Vec<NodePool>,
    /// Zones of a pool that names none.
    zones: Option<u32>,
}

impl Pools {
    /// Those of the configuration.
    pub(super) fn read(index: &Index<'_>) -> Option<Pools> {
        let cluster = &index.config().cluster;
        let (all, _) = cluster.pools.clone()?;
        Some(Pools { all, zones: cluster.zones.map(|it| it.0) })
    }

    /// The nodes that take pods which ask for nothing.
    pub(super) fn ordinary(&self) -> Option<Ground> {
        self.ground(|it| !it.is_tainted(), NodePool::is_tainted)
    }

    /// The nodes that take pods with this spec; `None` where the pools do not tell.
    pub(super) fn of(&self, spec: NodeRef<'_>) -> Option<Ground> {
        let asked: Vec<Selector<'_>> = node_terms(spec).map(Selector::read).collect();
        // What compares numbers, or names nodes, is not read; a term without conditions fits no node.
        let is_open = |it: NodeRef<'_>| {
            let operators = it.items_at(&["matchExpressions"]).filter_map(|it| it.str_at(&["operator"]));
            let compares = operators.into_iter().any(|it| matches!(it, "Gt" | "Lt"));
            compares || it.at(&["matchFields"]).is_some() || it.items_at(&["matchExpressions"]).next().is_none()
        };
        let wanted = || spec.at(&["nodeSelector"]).into_iter().flat_map(NodeRef::entries);
        let in_terms = asked.iter().flat_map(|it| &it.requirements).map(|it| it.key.as_ref());
        let keys = wanted().map(Entry::name).chain(in_terms);
        let is_told = |key: &str| ALIKE.contains(&key) || self.all.iter().any(|it| it.labels.contains_key(key));
        if node_terms(spec).any(is_open) || !keys.into_iter().all(is_told) {
            return None;
        }
        let fits = |pool: &NodePool| {
            let mut labels = Labels::default();
            pool.labels.iter().for_each(|it| labels.set(it.0.as_str(), it.1.as_str()));
            let is_alike = |key: &str| ALIKE.contains(&key) && labels.get(key).is_none();
            let selected = wanted().all(|it| is_alike(it.name()) || labels.get(it.name()) == Some(it.value.text()));
            let term = |it: &Selector<'_>| {
                let requirements = it.requirements.iter().filter(|it| !is_alike(&it.key)).cloned().collect();
                Selector { requirements }.matches(&labels)
            };
            selected && (asked.is_empty() || asked.iter().any(term))
        };
        let is_free = |pool: &NodePool| pool.taints.iter().filter(|it| it.is_hard()).all(|it| is_tolerated(spec, it));
        self.ground(|it| fits(it) && is_free(it), |it| fits(it) && !is_free(it))
    }

    /// The nodes of some pools, and of others that take none of the pods but count as places.
    fn ground(&self, takes: impl Fn(&NodePool) -> bool, bars: impl Fn(&NodePool) -> bool) -> Option<Ground> {
        let taking: Vec<&NodePool> = self.all.iter().filter(|it| takes(it)).collect();
        let barred: Vec<&NodePool> = self.all.iter().filter(|it| bars(it)).collect();
        let nodes: i64 = taking.iter().map(|it| i64::from(it.nodes)).sum();
        let zones = |it: &&NodePool| it.zones.map(|it| it.0).or(self.zones).map(i64::from);
        let sizes = self.sizes(&taking);
        let count = sizes.as_ref().map_or(0, |it| i64::try_from(it.len()).unwrap_or(MANY));
        let zones_of_all = |all: &[&NodePool]| all.iter().map(zones).collect::<Option<Vec<i64>>>();
        let is_beyond = |it: Vec<i64>| it.into_iter().any(|it| it > count);
        (nodes > 0).then(|| Ground {
            nodes,
            zones: sizes.map(|it| Zones::of_sizes(&it)),
            has_barred: !barred.is_empty(),
            has_barred_zone: zones_of_all(&barred).is_some_and(is_beyond),
        })
    }

    /// Nodes of each zone: each pool fills its zones evenly, from the first.
    fn sizes(&self, pools: &[&NodePool]) -> Option<Vec<i64>> {
        let mut sizes: Vec<i64> = Vec::new();
        for pool in pools {
            let (nodes, zones) = (pool.nodes, pool.zones.map(|it| it.0).or(self.zones)?.clamp(1, pool.nodes));
            let long = usize::try_from(zones).unwrap_or(usize::MAX).min(MOST_ZONES);
            sizes.resize(sizes.len().max(long), 0);
            for (size, at) in sizes.iter_mut().zip(0..zones) {
                *size += i64::from(nodes / zones + u32::from(at < nodes % zones));
            }
        }
        Some(sizes)
    }
}

/// Zones that are told apart.
const MOST_ZONES: usize = 1000;

/// Whether a pod tolerates a taint (`ToleratesTaint` in `k8s.io/api/core/v1/toleration.go`).
fn is_tolerated(spec: NodeRef<'_>, taint: &Taint) -> bool {
    spec.items_at(&["tolerations"]).any(|it| {
        let exists = it.str_at(&["operator"]) == Some("Exists");
        let text = |key: &str| it.at(&[key]).map_or("", NodeRef::text);
        let is_key = text("key") == taint.key || (text("key").is_empty() && exists);
        let is_effect = text("effect").is_empty() || text("effect") == taint.effect;
        is_key && is_effect && (exists || text("value") == taint.value)
    })
}
