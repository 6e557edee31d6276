//! What is right is said as well: the readiness report counts it, and an object with a finding is not among it.

use crate::common::{cases_of, environment, files_of, only};
use edms_lint::finding::{Report, Subject};
use edms_lint::model::Environment;
use edms_lint::rule::Entry;
use edms_lint::{engine, rules};
use std::collections::BTreeSet;
use std::path::Path;

/// Rules that call nothing right: they are about single mistakes, and where there is none they have nothing to say.
const SILENT: &[&str] = &[
    "cluster-single-zone",
    "invalid-suppression",
    "manifest-syntax",
    "unused-suppression",
    "config-as-envfrom",
    "bare-pod",
    "image-bitnami-removed",
    "ingress-nginx-retired",
];

/// Runs one rule over a fixture.
fn judged(rule: &'static Entry, case: &Path) -> (Environment, Report) {
    let manifests = files_of(case).into_iter().filter(|it| !it.0.ends_with(".edms-lint.yaml"));
    let texts: Vec<(String, String)> =
        manifests.map(|(name, file)| (name, std::fs::read_to_string(file).expect("a fixture is text"))).collect();
    let is_fragment = case.to_string_lossy().contains("fragment");
    let (sources, environment) = environment(&texts, is_fragment);
    let report = engine::run(&sources, std::slice::from_ref(&environment), &only(&rule.id()));
    (environment, report)
}

/// The objects that pass.
fn right(environment: &Environment, report: &Report) -> BTreeSet<Subject> {
    let objects = report.passed.iter().flat_map(|it| &it.objects);
    objects.map(|it| environment.objects[*it as usize].subject()).collect()
}

#[test]
fn rules_call_objects_right_once_and_none_that_is_wrong() {
    let mut silent = Vec::new();
    for rule in rules::all() {
        let mut passes = false;
        for case in cases_of(rule) {
            let (environment, report) = judged(rule, &case);
            let right = right(&environment, &report);
            for finding in &report.findings {
                let (case, subject) = (case.display(), &finding.subject);
                assert!(!right.contains(subject), "{case}: {} both calls {subject:?} wrong and right", rule.id());
            }
            for passed in &report.passed {
                let is_once = passed.objects.is_sorted_by(|one, other| one < other);
                assert!(is_once, "{}: {} calls an object right twice", case.display(), rule.id());
            }
            passes |= !right.is_empty();
        }
        if !passes {
            silent.push(rule.id().as_str());
        }
    }
    assert_eq!(silent, SILENT);
}
