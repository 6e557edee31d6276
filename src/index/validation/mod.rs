//! What the API server refuses when an object is created, beyond the types of its fields: enumerations, bounds,
//! names, duplicates, and fields that exclude each other.
//!
//! The facts are those of Kubernetes 1.36, `pkg/apis/*/validation` and `apimachinery/pkg/api/validation`, after
//! its defaults. What has a rule of its own is left to that: probes' handlers and ports, selectors that do not
//! fit their template, the amounts of budgets, minima above maxima. What an object would need from the cluster is
//! not judged.
//!
//! Of the many fields that can be wrong an object has few: a map is walked once, and each key that is there is judged
//! by its name. Only what has to be there is looked for.

mod addresses;
mod checker;
mod claims;
mod containers;
mod definitions;
mod environment;
mod handlers;
mod ingresses;
mod jobs;
mod metadata;
mod metrics;
mod mounts;
mod names;
mod network_policies;
mod operators;
mod placement;
mod pods;
mod quotas;
mod resources;
mod rights;
mod scaling;
mod secrets;
mod security;
mod services;
mod storage;
mod volumes;
mod workloads;

use crate::model::{Object, Place, products};
use checker::Checker;

/// A value that the API server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where.
    pub place: Place,
    /// What is wrong with it, to be read behind its path, without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The text that was meant in its place, where only one can be.
    pub meant: Option<String>,
}

impl Refusal {
    /// Says what was probably meant.
    fn suggest(&mut self, meant: Option<&str>) {
        self.help = meant.map(|it| format!("did you mean {it}?"));
        self.meant = meant.map(str::to_owned);
    }
}

/// What the API server refuses of an object of one of Kubernetes' own kinds, and what the definitions and webhooks of
/// operators refuse, in the order of its fields; nothing for any other. Values that are template placeholders are left
/// alone.
pub fn refusals(object: &Object) -> Vec<Refusal> {
    let mut checker = Checker::new(object);
    let group = if object.group() == "extensions" { "" } else { object.group() };
    let check: fn(&mut Checker<'_>) = match (group, object.kind()) {
        ("apps", "Deployment") => workloads::deployment,
        ("apps", "StatefulSet") => workloads::stateful_set,
        ("apps", "DaemonSet") => workloads::daemon_set,
        ("apps", "ReplicaSet") | ("", "ReplicationController") => workloads::replica_set,
        ("batch", "Job") => jobs::job,
        ("batch", "CronJob") => jobs::cron_job,
        ("", "Pod") => workloads::pod,
        ("", "Service") => services::service,
        ("networking.k8s.io", "Ingress") => ingresses::ingress,
        ("networking.k8s.io", "NetworkPolicy") => network_policies::policy,
        ("autoscaling", "HorizontalPodAutoscaler") => scaling::autoscaler,
        ("policy", "PodDisruptionBudget") => scaling::budget,
        (products::ARGO, "Rollout") => operators::rollout,
        (products::KEDA, "ScaledObject") => operators::scaled_object,
        (products::VPA, "VerticalPodAutoscaler") => operators::vertical_autoscaler,
        ("", "PersistentVolumeClaim") => claims::claim,
        ("", "PersistentVolume") => storage::volume,
        ("storage.k8s.io", "StorageClass") => storage::class,
        ("scheduling.k8s.io", "PriorityClass") => storage::priority_class,
        ("", "ConfigMap") => secrets::config_map,
        ("", "Secret") => secrets::secret,
        ("", "ResourceQuota") => quotas::quota,
        ("", "LimitRange") => quotas::limits,
        ("networking.k8s.io", "IngressClass") => ingresses::class,
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => rights::role,
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => rights::binding,
        _ if metadata::is_named_plainly(group, object.kind()) => |_| {},
        _ if definitions::is_defined(group, object.kind()) => |_| {},
        _ => return Vec::new(),
    };
    metadata::check(&mut checker);
    check(&mut checker);
    definitions::check(&mut checker);
    checker.found
}

/// `A, B or C`.
fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
