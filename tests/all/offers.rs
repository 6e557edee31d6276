//! What fixes are offered where one may be wrong: the fixtures that were made for that.

use crate::common::root;
use edms_lint::config::Config;
use edms_lint::engine;
use edms_lint::finding::{RuleId, Safety};
use edms_lint::fix::{self, Outcome, Request};
use edms_lint::load::from_texts;
use edms_lint::rules;
use std::collections::{BTreeMap, BTreeSet};

/// The subject of each finding of a fixture's rule, with how far its fix may be trusted.
const OFFERS: &[(&str, &[(&str, Option<Safety>)])] = &[
    (
        "removed-api-version/fail-target-without-group.yaml",
        &[
            ("too-long-a-window", Some(Safety::Unsafe)),
            ("with-group", Some(Safety::Safe)),
            ("without-group", Some(Safety::DisplayOnly)),
        ],
    ),
    ("manifest-invalid/fail-near-a-duplicate.yaml", &[("other-team", Some(Safety::Unsafe)), ("team", None)]),
    (
        "monitor-port-unknown/fail-which-port.yaml",
        &[
            ("far", Some(Safety::Unsafe)),
            ("far-twice", None),
            ("far-with-path", None),
            ("secure", None),
            ("shop", None),
            ("slip", Some(Safety::Unsafe)),
            ("without-name", Some(Safety::Unsafe)),
        ],
    ),
    ("unused-suppression/fail-on-pods.yaml", &[("backend", Some(Safety::Safe)), ("backend", Some(Safety::Unsafe))]),
    (
        "invalid-suppression/fail-near-names.yaml",
        &[
            ("annotation", Some(Safety::Safe)),
            ("elsewhere", None),
            ("on-pods", Some(Safety::Unsafe)),
            ("one-comment", Some(Safety::Safe)),
        ],
    ),
    (
        "monitor-missing/fail-beside-prometheus.yaml",
        &[("api", None), ("events", Some(Safety::Unsafe)), ("orders", Some(Safety::Unsafe))],
    ),
    ("alert-missing/fail-beside-prometheus.yaml", &[("api", Some(Safety::Unsafe))]),
    ("postgres-listen-localhost/fail-immutable.yaml", &[("orders-db", None)]),
    ("postgres-listen-localhost/fail-localhost.yaml", &[("orders-db", Some(Safety::Unsafe))]),
    ("postgres-logical-slot-lost/fail-default.yaml", &[("orders-source", None)]),
];

#[test]
fn fixes_are_offered_where_they_are_right() {
    for (fixture, expected) in OFFERS {
        let text = std::fs::read_to_string(root().join("fixtures/rules").join(fixture)).expect("the fixture is there");
        let loaded = from_texts(&[("a.yaml", text.as_str())]);
        let (rule, _) = fixture.split_once('/').expect("a fixture lies in the folder of its rule");
        // What the API server refuses is found as well: it makes others less safe.
        let config = Config { select: vec![rule.to_owned(), "manifest-invalid".to_owned()], ..Config::default() };
        let mut report = engine::run(&loaded.sources, &loaded.environments, &config);
        fix::work_out(&mut report, &loaded);
        let own = report.findings.iter().filter(|it| it.rule == *rule);
        let mut offers: Vec<(&str, Option<Safety>)> =
            own.map(|it| (it.subject.name.as_str(), it.fix.as_ref().map(|it| it.safety))).collect();
        offers.sort_by_key(|(name, safety)| (*name, std::cmp::Reverse(*safety)));
        assert_eq!(offers, *expected, "{fixture}");
    }
}

/// Two workloads of one name, of which the second would have a budget of the same name.
const TWINS: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: main, image: \"example.org/api:1\"}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: api, namespace: shop}
spec:
  replicas: 2
  serviceName: api
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec: {containers: [{name: main, image: \"example.org/store:1\"}]}
";

/// What fixing the twins comes to.
fn fixed_twins(config: &Config, only: &[&str]) -> Outcome {
    let only = only.iter().map(|it| (*it).to_owned()).collect();
    let request = Request { least: Safety::Unsafe, only, folder: None, named: Vec::new() };
    let audit = |texts: &BTreeMap<String, String>, _| {
        let loaded = from_texts(&[("a.yaml", texts.get("a.yaml").map_or(TWINS, String::as_str))]);
        let report = engine::run(&loaded.sources, &loaded.environments, config);
        Ok((loaded, report))
    };
    fix::run(&request, audit, |_| None).unwrap_or_else(|stuck| panic!("{stuck}"))
}

#[test]
fn two_new_objects_have_two_names() {
    let config = Config { select: vec!["pdb-missing".to_owned()], ..Config::default() };
    let outcome = fixed_twins(&config, &[]);
    let budgets = outcome.texts["a.yaml"].matches("kind: PodDisruptionBudget\nmetadata:\n  name: api\n").count();
    assert_eq!(budgets, 1, "{}", outcome.texts["a.yaml"]);
}

#[test]
fn components_name_the_rules_that_are_fixed() {
    let applied = fixed_twins(&Config::default(), &["disruption"]).applied;
    let component = |rule: RuleId| rules::find(rule.as_str()).expect("is a rule").page().component;
    let components: BTreeSet<&str> = applied.iter().map(|it| component(it.rule)).collect();
    assert_eq!(components, BTreeSet::from(["disruption"]));
}
