//! Workloads: each with its outcomes on the cluster.

use crate::drill::actual::Actual;
use crate::drill::cluster::Cluster;
use crate::drill::constraints::Asked;
use crate::drill::facts::Facts;
use crate::drill::judged::Judged;
use crate::drill::lose::Lost;
use crate::drill::merge::merged;
use crate::drill::options::{AtScale, Options};
use crate::drill::quorum::majority;
use crate::drill::scale::{is_scaled, pods_at};
use crate::drill::subject::Subject;
use crate::drill::surroundings::Surroundings;
use crate::drill::verdict::{Outcome, Proof, Role, Scenario, Verdict};
use crate::index::postgres::Replication;
use crate::index::{self, Index, ScaledBy, Workload};
use crate::model::WorkloadKind;

/// What all subjects of an environment have in common.
pub(super) struct Setting<'s, 'a> {
    /// The environment.
    pub(super) index: &'s Index<'a>,
    /// What is asked.
    pub(super) options: &'s Options,
    /// The cluster.
    pub(super) cluster: &'s Cluster,
    /// What pods do to each other.
    pub(super) around: &'s Surroundings,
    /// Where pods are, if that is asked.
    pub(super) actual: Option<&'s Actual>,
}

/// Whether a workload is a subject of its own.
pub(super) fn is_subject(workload: &Workload<'_>) -> bool {
    let is_lasting = workload.kind.is_replicated() || (workload.kind == WorkloadKind::Pod && workload.role.is_app());
    is_lasting && workload.role != index::Role::Ignored
}

/// The scenarios of a workload.
fn scenarios(workload: &Workload<'_>) -> Vec<Scenario> {
    let mut all = vec![Scenario::LoseNode, Scenario::LoseZone, Scenario::Drain, Scenario::Roll];
    all.extend(is_scaled(workload).then_some(Scenario::ScaleDown));
    all
}

/// Drills a workload.
pub(super) fn workload<'a>(setting: &Setting<'_, 'a>, workload: &Workload<'a>) -> Subject {
    let object = workload.object;
    let pods = pods_at(workload, setting.options.at);
    let is_quorum = setting.index.majority_of(workload).is_some();
    let usual = pods.filter(|it| is_quorum && *it > 0).map_or(1, majority);
    let need = setting.options.need.get(object.name()).copied().unwrap_or(usual);
    let mut subject = Subject {
        identity: object.subject(),
        title: object.title(),
        span: object.name_span(),
        role: if is_quorum { Role::Quorum } else { role(workload.role) },
        pods,
        ceiling: workload.scale.ceiling,
        need,
        is_counted: true,
        outcomes: Vec::new(),
    };
    let same = |verdict: Verdict, proof: &Proof| -> Vec<Outcome> {
        scenarios(workload).into_iter().map(|it| Outcome::plain(it, verdict, proof.clone())).collect()
    };
    let span = workload.scale_place().span;
    let Some(number) = pods else {
        subject.outcomes = same(Verdict::NotKnown, &Proof::at(doubt(workload), span));
        return subject;
    };
    if number < 1 {
        let why = match workload.scale.by {
            ScaledBy::Keda(_) | ScaledBy::Hpa(_) => "scaled to zero: nothing answers until the first event",
            _ => "0 replicas: nothing runs",
        };
        subject.outcomes = same(Verdict::Asleep, &Proof::at(why, span));
        return subject;
    }
    let asked = match setting.index.pod_spec_of(object) {
        Some(spec) => Asked::read(setting.index, &spec, setting.around),
        None => Asked {
            open: Some(Proof::at("its pod template is not in the manifests", object.name_span())),
            ..Asked::default()
        },
    };
    let mut facts = Facts::read(setting.index, workload, number, asked, need);
    if let Some(room) = &setting.around.room {
        facts.fit(room, workload, setting.cluster.least().nodes);
    }
    facts.allowed(&setting.around.quotas, workload);
    let key = || (object.namespace().unwrap_or_default().to_owned(), kind(workload), object.name().to_owned());
    facts.actual = setting.actual.and_then(|it| it.get(&key()).copied());
    subject.outcomes = outcomes(setting, &facts);
    if let Some(reason) = doubted_data(setting.index, workload).filter(|_| number > 1) {
        for outcome in subject.outcomes.iter_mut().filter(|it| it.verdict != Verdict::Stuck) {
            let scenario = outcome.scenario;
            let least = (outcome.least, outcome.most);
            *outcome = Outcome::plain(scenario, Verdict::NotKnown, reason.clone());
            (outcome.least, outcome.most) = least;
        }
    }
    subject
}

/// Why pods that answer may not have the data: several servers are one database only if something copies it, and moves
/// the part of the primary.
fn doubted_data<'a>(index: &Index<'a>, workload: &Workload<'a>) -> Option<Proof> {
    let span = workload.object.name_span();
    match workload.role {
        index::Role::Kafka => Some(Proof::at("what its topics need is not in the manifests", span)),
        index::Role::Postgres => {
            let server = index.postgres_server(workload);
            match server.map(|it| index.replication(&it)) {
                Some(Replication::Standbys(evidence)) if evidence.manager.is_some() => None,
                Some(Replication::Standbys(evidence)) => {
                    Some(Proof::at("standbys follow a primary, and nothing promotes one of them", evidence.span))
                }
                Some(Replication::Unknown(reason)) => Some(Proof::at(reason, span)),
                Some(Replication::Nothing | Replication::PrimaryOnly(_)) | None => {
                    Some(Proof::at("several servers without replication are databases of their own", span))
                }
            }
        }
        _ => None,
    }
}

fn kind(workload: &Workload<'_>) -> &'static str {
    if workload.kind == WorkloadKind::StatefulSet { "StatefulSet" } else { "Deployment" }
}

/// Why the number of pods is not known, with what stands in its place.
fn doubt(workload: &Workload<'_>) -> String {
    let written = workload.object.node().at(&["spec", "replicas"]).map(crate::yaml::NodeRef::text);
    match written.filter(|it| crate::model::is_placeholder(it)) {
        Some(text) => format!("the number of replicas is a template placeholder: {text}"),
        None => workload.scale.doubt(),
    }
}

/// The outcomes of a workload, those of both ends of a range of nodes merged.
pub(super) fn outcomes(setting: &Setting<'_, '_>, facts: &Facts) -> Vec<Outcome> {
    let at_once = setting.options.at_once();
    let grounds = facts.asked.ground.as_ref().map_or(setting.cluster.ends.as_slice(), std::slice::from_ref);
    let ends: Vec<Vec<Outcome>> = grounds
        .iter()
        .map(|ground| {
            let judged = Judged::new(facts, *ground, at_once);
            let mut outcomes = vec![judged.lose(Lost::Node), judged.lose(Lost::Zone), judged.drain()];
            outcomes.extend(judged.roll());
            if facts.load.moves {
                outcomes.push(after_scale_down(setting, facts, judged.lose(Lost::Node), *ground));
            }
            outcomes
        })
        .collect();
    merged(ends, setting.cluster)
}

/// The loss of a node right after the autoscaler went from its maximum to its minimum.
fn after_scale_down(
    setting: &Setting<'_, '_>,
    facts: &Facts,
    lost: Outcome,
    ground: crate::drill::ground::Ground,
) -> Outcome {
    let at_floor = |floor: i64| {
        let mut facts = facts.clone();
        facts.load.pods = floor;
        Judged::new(&facts, ground, setting.options.at_once()).lose(Lost::Node)
    };
    let outcome = if setting.options.at == AtScale::Least { lost } else { at_floor(facts.floor.max(1)) };
    let mut outcome = Outcome { scenario: Scenario::ScaleDown, ..outcome };
    if facts.floor < 1 {
        let why = Proof::at("scaled to zero: nothing answers until the first event", facts.scale_span);
        return Outcome::plain(Scenario::ScaleDown, Verdict::Asleep, why);
    }
    outcome
        .proof
        .push(Proof::of("which pods a scale-down removes depends on their nodes and age: constraints do not count"));
    outcome
}

/// What a workload is for the drill.
fn role(role: index::Role) -> Role {
    match role {
        index::Role::Consumer => Role::Consumer,
        index::Role::Postgres | index::Role::Datastore => Role::Database,
        index::Role::Kafka => Role::Brokers,
        index::Role::ZooKeeper => Role::Quorum,
        index::Role::Tool | index::Role::Platform | index::Role::Controller => Role::Platform,
        _ => Role::Serving,
    }
}
