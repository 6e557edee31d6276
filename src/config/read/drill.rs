//! Reads `drill:`, what a drill requires and how nodes are drained, and the parts of `cluster:` that only a drill reads.

use super::Reader;
use crate::config::{DrillSetting, REQUIRABLE, keys};
use crate::suggest;
use crate::yaml::{Entry, NodeRef};
use std::collections::BTreeMap;

impl<'d> Reader<'d> {
    pub(super) fn drill(&mut self, entry: Entry<'d>) -> DrillSetting {
        let mut drill = DrillSetting::default();
        for field in self.fields(entry.value, Some(entry.key), keys::DRILL) {
            match field.name() {
                "require" => drill.require = self.each(field, Self::required),
                "at-once" => drill.at_once = self.count(field).map(|it| (it, field.line_span())),
                "need" => {
                    for need in self.entries(field.value, Some(field.key)) {
                        if let Some(pods) = self.count(need) {
                            drill.need.insert(need.name().to_owned(), (pods, need.line_span()));
                        }
                    }
                }
                _ => {
                    for switch in self.fields(field.value, Some(field.key), keys::DRAIN) {
                        let on = self.value(switch);
                        let target =
                            if switch.name() == "force" { &mut drill.force } else { &mut drill.delete_emptydir };
                        *target = on;
                    }
                }
            }
        }
        drill
    }

    fn required(&mut self, item: NodeRef<'d>) -> Option<&'static str> {
        let word: String = self.typed(item, None)?;
        let found = REQUIRABLE.iter().copied().find(|it| *it == word);
        if found.is_none() {
            self.error(format!("unknown value `{word}`"), item.span(), suggest::help(&word, REQUIRABLE));
        }
        found
    }

    /// Nodes of each zone, as in `[2, 2, 1]`.
    pub(super) fn zones_of_nodes(&mut self, entry: Entry<'d>) -> Option<Vec<u32>> {
        let errors = self.errors.len();
        let sizes: Vec<u32> = self.each(entry, |reader, it| {
            let size: u32 = reader.typed(it, None)?;
            if size == 0 {
                reader.error("a zone without nodes is none".to_owned(), it.span(), None);
            }
            Some(size)
        });
        (self.errors.len() == errors && !sizes.is_empty()).then_some(sizes)
    }

    /// Whether the nodes of zones are as many as there are, and the zones too.
    pub(super) fn check_zones_of_nodes(&mut self, cluster: &crate::config::ClusterFacts) {
        let Some((sizes, span)) = &cluster.zones_of_nodes else { return };
        let sum: u64 = sizes.iter().map(|it| u64::from(*it)).sum();
        if let Some((nodes, _)) = cluster.nodes.filter(|it| u64::from(it.0) != sum) {
            self.error(format!("`zones-of-nodes` are {sum} nodes, and `nodes` is {nodes}"), *span, None);
        }
        if let Some((zones, _)) = cluster.zones.filter(|it| usize::try_from(it.0).ok() != Some(sizes.len())) {
            self.error(format!("`zones-of-nodes` are {} zones, and `zones` is {zones}", sizes.len()), *span, None);
        }
    }
}

/// The needs alone.
impl DrillSetting {
    /// Pods that must answer, by the workload's name.
    pub fn needs(&self) -> BTreeMap<String, i64> {
        self.need.iter().map(|(name, it)| (name.clone(), i64::from(it.0))).collect()
    }
}
