//! What is refused, against the API server's own create validation.
//!
//! `tests/data/validation.jsonl` holds changes of the manifests in `tests/validation-judge/seeds`, and what create
//! validation refuses of each; `tests/validation-judge` makes it. Where `EDMS_LINT_VALIDATION` names another file of
//! the same form, that one is tested too, and where it is compared, what is missed is printed.

mod fields;
mod manifests;

use crate::common::{audit, root};
use edms_lint::config::Config;
use edms_lint::finding::{Finding, Severity};
use fields::is_at;
use manifests::{Seeds, edited};
use rayon::prelude::*;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// The rules that say what the API server refuses. All but the first know more than that.
const RULES: &[&str] = &[
    "manifest-invalid",
    "hpa-max-too-low",
    "hpa-target-invalid",
    "pdb-invalid",
    "probe-target-invalid",
    "selector-template-mismatch",
    "service-target-port-unknown",
    "shutdown-cut-short",
];
/// How many in a thousand of the refused manifests have an error, and have it at the field.
struct Floor {
    reported: usize,
    at_field: usize,
}

/// Of the committed ones; these may only rise.
const COMMITTED: Floor = Floor { reported: 999, at_field: 999 };
/// Of any others.
const OTHERS: Floor = Floor { reported: 970, at_field: 900 };

#[test]
#[expect(clippy::print_stderr, reason = "what is missed in another file is for whoever named it")]
fn what_create_validation_refuses_is_reported_and_nothing_else() {
    let tally = compare(&root().join("tests/data/validation.jsonl"), &COMMITTED);
    // So that no condition below swallows what is to be compared.
    assert!(tally.accepted >= 800 && tally.refused >= 1500, "{}", tally.line());
    if let Some(more) = std::env::var_os("EDMS_LINT_VALIDATION") {
        let tally = compare(Path::new(&more), &OTHERS);
        eprintln!("{}\n{}", tally.missed, tally.line());
    }
}

/// What was compared.
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    /// Refused manifests with an error, and with one at a field that is refused.
    reported: usize,
    at_field: usize,
    /// Accepted manifests that are reported.
    wrong: usize,
    /// All that differ, one a line.
    missed: String,
}

impl Tally {
    fn line(&self) -> String {
        let Tally { accepted, refused, reported, at_field, wrong, .. } = self;
        format!(
            "{accepted} accepted, {wrong} of them reported; {refused} refused, {reported} reported, {at_field} there"
        )
    }
}

fn compare(file: &Path, floor: &Floor) -> Tally {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let seeds = Seeds::read();
    let cases: Vec<Value> = text.lines().map(|it| serde_json::from_str(it).expect("a line is JSON")).collect();
    let verdicts: Vec<Verdict> = cases.par_iter().map(|it| judge(&seeds, it)).collect();
    let mut tally = Tally::default();
    for (case, verdict) in cases.iter().zip(verdicts) {
        count(&mut tally, case, &verdict);
    }
    let share = |number: usize| number * 1000 / tally.refused.max(1);
    let holds = tally.wrong == 0 && share(tally.reported) >= floor.reported && share(tally.at_field) >= floor.at_field;
    assert!(holds, "{}: {}\n{}", file.display(), tally.line(), tally.missed);
    tally
}

fn count(tally: &mut Tally, case: &Value, verdict: &Verdict) {
    let is_accepted = case.get("refused").is_none();
    tally.accepted += usize::from(is_accepted);
    tally.refused += usize::from(!is_accepted);
    let word = match (is_accepted, verdict) {
        (true, Verdict::Silent) => return,
        (true, Verdict::Here(_) | Verdict::Elsewhere(_)) => {
            tally.wrong += 1;
            "accepted"
        }
        (false, Verdict::Here(_)) => {
            tally.reported += 1;
            tally.at_field += 1;
            return;
        }
        (false, Verdict::Elsewhere(_)) => {
            tally.reported += 1;
            "elsewhere"
        }
        (false, Verdict::Silent) => "unreported",
    };
    let said = match verdict {
        Verdict::Silent => "",
        Verdict::Here(said) | Verdict::Elsewhere(said) => said,
    };
    writeln!(tally.missed, "{word}: {case}\n    {said}").expect("a string takes all");
}

/// What is said of a manifest.
enum Verdict {
    Silent,
    /// Something, at a field that is refused.
    Here(String),
    /// Something, but not there.
    Elsewhere(String),
}

fn judge(seeds: &Seeds, case: &Value) -> Verdict {
    let manifest = edited(seeds, case);
    let config = Config { select: RULES.iter().map(|it| (*it).to_owned()).collect(), ..Config::default() };
    let (_, report) = audit(&[("all.yaml".to_owned(), manifest.to_string())], &config, false);
    // Of what is accepted, the other rules may speak: a budget that selects nothing is stored.
    let counts = |it: &&Finding| {
        // That nothing of the target's name is here is no matter of the API server.
        let is_about_it = it.rule != "hpa-target-invalid" || it.path.to_string().ends_with("apiVersion");
        it.severity == Severity::Error && is_about_it && (case.get("refused").is_some() || it.rule == RULES[0])
    };
    let findings: Vec<&Finding> = report.shown().filter(counts).collect();
    if findings.is_empty() {
        return Verdict::Silent;
    }
    let said: Vec<String> = findings.iter().map(|it| format!("{} at {}: {}", it.rule, it.path, it.message)).collect();
    let refused = case.get("refused").and_then(Value::as_array);
    let is_here = refused.into_iter().flatten().any(|refusal| {
        let field = refusal.get("field").and_then(Value::as_str);
        findings.iter().any(|it| is_at(&it.path, field, case, &manifest))
    });
    if is_here { Verdict::Here(said.join("\n    ")) } else { Verdict::Elsewhere(said.join("\n    ")) }
}
