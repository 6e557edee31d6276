//! What the configuration says of nodes that differ, and of their size.

use crate::source::Span;
use edms_k8s::quantity::Quantity;
use std::collections::BTreeMap;

/// Nodes that are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodePool {
    /// How many.
    pub nodes: u32,
    /// In how many zones, the first of which are those of other pools.
    pub zones: Option<(u32, Span)>,
    /// What they are labelled with.
    pub labels: BTreeMap<String, String>,
    /// What keeps pods away.
    pub taints: Vec<Taint>,
}

/// What keeps pods away from nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value; empty where it has none.
    pub value: String,
    /// `NoSchedule`, `PreferNoSchedule` or `NoExecute`.
    pub effect: String,
}

impl Taint {
    /// Whether it keeps pods away, and not only where that can be.
    pub fn is_hard(&self) -> bool {
        self.effect != "PreferNoSchedule"
    }
}

impl NodePool {
    /// Whether it takes no ordinary pods.
    pub fn is_tainted(&self) -> bool {
        self.taints.iter().any(Taint::is_hard)
    }
}

/// What a node has for pods.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeSize {
    /// CPU.
    pub cpu: Option<Quantity>,
    /// Memory.
    pub memory: Option<Quantity>,
}
