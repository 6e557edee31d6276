//! Custom resources that run pods of which the drill knows nothing: they are named, so that nobody takes them for safe.

use crate::drill::subject::Subject;
use crate::finding::Subject as Identity;
use crate::index::Index;
use crate::model::{Object, is_built_in, products};
use std::collections::HashSet;

/// Kinds that run pods even where they do not say how many.
const RUNNING: &[(&str, &[&str])] =
    &[(products::PROMETHEUS, &["Prometheus", "PrometheusAgent", "ThanosRuler", "Alertmanager"])];

/// Where custom resources say how many pods they run.
const COUNTS: &[&[&str]] = &[
    &["spec", "replicas"],
    &["spec", "instances"],
    &["spec", "members"],
    &["spec", "size"],
    &["spec", "replicaCount"],
];

/// Kinds that count something else there, or a part of what is drilled: copies of a topic, brokers of a pool.
const OTHERS: &[(&str, &[&str])] = &[(products::STRIMZI, &["KafkaTopic", "KafkaNodePool"])];

/// Groups whose kinds count machines.
const MACHINES: &[&str] = &["cluster.x-k8s.io", "karpenter.sh", "machine.openshift.io"];

/// The titles of those that are no part of the drill, in the order of their objects, each once.
pub(super) fn unjudged(index: &Index<'_>, subjects: &[Subject]) -> Vec<String> {
    let drilled: HashSet<&Identity> = subjects.iter().map(|it| &it.identity).collect();
    let mut titles: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    for object in index.objects().filter(|it| runs_pods(it)) {
        let identity = object.subject();
        if !drilled.contains(&identity) && seen.insert(identity) {
            titles.push(object.title());
        }
    }
    titles
}

/// Whether an operator runs pods for a custom resource, as far as that shows.
fn runs_pods(object: &Object) -> bool {
    let (group, kind) = (object.group(), object.kind());
    let is_in = |list: &[(&str, &[&str])]| list.iter().any(|it| it.0 == group && it.1.contains(&kind));
    let is_of_machines = MACHINES.iter().any(|it| group == *it || group.ends_with(&format!(".{it}")));
    if is_built_in(group) || group.is_empty() || is_of_machines || is_in(OTHERS) {
        return false;
    }
    is_in(RUNNING) || COUNTS.iter().any(|it| object.node().int_at(it).is_some_and(|it| it > 0))
}
