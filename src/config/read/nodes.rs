//! Reads what `cluster:` says of nodes that differ, and of their size: what only a drill reckons with.

use super::Reader;
use crate::config::{NodePool, NodeSize, Taint, keys};
use crate::suggest;
use crate::yaml::{Entry, NodeRef};
use edms_k8s::quantity::Quantity;

/// What a taint does.
const EFFECTS: &[&str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];

impl<'d> Reader<'d> {
    /// `{cpu: 4, memory: 16Gi}`.
    pub(super) fn node_size(&mut self, entry: Entry<'d>) -> NodeSize {
        let mut size = NodeSize::default();
        for field in self.fields(entry.value, Some(entry.key), keys::NODE) {
            let amount = Quantity::read(field.value).filter(|it| *it > Quantity::default());
            if amount.is_none() {
                let text = format!("`{}` is not an amount that a node may have", field.value.text());
                self.error(text, field.value.span(), None);
            }
            let target = if field.name() == "cpu" { &mut size.cpu } else { &mut size.memory };
            *target = amount;
        }
        size
    }

    /// `[{nodes: 3, zones: 3, labels: {disk: fast}, taints: [{key: team, value: a, effect: NoSchedule}]}]`.
    pub(super) fn pools(&mut self, entry: Entry<'d>) -> Vec<NodePool> {
        self.each(entry, Self::pool)
    }

    fn pool(&mut self, item: NodeRef<'d>) -> Option<NodePool> {
        let mut pool = NodePool::default();
        let mut nodes = None;
        for field in self.fields(item, None, keys::POOL) {
            match field.name() {
                "nodes" => nodes = self.count(field),
                "zones" => pool.zones = self.count(field).map(|it| (it, field.line_span())),
                "labels" => {
                    let labels = self.entries(field.value, Some(field.key));
                    pool.labels = labels.iter().map(|it| (it.name().to_owned(), it.value.text().to_owned())).collect();
                }
                _ => pool.taints = self.each(field, Self::taint),
            }
        }
        self.require(item, "nodes", nodes.is_some() || item.at(&["nodes"]).is_some());
        pool.nodes = nodes?;
        if let Some((zones, span)) = pool.zones.filter(|it| it.0 > pool.nodes) {
            self.error(format!("{zones} zones for {} nodes: a zone has a node at least", pool.nodes), span, None);
        }
        Some(pool)
    }

    /// A map as in the API, or `key=value:effect` as `kubectl taint` has it.
    fn taint(&mut self, item: NodeRef<'d>) -> Option<Taint> {
        let taint = if item.is_map() {
            let mut taint = Taint::default();
            for field in self.fields(item, None, keys::TAINT) {
                let target = match field.name() {
                    "key" => &mut taint.key,
                    "value" => &mut taint.value,
                    _ => &mut taint.effect,
                };
                field.value.text().clone_into(target);
            }
            self.require(item, "key", !taint.key.is_empty());
            taint
        } else {
            let (rest, effect) = item.text().rsplit_once(':').unwrap_or((item.text(), ""));
            let (key, value) = rest.split_once('=').unwrap_or((rest, ""));
            Taint { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned() }
        };
        if !EFFECTS.contains(&taint.effect.as_str()) {
            let text = format!("unknown effect `{}` of a taint", taint.effect);
            self.error(text, item.span(), suggest::help(&taint.effect, EFFECTS));
            return None;
        }
        Some(taint)
    }

    /// Whether the nodes of pools that take ordinary pods are as many as there are.
    pub(super) fn check_pools(&mut self, cluster: &crate::config::ClusterFacts) {
        let Some((pools, span)) = &cluster.pools else { return };
        let sum: u64 = pools.iter().filter(|it| !it.is_tainted()).map(|it| u64::from(it.nodes)).sum();
        if let Some((nodes, _)) = cluster.nodes.filter(|it| u64::from(it.0) != sum) {
            let text = format!("`pools` without taints are {sum} nodes, and `nodes` is {nodes}");
            self.error(text, *span, None);
        }
        if cluster.zones_of_nodes.is_some() {
            self.error("`pools` and `zones-of-nodes` say the same: leave one out".to_owned(), *span, None);
        }
    }
}
