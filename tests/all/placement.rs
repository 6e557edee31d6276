//! Drills against Kubernetes' own scheduler.
//!
//! `tests/data/placement.jsonl` holds environments and what became of their pods in ten runs each;
//! `tests/placement-judge` makes it. Where `EDMS_LINT_PLACEMENTS` names another file of the same form, that one is
//! compared, too.

#![expect(clippy::print_stdout, reason = "the shares are for people")]

mod claims;
mod manifests;

use crate::common::{environment, root};
use claims::{Tally, contradictions};
use edms_lint::config::Config;
use edms_lint::drill::{Options, drill};
use edms_lint::index::Index;
use manifests::manifests;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How many contradictions a failure shows.
const SHOWN: usize = 20;

fn lines(file: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines().map(|it| serde_json::from_str(it).expect("a line is JSON")).collect()
}

fn committed() -> Vec<Value> {
    lines(&root().join("tests/data/placement.jsonl"))
}

#[test]
fn the_scheduler_never_contradicts_a_drill() {
    let tally = compare(&committed());
    // So that no condition swallows what is to be compared.
    assert!(tally.environments >= 1000 && tally.claims >= 40_000, "{tally:?}");
    assert!(tally.stuck >= 100 && tally.ends >= 300 && tally.survives >= 800 && tally.fails >= 800, "{tally:?}");
    // What may fail does, mostly.
    assert!(tally.may_fail_seen * 2 > tally.may_fail, "{tally:?}");
    println!("{tally:?}");
    if let Some(more) = std::env::var_os("EDMS_LINT_PLACEMENTS") {
        println!("{:?}", compare(&lines(Path::new(&more))));
    }
}

fn compare(cases: &[Value]) -> Tally {
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for case in cases {
        tally.environments += 1;
        for difference in compare_case(case, &mut tally) {
            wrong.push(format!("{}: {difference}", case["name"]));
        }
    }
    let shown = std::env::var("EDMS_LINT_SHOWN").ok().and_then(|it| it.parse().ok()).unwrap_or(SHOWN);
    let shown = wrong.iter().take(shown).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} contradictions, {tally:?}\n{shown}", wrong.len());
    tally
}

/// Drills the manifests of a case, where one pod is needed, half of them, all but one, and all.
fn compare_case(case: &Value, tally: &mut Tally) -> Vec<String> {
    let (sources, environment) = environment(&[("all.yaml".to_owned(), manifests(case))], false);
    let config = Config::default();
    let index = Index::new(&environment, &sources, &config);
    let workloads = case["workloads"].as_array().expect("a case has workloads");
    let most = workloads.iter().filter_map(|it| it["replicas"].as_i64()).max().unwrap_or(1);
    let mut wrong = Vec::new();
    for need in BTreeSet::from([1, (most + 1) / 2, (most - 1).max(1), most]) {
        let needs: BTreeMap<String, i64> = (0..workloads.len()).map(|at| (format!("app-{at}"), need)).collect();
        let drill = drill(&index, &Options { need: needs, ..Options::default() });
        for (at, workload) in workloads.iter().enumerate() {
            let name = format!("app-{at}");
            let is_it = |it: &&edms_lint::drill::Subject| {
                it.identity.name == name && matches!(it.identity.kind.as_str(), "Deployment" | "StatefulSet")
            };
            let subject = drill.subjects.iter().find(is_it).expect("each workload is drilled");
            for difference in contradictions(subject, workload, tally) {
                wrong.push(format!("{name}, {need} needed: {difference}"));
            }
        }
    }
    wrong
}

/// What is proposed for pods without a constraint puts no more of them on one node, or in one zone.
#[test]
fn two_soft_constraints_never_make_it_worse() {
    let cases = committed();
    let named = |name: &str| cases.iter().find(|it| it["name"] == name);
    let mut better = 0;
    let mut pairs = 0;
    for before in &cases {
        let Some(pair) = before["name"].as_str().and_then(|it| it.strip_suffix("-before")) else { continue };
        let after = named(&format!("{pair}-after")).expect("each pair has both");
        pairs += 1;
        for place in ["node", "zone"] {
            let most =
                |case: &Value| case["workloads"][0]["seen"]["rolled"][place][1].as_i64().expect("pods were rolled out");
            assert!(
                most(after) <= most(before),
                "{pair}: {} pods in one {place}, {} before",
                most(after),
                most(before)
            );
            better += i64::from(most(after) < most(before));
        }
    }
    assert!(pairs >= 20, "{pairs} pairs");
    println!("{pairs} pairs, {better} peaks are lower");
}
