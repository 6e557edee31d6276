//! An audit that remembers the one before it says what one says that remembers nothing.

use crate::common::{cases_of, files_below, root};
use edms_lint::config::Config;
use edms_lint::engine::{self, Kept};
use edms_lint::finding::Report;
use edms_lint::load::{Loaded, from_texts};
use edms_lint::rules;
use std::fs;

/// Some fixtures of one file, each in a folder of its own, and all projects.
fn texts() -> Vec<(String, String)> {
    let is_yaml = |it: &std::path::PathBuf| it.extension().is_some_and(|it| it == "yaml");
    let cases = rules::all().flat_map(cases_of).filter(|it| it.is_file());
    let projects = files_below(&root().join("fixtures/projects")).into_iter().filter(is_yaml);
    let read = |(at, path): (usize, std::path::PathBuf)| {
        let name = match path.strip_prefix(root().join("fixtures/projects")) {
            Ok(name) => name.to_string_lossy().into_owned(),
            Err(_) => format!("case-{at}/a.yaml"),
        };
        Some((name, fs::read_to_string(path).ok()?))
    };
    cases.step_by(17).chain(projects).enumerate().filter_map(read).collect()
}

fn load(texts: &[(String, String)]) -> Loaded {
    let texts: Vec<(&str, &str)> = texts.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    from_texts(&texts)
}

/// All that an audit says.
fn said(report: &Report) -> String {
    let outcomes = report.outcomes();
    format!("{:#?}{:#?}{outcomes:#?}{:#?}", report.findings, report.suppressed, report.passed)
}

#[test]
fn what_stands_as_it_stood_is_judged_as_it_was() {
    let mut texts = texts();
    let config = Config::default();
    let mut kept = Kept::default();
    for round in 0..3 {
        // What is taken away is missed by other environments, too.
        for (_, text) in texts.iter_mut().skip(round * 5).step_by(7).filter(|_| round > 0) {
            *text = match round {
                1 => text.replace("replicas: 3", "replicas: 1").replace("kind: Prometheus\n", "kind: Gone\n"),
                _ => text.replace("kind: Service\n", "kind: Gone\n").replace("minAvailable: 1", "minAvailable: 2"),
            };
        }
        let loaded = load(&texts);
        assert!(loaded.environments.len() > 60, "{}", loaded.environments.len());
        let again = engine::run_again(&loaded.sources, &loaded.environments, &config, &mut kept);
        let anew = engine::run(&loaded.sources, &loaded.environments, &config);
        assert!(said(&again) == said(&anew), "round {round} says something else");
    }
}
