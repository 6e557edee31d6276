//! Rules on the cluster itself.

mod cluster_control_plane_not_redundant;
mod cluster_single_zone;
mod cluster_too_few_nodes;
mod webhook_fails_closed;

rules! {
    cluster_control_plane_not_redundant::ClusterControlPlaneNotRedundant,
    cluster_single_zone::ClusterSingleZone,
    cluster_too_few_nodes::ClusterTooFewNodes,
    webhook_fails_closed::WebhookFailsClosed,
}
