//! The drill for programs. `schemas/drill-v1.json` describes it.

use crate::drill::ground::MANY;
use crate::drill::{Cluster, Drill, Moment, Outcome, Proof, Subject};
use crate::render::json_parts::Place;
use crate::source::Sources;
use serde::Serialize;
use std::io;

/// The version of the format.
pub const VERSION: u32 = 1;

/// Several environments; a single one stands by itself.
#[derive(Serialize)]
struct Several<'a> {
    version: u32,
    environments: Vec<Whole<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'a> {
    version: u32,
    environment: &'a str,
    cluster: ClusterItem<'a>,
    scale: &'a str,
    subjects: Vec<SubjectItem<'a>>,
    not_judged: &'a [String],
    assumptions: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClusterItem<'a> {
    nodes: i64,
    /// Where the number moves within bounds.
    #[serde(skip_serializing_if = "Option::is_none")]
    most_nodes: Option<i64>,
    /// Whether nothing bounds it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    may_grow: bool,
    zones: Option<i64>,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place<'a>>,
}

#[derive(Serialize)]
struct SubjectItem<'a> {
    group: &'a str,
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
    title: &'a str,
    role: &'static str,
    pods: Option<i64>,
    need: i64,
    place: Place<'a>,
    scenarios: Vec<ScenarioItem<'a>>,
}

#[derive(Serialize)]
struct ScenarioItem<'a> {
    scenario: &'static str,
    verdict: &'static str,
    least: Option<i64>,
    most: Option<i64>,
    recovers: bool,
    reason: &'a str,
    timeline: Vec<MomentItem<'a>>,
    proof: Vec<ProofItem<'a>>,
    because: &'a [&'static str],
}

#[derive(Serialize)]
struct MomentItem<'a> {
    second: i64,
    least: i64,
    most: i64,
    why: &'a str,
}

#[derive(Serialize)]
struct ProofItem<'a> {
    text: &'a str,
    place: Option<Place<'a>>,
}

/// Writes the drills.
///
/// # Errors
/// Those of the writer.
pub fn render(drills: &[Drill], sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    if let [one] = drills {
        serde_json::to_writer_pretty(&mut *out, &environment(one, sources))?;
    } else {
        let environments = drills.iter().map(|it| environment(it, sources)).collect();
        serde_json::to_writer_pretty(&mut *out, &Several { version: VERSION, environments })?;
    }
    writeln!(out)
}

fn environment<'a>(it: &'a Drill, sources: &'a Sources) -> Whole<'a> {
    Whole {
        version: VERSION,
        environment: &it.environment,
        cluster: cluster(&it.cluster, sources),
        scale: it.scale,
        subjects: it.subjects.iter().map(|it| subject(it, sources)).collect(),
        not_judged: &it.unjudged,
        assumptions: &it.assumptions,
    }
}

fn cluster<'a>(it: &'a Cluster, sources: &'a Sources) -> ClusterItem<'a> {
    let least = it.least();
    ClusterItem {
        nodes: least.nodes,
        most_nodes: it.ends.get(1).map(|it| it.nodes).filter(|it| *it < MANY),
        may_grow: it.ends.get(1).is_some_and(|it| it.nodes >= MANY),
        zones: least.zones.map(|it| it.count),
        source: super::source(it),
        place: it.span.map(|it| Place::of(it, sources)),
    }
}

fn subject<'a>(it: &'a Subject, sources: &'a Sources) -> SubjectItem<'a> {
    SubjectItem {
        group: &it.identity.group,
        kind: &it.identity.kind,
        namespace: it.identity.namespace.as_deref(),
        name: &it.identity.name,
        title: &it.title,
        role: it.role.name(),
        pods: it.pods,
        need: it.need,
        place: Place::of(it.span, sources),
        scenarios: it.outcomes.iter().map(|it| scenario(it, sources)).collect(),
    }
}

fn scenario<'a>(it: &'a Outcome, sources: &'a Sources) -> ScenarioItem<'a> {
    let moment = |it: &'a Moment| MomentItem { second: it.second, least: it.least, most: it.most, why: &it.why };
    let proof = |it: &'a Proof| ProofItem { text: &it.text, place: it.span.map(|it| Place::of(it, sources)) };
    ScenarioItem {
        scenario: it.scenario.name(),
        verdict: it.verdict.name(),
        least: it.least,
        most: it.most,
        recovers: it.recovers,
        reason: &it.reason,
        timeline: it.timeline.iter().map(moment).collect(),
        proof: it.proof.iter().map(proof).collect(),
        because: &it.because,
    }
}
