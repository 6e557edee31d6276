//! The JSON format.

use super::build::{Run, full};
use edms_lint::render::json::render;
use serde_json::{Value, json};

fn value(run: &Run) -> Value {
    let text = run.write(|report, sources, out| render(report, sources, "default", out));
    assert!(text.ends_with("}\n"));
    serde_json::from_str(&text).expect("the report is JSON")
}

#[test]
fn reports_fit_the_schema() {
    let schema = include_str!("../../../schemas/report-v1.json");
    let schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for report in [value(&full()), value(&Run::default())] {
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|it| format!("{}: {it}", it.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let mut broken = value(&full());
    broken["findings"][0]["line"] = json!(0);
    assert!(!validator.is_valid(&broken), "the schema refuses line 0");
}

#[test]
fn everything_is_there() {
    let report = value(&full());
    assert_eq!(report["version"], 1);
    assert_eq!(
        report["summary"],
        json!({"errors": 1, "warnings": 1, "notes": 1, "checked": 3, "unknown": 0, "skipped": 0, "suppressed": 1})
    );
    let drain = &report["findings"][0];
    // By hand: 22 + 26 + 10 + 16 + 6 bytes come before line 6, which has two spaces before the key.
    let place = ["line", "column", "endLine", "endColumn", "startByte", "endByte"].map(|it| drain[it].clone());
    assert_eq!(place, [6, 3, 6, 18, 82, 97].map(Value::from));
    assert_eq!(drain["path"], "spec.minAvailable");
    assert_eq!(drain["evidence"], json!({"floor": "3", "allowed": "0"}));
    assert_eq!(drain["labels"][1]["file"], "k8s/scaler.yaml");
    assert_eq!(drain["fix"]["safety"], "unsafe");
    assert_eq!(drain["fix"]["edits"][0]["text"], "maxUnavailable: 1");
    assert_eq!(report["environments"][1]["counts"]["errors"], 1);
    assert_eq!(report["environments"][1]["documents"][2]["reason"], "a patch, not deployed by itself");
    assert_eq!(report["suppressed"][0]["by"]["line"], 5);
    assert_eq!(report["notVerifiable"][0]["environment"], "prod");
    assert_eq!(report["blocked"][0]["label"]["file"], "k8s/scaler.yaml");
    assert_eq!(report["attested"][0]["until"], "2027-01-31");
    assert_eq!(
        report["rules"][1],
        json!({"id": "replicas-too-few", "findings": 1, "suppressed": 1, "passed": 0, "notVerifiable": 0,
            "blocked": 1, "attested": 0})
    );
}

#[test]
fn the_order_of_what_came_in_does_not_show() {
    let run = full();
    let mut turned = full();
    turned.report.findings.reverse();
    turned.report.single_outcomes.reverse();
    turned.report.environments.reverse();
    turned.report.rules.reverse();
    assert_eq!(value(&run).to_string(), value(&turned).to_string());
}
