//! The last lines for people.

use super::build::{Run, finding, span};
use edms_lint::finding::{DocumentOutcome, DocumentStatus, EnvironmentSummary, Severity};
use edms_lint::render::summary::render;
use edms_lint::render::{Detail, Look};

const PLAIN: Look = Look { color: false, unicode: true, width: 100, links: None };

/// Fifteen environments that share one file; something is wrong in the last.
fn many() -> Run {
    let mut run = Run::default();
    let file = run.file("a.yaml", "kind: Deployment\n");
    let kind = run.at(file, "kind");
    for number in 1..=15 {
        let document = DocumentOutcome {
            span: span(file, 0, 16),
            title: edms_lint::finding::Title::Text("Deployment a"),
            fate: DocumentStatus::Checked,
        };
        run.report.environments.push(EnvironmentSummary {
            name: format!("env-{number:02}\u{1b}"),
            reason: String::new(),
            documents: vec![document].into(),
            ..EnvironmentSummary::default()
        });
    }
    let mut wrong = finding("pdb-missing", Severity::Error, kind, "wrong");
    wrong.environments = vec!["env-15\u{1b}".into()];
    run.report.findings.push(Box::new(wrong));
    run
}

#[test]
fn many_environments_are_cut_short_and_the_broken_ones_come_first() {
    let run = many();
    let shown = run.write(|report, _, out| render(report, PLAIN, Detail::Normal, out));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "env-15\\u{1b}: 1 document checked; 1 error");
    assert_eq!(lines[1], "env-01\\u{1b}: 1 document checked; no findings");
    let last = ["\u{2026} and 3 more environments (--verbose shows all)", "1 error in 1 document of 15 environments"];
    assert_eq!(lines[12..], last);
    let all = run.write(|report, _, out| render(report, PLAIN, Detail::Verbose, out));
    assert_eq!(all.lines().count(), 16);
}
