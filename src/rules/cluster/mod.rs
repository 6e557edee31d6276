//! Rules on the cluster itself.

pub(super) mod cluster_too_few_nodes;
