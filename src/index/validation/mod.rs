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

mod containers;
mod metadata;
mod names;
mod placement;
mod pods;
mod scaling;
mod services;
mod storage;
mod workloads;

use crate::model::{Object, Place, is_placeholder};
use crate::suggest;
use crate::yaml::NodeRef;
use crate::yaml::scalar::Scalar;

/// A value that the API server refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where.
    pub place: Place,
    /// What is wrong with it, to be read behind its path, without a full stop.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What the API server refuses of an object of one of Kubernetes' own kinds, and what the schemas and webhooks of
/// autoscalers refuse, in the order of its fields; nothing for any other. Values that are filled in later are left alone.
pub fn refusals(object: &Object) -> Vec<Refusal> {
    let mut checker = Checker { object, found: Vec::new() };
    let group = if object.group() == "extensions" { "" } else { object.group() };
    let check: fn(&mut Checker<'_>) = match (group, object.kind()) {
        ("apps", "Deployment") => workloads::deployment,
        ("apps", "StatefulSet") => workloads::stateful_set,
        ("apps", "DaemonSet") => workloads::daemon_set,
        ("apps", "ReplicaSet") | ("", "ReplicationController") => workloads::replica_set,
        ("batch", "Job") => workloads::job,
        ("batch", "CronJob") => workloads::cron_job,
        ("", "Pod") => workloads::pod,
        ("", "Service") => services::service,
        ("networking.k8s.io", "Ingress") => services::ingress,
        ("networking.k8s.io", "NetworkPolicy") => services::network_policy,
        ("autoscaling", "HorizontalPodAutoscaler") => scaling::autoscaler,
        ("policy", "PodDisruptionBudget") => scaling::budget,
        ("keda.sh", "ScaledObject") => scaling::scaled_object,
        ("autoscaling.k8s.io", "VerticalPodAutoscaler") => scaling::vertical_autoscaler,
        ("", "PersistentVolumeClaim") => storage::claim,
        ("storage.k8s.io", "StorageClass") => storage::class,
        ("scheduling.k8s.io", "PriorityClass") => storage::priority_class,
        ("", "ConfigMap" | "Secret") => storage::config,
        _ if metadata::is_named_plainly(group, object.kind()) => |_| {},
        _ => return Vec::new(),
    };
    metadata::check(&mut checker);
    check(&mut checker);
    checker.found
}

/// An object under examination.
struct Checker<'o> {
    object: &'o Object,
    found: Vec<Refusal>,
}

impl<'o> Checker<'o> {
    /// The object's root.
    fn root(&self) -> NodeRef<'o> {
        self.object.node()
    }

    /// Refuses the field at these keys below a node.
    fn refuse(&mut self, node: NodeRef<'_>, keys: &[&str], message: impl Into<String>) -> &mut Refusal {
        let place = self.object.place_in(node, keys);
        self.found.push(Refusal { place, message: message.into(), help: None });
        self.found.last_mut().expect("one was added")
    }

    /// A scalar whose value is known.
    fn known(node: NodeRef<'o>, keys: &[&str]) -> Option<NodeRef<'o>> {
        node.at(keys).filter(|it| !it.is_null() && it.scalar().is_some() && !is_placeholder(it.text()))
    }

    /// The text of a field, if it is known and not empty.
    fn text(node: NodeRef<'o>, keys: &[&str]) -> Option<&'o str> {
        Checker::known(node, keys).map(NodeRef::text).filter(|it| !it.is_empty())
    }

    /// Whether a field is there at all, known or not.
    fn has(node: NodeRef<'_>, keys: &[&str]) -> bool {
        node.at(keys).is_some_and(|it| !it.is_null())
    }

    /// A text that has to be one of those that are allowed.
    fn one_of(&mut self, node: NodeRef<'o>, keys: &[&str], allowed: &[&str]) {
        let Some(value) = Checker::text(node, keys).filter(|it| !allowed.contains(it)) else { return };
        let near = suggest::nearest(value, allowed.iter().copied());
        let near = near.or_else(|| allowed.iter().copied().find(|it| it.eq_ignore_ascii_case(value)));
        let message = match allowed {
            [only] => format!("{value} is refused, only {only} is accepted"),
            _ => format!("{value} is none of {}", list(allowed)),
        };
        let refusal = self.refuse(node, keys, message);
        refusal.help = near.map(|it| format!("did you mean {it}?"));
    }

    /// A field that has to be there, not empty.
    fn required(&mut self, node: NodeRef<'o>, keys: &[&str]) -> bool {
        let is_there = node.at(keys).is_some_and(|it| match it.scalar() {
            Some(_) => !it.is_null() && !it.text().is_empty(),
            None => !it.is_null() && (it.is_map() || it.items().next().is_some()),
        });
        if !is_there {
            self.refuse(node, keys, "missing or empty");
        }
        is_there
    }

    /// The same, and its text if that is known.
    fn required_text(&mut self, node: NodeRef<'o>, keys: &[&str]) -> Option<&'o str> {
        if self.required(node, keys) { Checker::text(node, keys) } else { None }
    }

    /// A number that has to lie in a range, both ends included.
    fn within(&mut self, node: NodeRef<'o>, keys: &[&str], low: i64, high: i64) {
        let Some(value) = Checker::known(node, keys) else { return };
        let Some(Scalar::Int(_)) = value.scalar() else { return }; // Types are judged elsewhere.
        let Some(number) = value.as_int().filter(|it| *it < low || *it > high) else { return };
        let limit = if number < low { format!("below {low}") } else { format!("above {high}") };
        self.refuse(node, keys, format!("{number} is {limit}"));
    }

    /// A number that must not be below another.
    fn at_least(&mut self, node: NodeRef<'o>, keys: &[&str], low: i64) {
        self.within(node, keys, low, i64::MAX);
    }

    /// A text that has to be a label of DNS: of containers, volumes, ports of Services.
    fn dns_label(&mut self, node: NodeRef<'o>, keys: &[&str]) {
        let Some(value) = Checker::text(node, keys) else { return };
        if let Err(reason) = names::dns_label(value) {
            self.refuse(node, keys, format!("{value} {reason}"));
        }
    }

    /// Items that must not have the same value of a field.
    fn unique(&mut self, items: impl Iterator<Item = NodeRef<'o>>, keys: &[&str], what: &str) {
        let mut seen = std::collections::HashSet::new();
        for item in items {
            let Some(value) = Checker::text(item, keys) else { continue };
            if !seen.insert(value) {
                self.refuse(item, keys, format!("there are two {what} called {value}"));
            }
        }
    }
}

/// `A, B or C`.
fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
