//! What the caller asks of a drill.

use crate::drill::ground::Told;
use std::collections::BTreeMap;

/// At which of its scales a workload is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AtScale {
    /// The least that its autoscaler goes to.
    #[default]
    Least,
    /// The most.
    Most,
    /// What `replicas` says, else the least.
    Written,
}

impl AtScale {
    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            AtScale::Least => "least",
            AtScale::Most => "most",
            AtScale::Written => "written",
        }
    }
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The scale.
    pub at: AtScale,
    /// What the flags say of the cluster.
    pub told: Told,
    /// A node label whose values are lost in place of zones.
    pub key: Option<String>,
    /// Whether pods are where a dump shows them.
    pub is_actual: bool,
    /// Nodes that are drained together; 0 counts as 1.
    pub at_once: i64,
    /// Pods that must answer, by the workload's name, where it is not one.
    pub need: BTreeMap<String, i64>,
}

impl Options {
    /// Nodes that are drained together.
    pub fn at_once(&self) -> i64 {
        self.at_once.max(1)
    }
}
