//! Budgets against Kubernetes' own disruption controller.
//!
//! `tests/data/disruption.jsonl` holds environments and the statuses that the controller gave to their
//! budgets; `tests/disruption-judge` makes it. Where `EDMS_LINT_BUDGETS` names another file of the same
//! form, that one is tested too.

use crate::common::{environment, root};
use edms_lint::config::Config;
use edms_lint::engine;
use edms_lint::finding::{Finding, Severity};
use edms_lint::index::{Allowance, Budget, BudgetId, Control, Demand, Index};
use serde_json::Value;
use std::path::Path;

/// The rules that cover budgets which allow nothing.
const RULES: [&str; 2] = ["pdb-blocks-drain", "pdb-custom-controller"];

/// How many wrong budgets a failure shows.
const SHOWN: usize = 20;

#[test]
fn budgets_allow_what_the_controller_allows() {
    let tally = compare(&root().join("tests/data/disruption.jsonl"));
    // So that no condition below swallows what is to be compared.
    assert!(tally.environments >= 1000, "{tally:?}");
    assert!(tally.blocking >= 300 && tally.allowing >= 300 && tally.failed >= 100, "{tally:?}");
    assert!(tally.open * 10 < tally.blocking, "{tally:?}");
    if let Some(more) = std::env::var_os("EDMS_LINT_BUDGETS") {
        compare(Path::new(&more));
    }
}

/// What was compared.
#[derive(Debug, Default)]
struct Tally {
    environments: usize,
    /// Budgets that allow nothing, and are reported.
    blocking: usize,
    /// Of those, the ones that the controller could not compute.
    failed: usize,
    /// Budgets that allow something, and are not.
    allowing: usize,
    /// Budgets whose pods are not there: no eviction asks them.
    idle: usize,
    /// Budgets for Jobs alone.
    jobs: usize,
    /// Budgets that hang on the number of nodes.
    open: usize,
}

fn compare(file: &Path) -> Tally {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let case: Value = serde_json::from_str(line).expect("a line is JSON");
        for difference in compare_case(&case, &mut tally) {
            wrong.push(format!("line {}: {difference}\n    {line}", at + 1));
        }
    }
    let shown = wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{}: {} budgets differ, {tally:?}\n{shown}", file.display(), wrong.len());
    tally
}

fn compare_case(case: &Value, tally: &mut Tally) -> Vec<String> {
    tally.environments += 1;
    let objects: Vec<String> =
        case["objects"].as_array().expect("a case has objects").iter().map(Value::to_string).collect();
    let (sources, environment) = environment(&[("all.yaml".to_owned(), objects.join("\n---\n"))], false);
    let config = Config { select: RULES.map(str::to_owned).to_vec(), ..Config::default() };
    let index = Index::new(&environment, &sources, &config);
    let report = engine::run(&sources, std::slice::from_ref(&environment), &config);
    let mut wrong = Vec::new();
    for status in case["budgets"].as_array().expect("a case has budgets") {
        let name = status["name"].as_str().expect("a budget has a name");
        let written = |it: &(BudgetId, &Budget<'_>)| it.1.manifest().is_some() && it.1.name == name;
        let (id, budget) = index.budgets().find(written).expect("the budget is in the index");
        let findings: Vec<&Finding> = report.shown().filter(|it| it.subject.name == name).collect();
        if let Err(difference) = compare_budget(&index, (id, budget), &findings, status, tally) {
            wrong.push(format!("{name}: {difference}"));
        }
    }
    wrong
}

/// Compares the verdict, then the numbers in the index and in the finding.
fn compare_budget(
    index: &Index<'_>,
    (id, budget): (BudgetId, &Budget<'_>),
    findings: &[&Finding],
    status: &Value,
    tally: &mut Tally,
) -> Result<(), String> {
    // The pods of Jobs that are deleted soon are gone in the status: what is said of them is a warning.
    let finding = findings.iter().copied().find(|it| it.severity == Severity::Error);
    let number = |key: &str| status[key].as_i64().expect("a status has numbers");
    let failed = status["failed"].as_bool() == Some(true);
    let controls: Vec<Control> = index.selected_by(id).iter().map(|it| index.pods(it.pods).control).collect();
    let is_job = |it: &Control| matches!(it, Control::Finite | Control::Kept);
    let has_bare = controls.contains(&Control::Bare);
    if number("expected") == 0 && budget.demand != Demand::Neither && !has_bare && !failed {
        tally.idle += 1;
        return Ok(());
    }
    // The status is that of finished Jobs, and so are errors about pods that stay; while they run, all is said.
    if !controls.is_empty() && controls.iter().all(is_job) {
        tally.jobs += 1;
        let running = status["running"].as_i64().unwrap_or_else(|| number("allowed"));
        expect(
            findings.is_empty() == (running > 0),
            "a budget for Jobs alone is reported or not against what it allows while they run",
        )?;
        if !failed || budget.demand.is_always_zero() {
            return Ok(());
        }
    }
    let allowance = index.allowance(id);
    if matches!(allowance, Allowance::Known { assumed_one: true, .. }) {
        tally.idle += 1;
        return Ok(());
    }
    if allowance == Allowance::Unknown && !budget.demand.is_always_zero() {
        tally.open += 1;
        let is_daemon = |it: &Control| matches!(it, Control::Unscalable("daemonsets.apps"));
        expect(controls.iter().any(is_daemon), "nothing is known, and no DaemonSet is the reason")?;
        return expect(finding.is_none(), "reported, though its number of pods is unknown");
    }
    let blocks = number("allowed") == 0;
    match (blocks, finding) {
        (true, None) => return Err(format!("allows nothing and is not reported: {allowance:?}")),
        (false, Some(finding)) => return Err(format!("allows evictions and is reported: {}", finding.message)),
        _ => {}
    }
    tally.blocking += usize::from(blocks);
    tally.allowing += usize::from(!blocks);
    tally.failed += usize::from(failed);
    expect(failed == matches!(allowance, Allowance::Unscalable(..)), "failed, or not, for us alone")?;
    if let Allowance::Known { allowed, expected, healthy, desired, .. } = allowance {
        let ours = [allowed, healthy, desired];
        let theirs = [number("allowed"), number("healthy"), number("desired")];
        expect(ours == theirs, &format!("allowed, healthy, desired: {ours:?}, and not {theirs:?}"))?;
        // Finished pods are still counted where all pods are, but are no reason to allow anything.
        let is_exact = !controls.contains(&Control::Kept);
        expect(!is_exact || expected == number("expected"), &format!("{expected} expected pods"))?;
    }
    let told = [("pods", "healthy"), ("mustStay", "desired"), ("allowed", "allowed")];
    for (name, value) in finding.into_iter().flat_map(|it| &it.evidence) {
        let key = told.iter().find(|it| it.0 == *name).expect("the evidence is in the status").1;
        expect(*value == number(key).to_string(), &format!("evidence {name} is {value}"))?;
    }
    Ok(())
}

fn expect(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.to_owned()) }
}
