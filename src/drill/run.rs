//! The drill of an environment.

use crate::config::DrillSetting;
use crate::drill::actual::actual;
use crate::drill::cluster::Cluster;
use crate::drill::daemons::{daemons, is_daemon};
use crate::drill::kafka::kafka;
use crate::drill::operands::operands;
use crate::drill::options::Options;
use crate::drill::postgres::postgres;
use crate::drill::services::{Known, entries, services};
use crate::drill::subject::Subject;
use crate::drill::surroundings::Surroundings;
use crate::drill::verdict::{Outcome, Role, Scenario, Verdict};
use crate::drill::words::count;
use crate::drill::workload::{Setting, is_subject, workload};
use crate::finding::Subject as Identity;
use crate::index::Index;
use crate::index::postgres::Flavor;
use crate::model::ObjectId;
use std::collections::HashSet;

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
    /// What may run pods that the manifests do not show, and is no part, by its titles.
    pub unjudged: Vec<String>,
    /// What is taken for granted, each in a sentence.
    pub assumptions: Vec<String>,
    /// Whether pods are where a dump shows them.
    pub is_actual: bool,
}

/// Parts that a sentence names.
const NAMED: usize = 4;

impl Drill {
    /// What a lost node stops, in a sentence with its numbers, and the first part that it is about; `None` where
    /// nothing is judged.
    pub fn single_points(&self) -> Option<(String, &Subject)> {
        let own = self.subjects.iter().filter(|it| !matches!(it.role, Role::Service | Role::Ingress | Role::Platform));
        let lost: Vec<(&Subject, Verdict)> =
            own.filter_map(|it| Some((it, it.outcome(Scenario::LoseNode)?.verdict))).collect();
        let of = |verdict: Verdict| lost.iter().filter(move |it| it.1 == verdict).map(|it| it.0);
        let (fail, may) = (of(Verdict::Fails).count(), of(Verdict::MayFail).count());
        let first = of(Verdict::Fails).chain(of(Verdict::MayFail)).next().or(lost.first().map(|it| it.0))?;
        let named: Vec<&str> = of(Verdict::Fails).take(NAMED).map(|it| it.title.as_str()).collect();
        let more = if fail > NAMED { format!(" and {} more", fail - NAMED) } else { String::new() };
        let colon = if named.is_empty() { "" } else { ": " };
        let survive = of(Verdict::Survives).count();
        let text = format!(
            "a lost node stops {fail} of {} parts for certain, may stop {may}, and {survive} survive{colon}{}{more}",
            lost.len(),
            named.join("; ")
        );
        Some((text, first))
    }
}

impl Drill {
    /// What a hard topology spread constraint does not hold at the floor of an autoscaler, in a sentence with its numbers,
    /// and the first part that it is about; `None` where there is none such.
    pub fn at_the_floor(&self) -> Option<(String, &Subject)> {
        let is_skewed = |it: &Outcome| {
            it.scenario == Scenario::ScaleDown && it.verdict == Verdict::MayFail && it.because.contains(&SKEWED)
        };
        let skewed: Vec<(&Subject, &Outcome)> = self
            .subjects
            .iter()
            .filter(|it| !matches!(it.role, Role::Service | Role::Ingress | Role::Platform))
            .filter_map(|it| Some((it, it.outcomes.iter().find(|it| is_skewed(it))?)))
            .collect();
        let (first, outcome) = skewed.first()?;
        let more = if skewed.len() > 1 { format!(", and so for {} more", skewed.len() - 1) } else { String::new() };
        let text = format!(
            "after a scale-down no topologySpreadConstraint keeps the pods of {} on several nodes{more}: {}",
            first.title, outcome.reason
        );
        Some((text, first))
    }
}

/// The rule about constraints that leave pods out of balance.
const SKEWED: &str = "spread-skewed-by-rollout";

/// Drills an environment.
pub fn drill(index: &Index<'_>, options: &Options) -> Drill {
    let cluster = Cluster::read(index, options.told, options.key.as_deref());
    let around = Surroundings::new(index, options);
    let actual = if options.is_actual { actual(index, options.key.as_deref()) } else { None };
    let setting = Setting { index, options, cluster: &cluster, around: &around, actual: actual.as_ref() };
    let subjects = subjects(&setting);
    Drill {
        environment: index.environment().name.clone(),
        scale: options.at.name(),
        unjudged: unjudged(index, &subjects),
        subjects,
        assumptions: assumptions(&cluster, &index.config().drill),
        is_actual: actual.is_some(),
        cluster,
    }
}

/// All parts, in the order of their objects; what leads to them comes last.
fn subjects(setting: &Setting<'_, '_>) -> Vec<Subject> {
    let (index, cluster, around) = (setting.index, setting.cluster, setting.around);
    let mut own: Vec<(ObjectId, Subject)> = Vec::new();
    for it in index.workloads().iter().filter(|it| is_subject(it)) {
        own.push((it.object.id(), workload(setting, it)));
    }
    for it in index.workloads().iter().filter(|it| is_daemon(setting, it)) {
        own.push((it.object.id(), daemons(setting, it)));
    }
    own.extend(operands(setting).into_iter().map(|it| (it.0.id(), it.1)));
    for it in index.kafka_clusters() {
        own.extend(kafka(setting, it).into_iter().map(|subject| (it.object.id(), subject)));
    }
    for it in index.postgres_clusters().iter().filter(|it| it.flavor != Flavor::SelfManaged) {
        own.push((it.object.id(), postgres(index, around, it, cluster)));
    }
    own.sort_by_key(|it| it.0);
    let is_workload = |it: &&(ObjectId, Subject)| !matches!(it.1.role, Role::Brokers | Role::Topic | Role::Quorum);
    let known: Known<'_> = own.iter().filter(is_workload).map(|it| (it.0, &it.1)).collect();
    let services = services(index, &known);
    let entries = entries(index, &services);
    let services = services.into_iter().map(|it| it.1);
    own.into_iter().map(|it| it.1).chain(services).chain(entries).map(Subject::anchored).collect()
}

/// The titles of what may run pods that the manifests do not show and is not drilled, in order, each once.
fn unjudged(index: &Index<'_>, subjects: &[Subject]) -> Vec<String> {
    let drilled: HashSet<&Identity> = subjects.iter().map(|it| &it.identity).collect();
    let mut seen = HashSet::new();
    let makers = index.unseen_makers().iter().map(|it| (it.subject(), it.title()));
    makers.filter(|it| !drilled.contains(&it.0) && seen.insert(it.0.clone())).map(|it| it.1).collect()
}

fn assumptions(cluster: &Cluster, setting: &DrillSetting) -> Vec<String> {
    let goes = |flag: &str, is_there: Option<bool>| match is_there {
        Some(false) => format!("drains without {flag} stop at them"),
        _ => format!("they go by {flag}"),
    };
    let mut all = vec![
        "every node takes every pod, and there is room".to_owned(),
        "nodes are drained in turn: one is uncordoned, and its pods are ready again, before the next".to_owned(),
        "all pods are ready before, so that unhealthyPodEvictionPolicy does not matter".to_owned(),
        format!("pods without a controller: {}", goes("--force", setting.force)),
        format!("pods with emptyDir: {}", goes("--delete-emptydir-data", setting.delete_emptydir)),
    ];
    if let Some(zones) = cluster.least().zones.filter(|it| it.count > 1) {
        let sizes = match (zones.smallest, zones.largest) {
            (one, other) if one == other => count(one, "node"),
            (least, most) => format!("{least} to {}", count(most, "node")),
        };
        all.push(format!("each zone holds {sizes}"));
    }
    all
}
