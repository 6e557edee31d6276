//! The readiness report for programs. `schemas/readiness-v1.json` describes it.

use super::overview;
use super::{BudgetFact, EnvironmentReadiness, Judged, Part, Readiness, Reason, Row, Score, Word};
use crate::readiness::AttestationState;
use crate::render::json_parts::{Mark, Object, Place};
use crate::source::Sources;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;

/// The version of the format.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Root<'a> {
    version: u32,
    tool: Tool,
    profile: &'a str,
    day: Option<&'a str>,
    overview: Vec<OverviewItem<'a>>,
    environments: Vec<Environment<'a>>,
    attestations: Vec<Attestation<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OverviewItem<'a> {
    environment: &'a str,
    percent: Option<usize>,
    errors: usize,
    warnings: usize,
    is_undecided: bool,
    first: Option<ReasonItem<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment<'a> {
    name: &'a str,
    reason: &'a str,
    remarks: &'a [String],
    is_fragment: bool,
    score: Numbers,
    components: Vec<ComponentItem<'a>>,
    sections: Vec<SectionItem<'a>>,
    beyond: Vec<ReasonItem<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Numbers {
    percent: Option<usize>,
    decided: usize,
    passed: usize,
    failed: usize,
    accepted: usize,
    attested: usize,
    not_verifiable: usize,
    not_applicable: usize,
}

impl From<Score> for Numbers {
    fn from(it: Score) -> Numbers {
        Numbers {
            percent: it.percent(),
            decided: it.decided(),
            passed: it.holds,
            failed: it.fails,
            accepted: it.accepted,
            attested: it.attested,
            not_verifiable: it.not_verifiable,
            not_applicable: it.not_applicable,
        }
    }
}

#[derive(Serialize)]
struct ComponentItem<'a> {
    component: &'static str,
    aspects: BTreeMap<&'static str, &'static str>,
    parts: Vec<PartItem<'a>>,
}

#[derive(Serialize)]
struct PartItem<'a> {
    subject: Object<'a>,
    #[serde(flatten)]
    place: Place<'a>,
    noun: &'static str,
    floor: Option<i64>,
    ceiling: Option<i64>,
    scaler: Option<&'a str>,
    budgets: Vec<BudgetItem<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BudgetItem<'a> {
    name: &'a str,
    demand: &'a str,
    allowed: Option<i64>,
    is_generated: bool,
}

#[derive(Serialize)]
struct SectionItem<'a> {
    id: &'a str,
    title: &'a str,
    sentences: Vec<SentenceItem<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SentenceItem<'a> {
    id: &'a str,
    text: &'a str,
    aspect: &'static str,
    standing: &'static str,
    is_accepted: bool,
    reasons: Vec<ReasonItem<'a>>,
    decided_by: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReasonItem<'a> {
    id: &'a str,
    says: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_by: Option<&'static str>,
    text: &'a str,
    /// The reason for which it is accepted, the rule that comes first, or who vouches.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<Object<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place<'a>>,
    labels: Vec<Mark<'a>>,
    evidence: BTreeMap<&'static str, &'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    components: Vec<&'static str>,
}

#[derive(Serialize)]
struct Attestation<'a> {
    id: &'a str,
    owner: &'a str,
    date: String,
    expires: String,
    evidence: Option<&'a str>,
    environments: &'a [String],
    validity: &'static str,
}

/// Writes the report.
///
/// # Errors
/// Those of the writer.
pub fn render(readiness: &Readiness, sources: &Sources, out: &mut impl io::Write) -> io::Result<()> {
    let root = Root {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        profile: readiness.profile,
        day: readiness.day.as_deref(),
        overview: readiness.by_urgency().into_iter().map(|it| overview_item(it, sources)).collect(),
        environments: readiness.environments.iter().map(|it| environment(it, sources)).collect(),
        attestations: readiness.attestations.iter().map(attestation).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}

fn overview_item<'a>(it: &'a EnvironmentReadiness, sources: &'a Sources) -> OverviewItem<'a> {
    OverviewItem {
        environment: &it.name,
        percent: it.score.percent(),
        errors: it.urgency.errors,
        warnings: it.urgency.warnings,
        is_undecided: it.is_undecided(),
        first: overview::first(it).map(|it| reason(it, sources)),
    }
}

fn environment<'a>(it: &'a EnvironmentReadiness, sources: &'a Sources) -> Environment<'a> {
    let sections = it.sections.iter().map(|(section, judged)| SectionItem {
        id: &section.id,
        title: &section.title,
        sentences: judged.iter().map(|it| sentence(it, sources)).collect(),
    });
    Environment {
        name: &it.name,
        reason: &it.reason,
        remarks: &it.remarks,
        is_fragment: it.is_fragment,
        score: it.score.into(),
        components: it.rows.iter().map(|it| component(it, sources)).collect(),
        sections: sections.collect(),
        beyond: it.beyond.iter().map(|it| reason(it, sources)).collect(),
    }
}

fn component<'a>(it: &'a Row, sources: &'a Sources) -> ComponentItem<'a> {
    let aspects = it.cells.iter().filter_map(|(aspect, standing)| Some((aspect.name(), (*standing)?.name())));
    ComponentItem {
        component: it.component.name(),
        aspects: aspects.collect(),
        parts: it.parts.iter().map(|it| part(it, sources)).collect(),
    }
}

fn part<'a>(it: &'a Part, sources: &'a Sources) -> PartItem<'a> {
    let budget = |it: &'a BudgetFact| BudgetItem {
        name: &it.name,
        demand: &it.demand,
        allowed: it.allowed,
        is_generated: it.is_generated,
    };
    PartItem {
        subject: (&it.subject).into(),
        place: Place::of(it.span, sources),
        noun: it.noun,
        floor: it.floor,
        ceiling: it.ceiling,
        scaler: it.scaler.as_deref(),
        budgets: it.budgets.iter().map(budget).collect(),
    }
}

fn sentence<'a>(it: &'a Judged, sources: &'a Sources) -> SentenceItem<'a> {
    SentenceItem {
        id: &it.sentence.id,
        text: &it.sentence.text,
        aspect: it.sentence.aspect.name(),
        standing: it.standing.name(),
        is_accepted: it.is_accepted(),
        reasons: it.reasons.iter().map(|it| reason(it, sources)).collect(),
        decided_by: &it.deciders,
    }
}

fn reason<'a>(it: &'a Reason, sources: &'a Sources) -> ReasonItem<'a> {
    let (says, severity, by, until) = match &it.word {
        Word::Wrong(severity) => ("wrong", Some(severity.name()), None, None),
        Word::Accepted { severity, why, .. } => ("accepted", Some(severity.name()), Some(why.as_str()), None),
        Word::Follows(by) => ("follows", None, Some(by.as_str()), None),
        Word::Advice => ("advice", Some("note"), None, None),
        Word::Right => ("right", None, None, None),
        Word::Open => ("open", None, None, None),
        Word::SwitchedOff => ("off", None, None, None),
        Word::Vouched { by, until } => ("attested", None, Some(by.as_str()), Some(until.as_str())),
        Word::Lapsed => ("lapsed", None, None, None),
    };
    let accepted_by = match &it.word {
        Word::Accepted { by, .. } => Some(by.name()),
        _ => None,
    };
    ReasonItem {
        id: it.id,
        says,
        severity,
        accepted_by,
        text: &it.text,
        by,
        until,
        subject: (!it.subject.name.is_empty()).then(|| (&it.subject).into()),
        place: it.span.map(|it| Place::of(it, sources)),
        labels: it.labels.iter().map(|it| Mark::of(it.span, &it.text, sources)).collect(),
        evidence: it.evidence.iter().map(|(key, value)| (*key, value.as_str())).collect(),
        help: it.help.as_deref(),
        components: it.components.iter().map(|it| it.name()).collect(),
    }
}

fn attestation(it: &AttestationState) -> Attestation<'_> {
    let said = &it.attestation;
    Attestation {
        id: &said.id,
        owner: &said.owner,
        date: said.date.to_string(),
        expires: said.expires.to_string(),
        evidence: said.evidence.as_deref(),
        environments: &said.environments,
        validity: it.validity.name(),
    }
}
