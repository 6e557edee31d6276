//! The drill of an environment.

use crate::drill::cluster::Cluster;
use crate::drill::options::Options;
use crate::drill::subject::Subject;
use crate::drill::surroundings::Surroundings;
use crate::drill::workload::{Setting, is_subject, workload};
use crate::index::Index;

/// What becomes of an environment.
#[derive(Clone, Debug)]
pub struct Drill {
    /// Its name.
    pub environment: String,
    /// The cluster that is reckoned with.
    pub cluster: Cluster,
    /// The word of the scale.
    pub scale: &'static str,
    /// Its parts.
    pub subjects: Vec<Subject>,
    /// What is taken for granted, each in a sentence.
    pub assumptions: Vec<String>,
}

/// Drills an environment.
pub fn drill(index: &Index<'_>, options: &Options) -> Drill {
    let cluster = Cluster::read(index, options.told);
    let around = Surroundings::new(index);
    let setting = Setting { index, options, cluster: &cluster, around: &around };
    let subjects = index.workloads().iter().filter(|it| is_subject(it)).map(|it| workload(&setting, it)).collect();
    Drill {
        environment: index.environment().name.clone(),
        scale: options.at.name(),
        subjects,
        assumptions: assumptions(&cluster),
        cluster,
    }
}

fn assumptions(cluster: &Cluster) -> Vec<String> {
    let mut all = vec![
        "every node takes every pod, and there is room".to_owned(),
        "nodes are drained in turn: one is uncordoned, and its pods are ready again, before the next".to_owned(),
        "all pods are ready before, so that unhealthyPodEvictionPolicy does not matter".to_owned(),
        "pods without a controller and with emptyDir go by --force and --delete-emptydir-data".to_owned(),
    ];
    if let Some(zones) = cluster.least().zones.filter(|it| it.count > 1) {
        all.push(format!("zones hold {} to {} nodes each", zones.smallest, zones.largest));
    }
    all
}
