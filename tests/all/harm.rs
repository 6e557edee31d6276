//! Fixes that do harm: they are left, and named, and where nothing helps nothing is written.

use edms_lint::config::Config;
use edms_lint::engine;
use edms_lint::finding::{Finding, Report, Safety};
use edms_lint::fix::{self, Outcome, Request, Stuck};
use edms_lint::load::{Loaded, from_texts};
use edms_lint::rules;
use std::collections::BTreeMap;

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME}
spec:
  replicas: \"2\"
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers: [{name: main, image: \"example.org/main:1\"}]
";

fn load(texts: &BTreeMap<String, String>) -> (Loaded, Report) {
    let texts: Vec<(&str, &str)> = texts.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let loaded = from_texts(&texts);
    let config = Config { select: vec!["manifest-invalid".to_owned()], ..Config::default() };
    let report = engine::run(&loaded.sources, &loaded.environments, &config);
    (loaded, report)
}

/// Fixes so many objects, of which the first that is edited always gets an error of another rule.
fn fixed(count: usize) -> Result<Outcome, Stuck> {
    let name = |at: usize| format!("api-{at:02}");
    let texts: BTreeMap<String, String> =
        (0..count).map(|at| (format!("{}.yaml", name(at)), DEPLOYMENT.replace("NAME", &name(at)))).collect();
    let (loaded, report) = load(&texts);
    let of_file = |it: &Finding| (loaded.sources.get(it.span.source).name().to_owned(), it.clone());
    let wrong: BTreeMap<String, Finding> = report.shown().map(of_file).collect();
    let request = Request { least: Safety::Unsafe, only: Vec::new(), folder: None, named: Vec::new() };
    let audit = |edited: &BTreeMap<String, String>, _| {
        let mut texts = texts.clone();
        texts.extend(edited.clone());
        let (loaded, mut report) = load(&texts);
        if let Some(first) = edited.keys().next() {
            let mut error = wrong[first].clone();
            error.rule = rules::find("pdb-overlap").expect("is a rule").id();
            error.fix = None;
            report.findings.push(Box::new(error));
        }
        Ok((loaded, report))
    };
    fix::run(&request, audit, |_| None)
}

#[test]
fn what_does_harm_is_left_and_named() {
    for count in [1, 12] {
        let outcome = fixed(count).unwrap_or_else(|stuck| panic!("{stuck}"));
        assert!(outcome.texts.is_empty() && outcome.applied.is_empty(), "{count}: something is written");
        assert_eq!(outcome.undone.len(), count, "each is named");
        assert!(outcome.undone.iter().all(|it| it.0.rule == *"manifest-invalid" && it.1 == *"pdb-overlap"));
    }
}

#[test]
fn where_harm_does_not_end_nothing_is_written() {
    let Err(stuck) = fixed(30) else { panic!("something is written") };
    let message = stuck.to_string();
    assert!(message.starts_with("fixes bring new errors of pdb-overlap"), "{message}");
}

#[test]
fn errors_of_rules_that_are_not_selected_count_as_well() {
    let texts = BTreeMap::from([("api.yaml".to_owned(), DEPLOYMENT.replace("NAME", "api"))]);
    let wrong = load(&texts).1.findings.remove(0);
    let request = Request { least: Safety::Unsafe, only: Vec::new(), folder: None, named: Vec::new() };
    let audit = |edited: &BTreeMap<String, String>, _| {
        let mut texts = texts.clone();
        texts.extend(edited.clone());
        Ok(load(&texts))
    };
    let others = |loaded: &Loaded| {
        let mut report = Report::default();
        if loaded.sources.iter().any(|it| it.1.text().contains("replicas: 2")) {
            let rule = rules::find("pdb-missing").expect("is a rule").id();
            report.findings.push(Box::new(Finding { rule, fix: None, ..(*wrong).clone() }));
        }
        if loaded.sources.iter().any(|it| it.1.text().contains("replicas: \"2\"")) { None } else { Some(report) }
    };
    // The page of the rule says that a budget may be missing then.
    let outcome = fix::run(&request, audit, others).unwrap_or_else(|stuck| panic!("{stuck}"));
    assert_eq!((outcome.applied.len(), outcome.undone.len()), (1, 0));
    let others = |loaded: &Loaded| {
        let mut report = others(loaded)?;
        report.findings[0].rule = rules::find("pdb-overlap").expect("is a rule").id();
        Some(report)
    };
    let outcome = fix::run(&request, audit, others).unwrap_or_else(|stuck| panic!("{stuck}"));
    assert_eq!((outcome.applied.len(), outcome.undone.len()), (0, 1));
}
