//! Aliases: what they expand to is bounded before anybody follows them.

use super::super::packed::Kind;
use super::{Builder, ParseError};

/// Above this many nodes aliases may not make up more of the expanded document than [`MAX_ALIAS_PERCENT`].
const ALIAS_FREE_NODES: u64 = 1_000;
/// The share of expanded nodes that may come from aliases, as Kubernetes' reader has it for documents
/// of up to 400,000 nodes (goyaml's `allowedAliasRatio`).
const MAX_ALIAS_PERCENT: u64 = 99;
/// No document expands to more nodes than this.
const MAX_EXPANDED_NODES: u64 = 4_000_000;

impl Builder<'_> {
    /// Bounds what aliases expand to, as Kubernetes' reader does.
    pub(super) fn check_expansion(&self) -> Result<(), ParseError> {
        let mut size = vec![1u64; self.nodes.len()];
        let aliases = (0..self.nodes.len()).filter(|at| self.nodes[*at].kind() == Kind::Alias);
        // Each alias' target is complete before the alias, so aliases are settled in document order.
        let mut prefix = Prefix::new(self.nodes.len());
        let mut settled = 0;
        for at in aliases {
            prefix.extend_to(at, &size, &mut settled);
            let target = self.nodes[at].link() as usize;
            let next = self.skip(u32::try_from(target).unwrap_or(u32::MAX)) as usize;
            size[at] = 1u64.saturating_add(prefix.sum(target, next)).min(u64::MAX / 4);
        }
        prefix.extend_to(self.nodes.len(), &size, &mut settled);
        let expanded = prefix.sum(0, self.nodes.len());
        let own = self.nodes.len() as u64;
        let from_aliases = expanded.saturating_sub(own);
        let is_bomb = expanded > MAX_EXPANDED_NODES
            || (expanded > ALIAS_FREE_NODES && from_aliases > 100 && from_aliases > expanded / 100 * MAX_ALIAS_PERCENT);
        if is_bomb {
            let message = format!("aliases expand {own} nodes to {expanded}: more than Kubernetes' reader accepts");
            let first = self.nodes.iter().position(|it| it.kind() == Kind::Alias).unwrap_or(0);
            return Err(self.error_at(u32::try_from(first).unwrap_or(0), message));
        }
        Ok(())
    }
}

/// Running sums of node sizes.
struct Prefix(Vec<u64>);

impl Prefix {
    fn new(capacity: usize) -> Self {
        let mut sums = Vec::with_capacity(capacity + 1);
        sums.push(0);
        Prefix(sums)
    }

    fn extend_to(&mut self, end: usize, size: &[u64], settled: &mut usize) {
        while *settled < end {
            let last = self.0[*settled];
            self.0.push(last.saturating_add(size[*settled]));
            *settled += 1;
        }
    }

    fn sum(&self, start: usize, end: usize) -> u64 {
        self.0[end] - self.0[start]
    }
}
