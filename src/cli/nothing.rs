//! Says it when a run checked no document: what was seen in place of manifests, and what to do. Silence would look
//! like a system in which nothing is wrong.

use super::complain;
use crate::finding::{DocumentOutcome, DocumentStatus, Report};
use crate::load::Loaded;
use crate::render::text::{count, escape};
use crate::render::{skipped, summary};

/// What is said where manifests were found and none was read.
const ALL_LEFT_OUT: &str = "nothing was checked: all manifests here are left out; name a folder or file to have it \
                            checked";

/// Whether the run checked a document; says so if it did not. Inputs that could not be read have been told.
pub(super) fn checked_something(report: &Report, loaded: &Loaded) -> bool {
    let documents = || report.environments.iter().flat_map(|it| it.documents.iter());
    if documents().any(|it| it.fate == DocumentStatus::Checked) {
        return true;
    }
    let streams = loaded.errors.iter().filter(|it| it.is_of_stream()).count();
    if loaded.errors.is_empty() || documents().count() > streams {
        let documents: Vec<&DocumentOutcome> = documents().collect();
        // How to render a chart that was found has been told.
        let advice = advice(&documents).filter(|_| loaded.unrendered.is_empty());
        let is_all_left_out = documents.is_empty() && !report.left_out.is_empty();
        let message = if is_all_left_out { ALL_LEFT_OUT.to_owned() } else { message(&documents, advice) };
        complain(escape(&message));
        for it in &report.left_out {
            complain(escape(&summary::left_out(it)));
        }
    }
    false
}

/// `nothing was checked: 2 documents are skipped: empty (2)`.
fn message(documents: &[&DocumentOutcome], advice: Option<&str>) -> String {
    if documents.is_empty() {
        return "nothing was checked: there are no manifests here (files that end in .yaml, .yml or .json)".to_owned();
    }
    let unknown = documents.iter().filter(|it| it.fate == DocumentStatus::Unknown).count();
    let mut seen: Vec<String> = skipped(documents.iter().copied()).into_iter().collect();
    if unknown > 0 {
        seen.push(format!("of a kind that no rule knows ({unknown})"));
    }
    let advice = advice.map(|it| format!("; {it}")).unwrap_or_default();
    format!("nothing was checked in {}: {}{advice}", count(documents.len(), "document"), seen.join(", "))
}

/// What most likely helps.
fn advice(documents: &[&DocumentOutcome]) -> Option<&'static str> {
    let has = |text: &str| documents.iter().any(|it| it.fate.class().is_some_and(|it| it.contains(text)));
    if has("Helm chart") {
        return Some("render the chart and pipe it in, as in `helm template NAME FOLDER | edms-lint -`");
    }
    if has("template") {
        return Some("render the templates and pipe the result in: `... | edms-lint -`");
    }
    if has("not YAML") {
        return Some("`kubectl apply --dry-run=client -f FILE` refuses it too");
    }
    has("not a Kubernetes object").then_some("a manifest has `apiVersion` and `kind` at its top")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Title;
    use crate::source::{SourceId, Span};

    fn said(reasons: &[&str]) -> String {
        let span = Span { source: SourceId(0), start: 0, end: 0 };
        let fate = |it: &&str| match *it {
            "" => DocumentStatus::Unknown,
            it => DocumentStatus::Skipped(it.to_owned()),
        };
        let documents: Vec<DocumentOutcome> =
            reasons.iter().map(|it| DocumentOutcome { span, title: Title::Text("document"), fate: fate(it) }).collect();
        let documents: Vec<&DocumentOutcome> = documents.iter().collect();
        message(&documents, advice(&documents))
    }

    #[test]
    fn what_was_seen_is_said_and_what_to_do() {
        assert_eq!(said(&["empty"]), "nothing was checked in 1 document: empty (1)");
        assert_eq!(
            said(&["not YAML: a", "not YAML: b", "", "holds only comments"]),
            "nothing was checked in 4 documents: not YAML (2), holds only comments (1), of a kind that no rule knows \
             (1); `kubectl apply --dry-run=client -f FILE` refuses it too"
        );
        assert!(said(&["values of a Helm chart"]).ends_with("`helm template NAME FOLDER | edms-lint -`"));
    }
}
