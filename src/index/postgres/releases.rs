//! Databases that run as several workloads: a primary and its standbys.

use crate::index::PostgresClusters;
use crate::index::postgres::{Flavor, PostgresCluster};
use crate::model::Object;
use std::cmp::Reverse;
use std::collections::HashMap;

/// The words by which charts and people call the parts of one database.
const PARTS: &[&str] = &["primary", "read", "master", "slave", "replica", "replicas", "standby", "secondary"];
/// Those of a part that only follows.
const FOLLOWERS: &[&str] = &["read", "slave", "replica", "replicas", "standby", "secondary"];

impl<'a> PostgresClusters<'a> {
    /// The databases, those together that run their primary and their standbys as workloads of their own.
    pub fn postgres_releases(&self) -> Vec<Vec<&PostgresCluster<'a>>> {
        let mut releases: Vec<Vec<&PostgresCluster<'a>>> = Vec::new();
        let mut known: HashMap<(Option<&str>, String), usize> = HashMap::new();
        for cluster in self.postgres_clusters() {
            let Some(name) = part_of(cluster) else {
                releases.push(vec![cluster]);
                continue;
            };
            let at = *known.entry((cluster.object.namespace(), name)).or_insert(releases.len());
            match releases.get_mut(at) {
                Some(members) => members.push(cluster),
                None => releases.push(vec![cluster]),
            }
        }
        releases
    }
}

/// Of the workloads of one database, the one that runs the primary: the first of those that run.
pub fn primary_of<'c, 'a>(members: &[&'c PostgresCluster<'a>]) -> Option<&'c PostgresCluster<'a>> {
    members.iter().copied().max_by_key(|it| (it.instances > Some(0), Reverse(it.object.name_span())))
}

/// Whether a workload's name or label says that it runs standbys only.
pub fn is_named_follower(object: &Object) -> bool {
    let is_follower = |it: &str| FOLLOWERS.contains(&it);
    object.label("app.kubernetes.io/component").is_some_and(is_follower) || object.name().split('-').any(is_follower)
}

/// The release or name of which a workload is a part: its label, or its name without the part's word.
fn part_of(cluster: &PostgresCluster<'_>) -> Option<String> {
    let object = cluster.object;
    let is_part = |it: &str| PARTS.contains(&it);
    if cluster.flavor != Flavor::SelfManaged {
        return None;
    }
    let is_labelled = object.label("app.kubernetes.io/component").is_some_and(is_part);
    if let (true, Some(instance)) = (is_labelled, object.label("app.kubernetes.io/instance")) {
        return Some(format!("release {instance}"));
    }
    let words: Vec<&str> = object.name().split('-').collect();
    let rest: Vec<&str> = words.iter().copied().filter(|it| !is_part(it)).collect();
    (rest.len() < words.len()).then(|| rest.join("-"))
}
