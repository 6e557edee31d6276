//! Nodes in zones, as many as there are.

/// What stands for any number of nodes.
pub const MANY: i64 = 1 << 31;

/// The zones of a cluster, and how many nodes lie in the largest and the smallest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zones {
    /// How many.
    pub count: i64,
    /// Nodes of the largest.
    pub largest: i64,
    /// Nodes of the smallest; 0 where some nodes are in none.
    pub smallest: i64,
}

impl Zones {
    /// So many zones over so many nodes, as evenly as that goes.
    pub fn even(count: i64, nodes: i64) -> Zones {
        let count = count.clamp(1, nodes.max(1));
        Zones { count, largest: (nodes + count - 1) / count, smallest: nodes / count }
    }

    /// Zones with these numbers of nodes.
    pub(super) fn of_sizes(sizes: &[i64]) -> Zones {
        let count = i64::try_from(sizes.len()).unwrap_or(MANY);
        let size = |it: Option<&i64>| it.copied().unwrap_or(0);
        Zones { count, largest: size(sizes.iter().max()), smallest: size(sizes.iter().min()) }
    }

    /// Whether the sizes differ by one node at most.
    pub fn are_even(self) -> bool {
        self.largest - self.smallest <= 1 && self.smallest > 0
    }
}

/// Nodes in zones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Nodes that take the pods.
    pub nodes: i64,
    /// Their zones; `None` where no node names one.
    pub zones: Option<Zones>,
    /// Whether there are nodes that take no ordinary pods: a constraint that does not honor taints counts them as empty.
    pub has_barred: bool,
    /// Whether some zones have such nodes alone.
    pub has_barred_zone: bool,
}

/// What the command line says of the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// `--nodes`.
    pub nodes: Option<u32>,
    /// `--zones`.
    pub zones: Option<u32>,
}
