//! Everything that a run found, for programs. `schemas/report-v1.json` describes it.
//!
//! The structs here are the format, apart from the core's types, so that those may change while the
//! format keeps its version. A change that may break a reader needs a new version.

use super::json_parts::{self as parts, Place};
use super::tally::Tally;
use super::{stable_hash, worst_first};
use crate::finding::{
    Classified, Confidence, DocumentOutcome, DocumentStatus, EnvironmentSummary, Finding, Fix, Fixed, LeftOut, Report,
    Suppressed,
};
use crate::source::{Sources, Span};
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
    summary: parts::Summary,
    environments: Vec<Environment<'a>>,
    findings: Vec<Item<'a>>,
    suppressed: Vec<SuppressedItem<'a>>,
    rules: Vec<parts::RuleCounts<'a>>,
    not_verifiable: Vec<parts::NotVerifiable<'a>>,
    blocked: Vec<parts::Blocked<'a>>,
    attested: Vec<parts::Attested<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<LeftOutFiles<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<FixedItem<'a>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    refused: &'a BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct LeftOutFiles<'a> {
    reason: &'static str,
    files: usize,
    places: &'a [String],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment<'a> {
    name: &'a str,
    reason: &'a str,
    remarks: &'a [String],
    counts: parts::Counts,
    documents: Vec<Document<'a>>,
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    title: String,
    fate: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Component<'a> {
    subject: parts::Object<'a>,
    role: &'a str,
    reason: &'a str,
    floor: Option<i64>,
    ceiling: Option<i64>,
    scaled_by: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    subject: parts::Object<'a>,
    environments: &'a [String],
    path: String,
    labels: Vec<parts::Mark<'a>>,
    evidence: serde_json::Map<String, serde_json::Value>,
    help: Option<&'a str>,
    confidence: &'static str,
    fix: Option<FixItem<'a>>,
    fingerprint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    rendered: Option<Rendered<'a>>,
}

/// What a template of a chart was rendered to.
#[derive(Serialize)]
struct Rendered<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    /// As `# Source:` names it.
    template: &'a str,
}

#[derive(Serialize)]
struct FixItem<'a> {
    title: &'a str,
    safety: &'static str,
    edits: Vec<parts::Mark<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    effect: Option<&'a str>,
    /// Why it is only shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct FixedItem<'a> {
    rule: &'a str,
    title: &'a str,
    safety: &'static str,
    subject: parts::Object<'a>,
    files: &'a [String],
}

#[derive(Serialize)]
struct SuppressedItem<'a> {
    finding: Item<'a>,
    kind: &'static str,
    by: Place<'a>,
    reason: &'a str,
}

/// Writes the report as one JSON document. The profile is the name that the run had.
///
/// # Errors
/// Those of the writer.
pub fn render(report: &Report, sources: &Sources, profile: &str, out: &mut impl io::Write) -> io::Result<()> {
    let mut suppressed: Vec<&Suppressed> = report.suppressed.iter().collect();
    suppressed.sort_by(|a, b| super::by_place(&a.finding, &b.finding, sources).then(a.by.cmp(&b.by)));
    let outcomes = report.outcomes();
    let root = Root {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        profile,
        summary: parts::Summary::of(report),
        environments: Tally::of_environments(report).into_iter().map(|it| environment(it, sources)).collect(),
        findings: worst_first(report.shown(), sources).iter().map(|it| item(it, sources)).collect(),
        suppressed: suppressed.iter().map(|it| suppressed_item(it, sources)).collect(),
        rules: parts::rule_counts(report),
        not_verifiable: parts::not_verifiable(&outcomes),
        blocked: parts::blocked(&outcomes, sources),
        attested: parts::attested(&outcomes),
        left_out: report.left_out.iter().map(left_out).collect(),
        fixed: report.fixed.iter().map(fixed).collect(),
        refused: &report.refused,
    };
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}

fn left_out(it: &LeftOut) -> LeftOutFiles<'_> {
    LeftOutFiles { reason: it.reason, files: it.files, places: &it.places }
}

fn environment<'a>((it, tally): (&'a EnvironmentSummary, Tally), sources: &'a Sources) -> Environment<'a> {
    Environment {
        name: &it.name,
        reason: &it.reason,
        remarks: &it.remarks,
        counts: tally.into(),
        documents: it.documents.iter().map(|it| document(it, sources)).collect(),
        components: it.components.iter().map(component).collect(),
    }
}

fn document<'a>(it: &'a DocumentOutcome, sources: &'a Sources) -> Document<'a> {
    let (fate, reason) = match &it.fate {
        DocumentStatus::Checked => ("checked", None),
        DocumentStatus::Unknown => ("unknown", None),
        DocumentStatus::Skipped(reason) => ("skipped", Some(reason.as_str())),
    };
    Document { place: Place::of(it.span, sources), title: it.title.to_string(), fate, reason }
}

fn component(it: &Classified) -> Component<'_> {
    Component {
        subject: (&it.object).into(),
        role: it.role,
        reason: &it.reason,
        floor: it.floor,
        ceiling: it.ceiling,
        scaled_by: it.scaled_by.to_string(),
    }
}

fn item<'a>(it: &'a Finding, sources: &'a Sources) -> Item<'a> {
    Item {
        rule: it.rule.as_str(),
        severity: it.severity.name(),
        message: &it.message,
        place: Place::of(it.span, sources),
        subject: (&it.subject).into(),
        environments: &it.environments,
        path: it.path.to_string(),
        labels: it.labels.iter().map(|it| parts::Mark::of(it.span, &it.text, sources)).collect(),
        evidence: it.evidence.iter().map(|(key, value)| ((*key).to_owned(), value.as_str().into())).collect(),
        help: it.help.as_deref(),
        confidence: match it.confidence {
            Confidence::Certain => "certain",
            Confidence::Heuristic => "heuristic",
        },
        fix: it.fix.as_ref().map(|it| fix(it, sources)),
        fingerprint: stable_hash(&it.fingerprint()),
        rendered: it.rendered.and_then(|it| rendered(it, sources)),
    }
}

fn rendered(span: Span, sources: &Sources) -> Option<Rendered<'_>> {
    let template = sources.origin(span)?.template.as_str();
    Some(Rendered { place: Place::of(span, sources), template })
}

fn fix<'a>(it: &'a Fix, sources: &'a Sources) -> FixItem<'a> {
    let edits = it.edits.iter().map(|it| parts::Mark::of(it.span, &it.text, sources)).collect();
    let (effect, reason) = (it.effect.as_deref(), it.hindrance.as_deref());
    FixItem { title: &it.title, safety: it.safety.name(), edits, effect, reason }
}

fn fixed(it: &Fixed) -> FixedItem<'_> {
    let (rule, safety, subject) = (it.rule.as_str(), it.safety.name(), (&it.subject).into());
    FixedItem { rule, title: &it.title, safety, subject, files: &it.files }
}

fn suppressed_item<'a>(it: &'a Suppressed, sources: &'a Sources) -> SuppressedItem<'a> {
    let (kind, by) = (it.kind.name(), Place::of(it.by, sources));
    SuppressedItem { finding: item(&it.finding, sources), kind, by, reason: &it.reason }
}
