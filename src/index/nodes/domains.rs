//! How many nodes or zones there are for pods that must be apart, as far as manifests or the configuration tell.

use crate::source::Span;

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
