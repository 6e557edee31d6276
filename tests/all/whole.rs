//! All rules on everything that we have: no panic, places inside their texts, one order.

use crate::common::{describe, files_below, root};
use edms_lint::config::Config;
use edms_lint::finding::{Report, Undecided};
use edms_lint::load::{self, Input, Options};
use edms_lint::source::{Sources, Span};
use edms_lint::{engine, render};
use std::path::{Path, PathBuf};

fn audit(inputs: &[Input], working_dir: &Path) -> (Sources, Report) {
    let config = Config::default();
    let options = Options { config: &config, config_dir: None, working_dir };
    let loaded = load::load(inputs, Sources::default(), &options);
    assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    (loaded.sources, report)
}

/// Every span that a report shows.
fn spans(report: &Report) -> Vec<Span> {
    let mut spans = Vec::new();
    for finding in report.shown().chain(report.suppressed.iter().map(|it| &it.finding)) {
        spans.push(finding.span);
        spans.extend(finding.labels.iter().map(|it| it.span));
    }
    spans.extend(report.environments.iter().flat_map(|it| it.documents.iter()).map(|it| it.span));
    spans.extend(report.outcomes().iter().filter_map(|it| match &it.undecided {
        Undecided::Blocked { label, .. } => Some(label.span),
        _ => None,
    }));
    spans
}

fn json(report: &Report, sources: &Sources) -> String {
    let mut bytes = Vec::new();
    render::json::render(report, sources, "default", &mut bytes).expect("memory takes all");
    String::from_utf8(bytes).expect("JSON is UTF-8")
}

#[test]
fn spans_lie_in_their_texts_and_every_format_takes_them() {
    for file in files_below(&root().join("fixtures")) {
        let (sources, report) = audit(&[Input::Path(file.clone())], &root());
        for span in spans(&report) {
            let text = sources.get(span.source).text();
            assert!(text.get(span.range()).is_some(), "{}: {span:?} of {} bytes", file.display(), text.len());
        }
        let look = render::Look { color: true, unicode: true, width: 100, links: None };
        let mut out = Vec::new();
        render::pretty::render(&report, &sources, look, render::Detail::Verbose, false, &mut out)
            .expect("memory takes all");
        let shown = String::from_utf8(out).expect("reports are UTF-8");
        let plain = shown.replace("\u{1b}[", "");
        assert!(!plain.contains(['\u{1b}', '\u{202e}', '\u{2066}']), "{} reaches the terminal raw", file.display());
    }
}

#[test]
fn the_order_of_arguments_does_not_matter() {
    let mut files: Vec<Input> = files_below(&root().join("fixtures")).into_iter().map(Input::Path).collect();
    let (sources, report) = audit(&files, &root());
    let forwards = json(&report, &sources);
    files.reverse();
    let (sources, report) = audit(&files, &root());
    assert!(forwards == json(&report, &sources), "reports differ for reversed arguments");
}

#[test]
fn every_document_is_accounted_for() {
    let (_, report) = audit(&[Input::Path(root().join("fixtures/projects"))], &root());
    let documents: usize = report.environments.iter().map(|it| it.documents.len()).sum();
    assert!(documents > 10, "{documents} documents");
}

#[test]
fn projects_say_what_they_say() {
    let folders = std::fs::read_dir(root().join("fixtures/projects")).expect("there are projects");
    let mut folders: Vec<PathBuf> =
        folders.map(|it| it.expect("can be read").path()).filter(|it| it.is_dir()).collect();
    folders.sort();
    for folder in folders {
        let name = folder.file_name().expect("a project has a name").to_string_lossy().into_owned();
        let (sources, report) = audit(&[Input::Path(folder.clone())], &folder);
        let mut told = String::new();
        for environment in &report.environments {
            told.push_str(&format!(
                "{}: {} documents, {}\n",
                environment.name,
                environment.documents.len(),
                environment.reason
            ));
            for remark in &environment.remarks {
                told.push_str(&format!("  {remark}\n"));
            }
        }
        told.push('\n');
        told.push_str(&describe(&sources, &report.findings));
        insta::with_settings!({ snapshot_path => root().join("tests/snapshots"), prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("project-{name}"), told);
        });
    }
}
