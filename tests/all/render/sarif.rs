//! SARIF for code scanning.

use super::build::{Run, full, label, span};
use edms_lint::finding::Severity;
use edms_lint::render::RuleInfo;
use edms_lint::render::sarif::{Options, render};
use serde_json::{Value, json};

fn rule(id: &str, level: Option<Severity>, heuristic: bool) -> RuleInfo {
    RuleInfo {
        id: id.to_owned(),
        title: format!("The title of {id}"),
        summary: format!("What {id} checks, in a paragraph."),
        markdown: format!("# {id}\n\nWhy it **matters**.\n"),
        text: format!("{id}: why it matters."),
        level,
        tags: vec!["disruption".to_owned(), "guideline/3.2".to_owned(), "disruption".to_owned()],
        heuristic,
    }
}

fn rules() -> Vec<RuleInfo> {
    vec![
        rule("never-runs", None, false),
        rule("pdb-blocks-drain", Some(Severity::Error), false),
        rule("replicas-too-few", Some(Severity::Note), false),
        rule("topology-missing", Some(Severity::Warning), true),
    ]
}

fn log_with(run: &Run, rules: &[RuleInfo], category: Option<&str>) -> Value {
    // The repository's root is one folder above the files' names.
    let path = |id| Some(format!("deploy/{}", run.sources.get(id).name()));
    let options = Options { rules, category, path: &path, shows_suppressed: false };
    let text = run.write(|report, sources, out| render(report, sources, &options, out));
    assert!(text.starts_with('{') && text.ends_with("}\n"));
    serde_json::from_str(&text).expect("SARIF is JSON")
}

fn log(run: &Run) -> Value {
    log_with(run, &rules(), None)
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().expect("results are there, if only none")
}

fn assert_official(log: &Value) {
    let schema: Value =
        serde_json::from_str(include_str!("../../schemas/sarif-2.1.0.json")).expect("the official schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the official schema is a schema");
    let errors: Vec<String> = validator.iter_errors(log).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

/// Lines on which consumers disagree about columns, and lines that break in all ways.
fn odd_lines() -> Run {
    let mut run = Run::default();
    let text = "\u{feff}kind: \u{1f680} x: 1\r\nna\u{ef}ve: \u{1f680} y: 2\rz: 3\n  w: |\n    1\n    2\n";
    let file = run.file("my files/odd.yaml", text);
    for (needle, message) in [("x: 1", "x"), ("y: 2", "y"), ("z: 3", "z"), ("w: |\n    1", "w")] {
        let at = run.at(file, needle);
        run.find("pdb-blocks-drain", Severity::Error, at, message);
    }
    let start = run.at(file, "z: 3").start as usize;
    run.find("topology-missing", Severity::Warning, span(file, start, start), "empty");
    let end = run.sources.get(file).text().len();
    run.find("replicas-too-few", Severity::Note, span(file, end, end), "at the end");
    run
}

#[test]
fn it_fits_the_official_schema() {
    for run in [full(), odd_lines(), Run::default()] {
        assert_official(&log(&run));
    }
    let mut broken = log(&full());
    broken["runs"][0]["results"][0]["level"] = json!("fatal");
    let caught = std::panic::catch_unwind(|| assert_official(&broken));
    assert!(caught.is_err(), "the schema refuses an unknown level");
}

#[test]
fn a_clean_run_has_results_and_all_rules() {
    let log = log(&Run::default());
    assert_eq!(results(&log).len(), 0);
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(4));
    assert_eq!(run["invocations"], json!([{"executionSuccessful": true}]));
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    assert_eq!(run.get("automationDetails"), None);
}

#[test]
fn rules_carry_their_help() {
    let log = log(&Run::default());
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    assert_eq!(
        rules[3],
        json!({
            "id": "topology-missing",
            "name": "TopologyMissing",
            "shortDescription": {"text": "The title of topology-missing"},
            "fullDescription": {"text": "What topology-missing checks, in a paragraph."},
            "help": {
                "text": "topology-missing: why it matters.",
                "markdown": "# topology-missing\n\nWhy it **matters**.\n",
            },
            "defaultConfiguration": {"level": "warning"},
            "properties": {
                "tags": ["disruption", "guideline/3.2"],
                "precision": "medium",
                "problem.severity": "warning",
            },
        })
    );
    assert_eq!(rules[0]["defaultConfiguration"], json!({"enabled": false}));
    assert_eq!(rules[2]["properties"]["problem.severity"], "recommendation");
}

#[test]
fn a_result_has_what_the_service_reads() {
    let log = log(&full());
    assert_eq!(results(&log).len(), 3, "suppressed, folded and unverifiable ones are none");
    // By hand: `  minAvailable: 3` is line 6; columns 3 to 17, and the column after.
    let drain = &results(&log)[0];
    assert_eq!(
        drain["locations"],
        json!([{"physicalLocation": {
            "artifactLocation": {"uri": "deploy/k8s/budget.yaml", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 6, "startColumn": 3, "endLine": 6, "endColumn": 18},
        }}])
    );
    assert_eq!((&drain["ruleId"], &drain["ruleIndex"]), (&json!("pdb-blocks-drain"), &json!(1)));
    assert_eq!(
        drain["message"]["text"],
        "3 pods, 3 must stay available: 0 evictions allowed. \
         See: [3 pods are asked for here](1); [and never more than 3](2)."
    );
    let related = &drain["relatedLocations"][1];
    assert_eq!((&related["id"], &related["message"]["text"]), (&json!(2), &json!("and never more than 3")));
    assert_eq!(related["physicalLocation"]["artifactLocation"]["uri"], "deploy/k8s/scaler.yaml");
    assert_eq!(drain["properties"]["environments"], json!(["prod", "staging"]));
    let hash = drain["partialFingerprints"]["edmsLint/v1"].as_str().expect("a hash is a text");
    assert_eq!(hash.len(), 32);
}

#[test]
fn regions_are_one_line_in_utf16_units() {
    let log = log(&odd_lines());
    let region = |at: usize| results(&log)[at]["locations"][0]["physicalLocation"]["region"].clone();
    let columns = |line, from, to| json!({"startLine": line, "startColumn": from, "endLine": line, "endColumn": to});
    // By hand: the mark at the start of the file is no column, the rocket is two; CR ends a line.
    assert_eq!(region(0), columns(1, 10, 14));
    assert_eq!(region(1), columns(2, 11, 15));
    assert_eq!(region(2), columns(3, 1, 5));
    assert_eq!(region(3), columns(4, 3, 7));
    assert_eq!(region(4), json!({"startLine": 3}));
    assert_eq!(region(5), json!({"startLine": 6}), "there is no line 7 to show");
    let uri = &results(&log)[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, "deploy/my%20files/odd.yaml");
}

#[test]
fn findings_of_one_rule_on_one_line_are_one_result() {
    let mut run = Run::default();
    let file = run.file("a.yaml", "a: {b: 1, c: 2}\n");
    let (b, c) = (run.at(file, "b: 1"), run.at(file, "c: 2"));
    run.find("pdb-blocks-drain", Severity::Error, c, "c is wrong").labels = vec![label(b, "see [b](https://b)")];
    run.find("pdb-blocks-drain", Severity::Error, b, "b [is](https://evil) wrong").environments = vec!["dev".into()];
    run.find("topology-missing", Severity::Warning, b, "b is elsewhere");
    let log = log(&run);
    assert_official(&log);
    assert_eq!(results(&log).len(), 2);
    let text = "b [is] (https://evil) wrong. c is wrong. See: [see (b)(https://b)](1).";
    assert_eq!(results(&log)[0]["message"]["text"], text);
    assert_eq!(results(&log)[0]["properties"]["environments"], json!(["dev", "prod"]));
}

#[test]
fn limits_of_uploads_hold() {
    let mut run = Run::default();
    let file = run.file("a.yaml", &"a: 1\n".repeat(25_010));
    for line in 0..25_010 {
        let severity = if line == 25_009 { Severity::Error } else { Severity::Warning };
        run.find("pdb-blocks-drain", severity, span(file, line * 5, line * 5 + 4), "wrong");
    }
    let finding = run.report.findings.last_mut().expect("there are findings");
    finding.labels = vec![label(span(file, 0, 1), "here"); 1_200];
    let mut long = rule("pdb-blocks-drain", Some(Severity::Error), false);
    long.title = "t".repeat(2_000);
    long.tags = (0..30).map(|it| format!("tag-{it}")).collect();
    let log = log_with(&run, &[long], Some("nightly"));
    assert_eq!(results(&log).len(), 25_000);
    assert_eq!(results(&log)[0]["level"], "error");
    assert_eq!(results(&log)[0]["relatedLocations"].as_array().map(Vec::len), Some(100));
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["properties"]["tags"].as_array().map(Vec::len), Some(10));
    assert_eq!(rule["shortDescription"]["text"].as_str().map(|it| it.chars().count()), Some(1024));
    assert_eq!(log["runs"][0]["automationDetails"]["id"], "nightly/");
    let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
    assert!(notes[0]["message"]["text"].as_str().is_some_and(|it| it.starts_with("10 results are left out")));
}
