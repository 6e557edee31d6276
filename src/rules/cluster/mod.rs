//! Rules on the cluster itself.

mod cluster_too_few_nodes;

rules! {
    cluster_too_few_nodes::ClusterTooFewNodes,
}
