//! Each format has each finding once, whatever the names in the manifests are.

mod agent;
mod alerts;
mod hostile;
mod limits;
mod xml;

use crate::common::program::run;
use crate::common::root;
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

/// The formats that have an entry for each finding, with the names of their files.
const FORMATS: [&str; 8] = ["json", "agent", "github", "gitlab", "junit", "checkstyle", "markdown", "openreports"];

/// All reports of one run.
struct Reports(TempDir);

impl Reports {
    fn of(folder: &Path, arguments: &[&str]) -> Reports {
        let reports = tempfile::tempdir().expect("there is room for files");
        let outputs: Vec<String> =
            FORMATS.iter().map(|it| format!("{it}={}", reports.path().join(it).display())).collect();
        let outputs = outputs.iter().flat_map(|it| ["-o", it.as_str()]);
        let all: Vec<&str> = arguments.iter().copied().chain(["--exit-zero", "-f", "sarif"]).chain(outputs).collect();
        let (code, sarif, stderr) = run(folder, &all);
        assert_eq!(code, 0, "{stderr}");
        std::fs::write(reports.path().join("sarif"), sarif).expect("can be written");
        Reports(reports)
    }

    fn text(&self, format: &str) -> String {
        std::fs::read_to_string(self.0.path().join(format)).expect("it was written")
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_str(&self.text(format)).expect("is JSON")
    }

    fn findings(&self) -> Vec<Value> {
        self.json("json")["findings"].as_array().expect("is a list").clone()
    }
}

/// How many findings have this severity.
fn of_level(findings: &[Value], level: &str) -> usize {
    findings.iter().filter(|it| it["severity"] == level).count()
}

/// That each finding has one entry in each format.
fn check(reports: &Reports) {
    let findings = reports.findings();
    let lines = |format: &str, start: &str| reports.text(format).lines().filter(|it| it.starts_with(start)).count();
    for (level, command) in [("error", "::error "), ("warning", "::warning "), ("note", "::notice ")] {
        assert_eq!(lines("github", command), of_level(&findings, level));
    }
    let entries = reports.json("gitlab");
    let entries = entries.as_array().expect("is a list");
    let mut fingerprints: Vec<&str> = entries.iter().filter_map(|it| it["fingerprint"].as_str()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!((entries.len(), fingerprints.len()), (findings.len(), findings.len()));
    assert_eq!(reports.text("markdown").lines().filter(|it| it.starts_with("| `")).count(), findings.len());
    agent::check(reports);
    xml::check(reports);
    check_openreports(reports);
}

fn check_openreports(reports: &Reports) {
    let text = reports.text("openreports");
    let documents = text.split("---\n").skip(1).map(|it| yaml_serde::from_str::<Value>(it).expect("is YAML"));
    let (mut scored, mut noted) = (0, 0);
    for it in documents {
        let results = it["results"].as_array().expect("is a list");
        let number = |word: &str| results.iter().filter(|it| it["result"] == word).count();
        assert_eq!(
            (it["summary"]["fail"].as_u64(), it["summary"]["error"].as_u64()),
            (Some(number("fail") as u64), Some(0))
        );
        assert!(results.len() <= 1000);
        let namespace = &it["metadata"]["namespace"];
        assert!(*namespace == it["scope"]["name"]);
        assert!(it["kind"] == "Report" || namespace.is_null());
        assert!(results.iter().all(|it| (it["result"] == "fail") == (it["scored"] == true)));
        scored += number("fail");
        noted += number("warn");
    }
    let findings = reports.findings();
    let places = |is_note: bool| {
        let these = findings.iter().filter(|it| (it["severity"] == "note") == is_note);
        these.map(|it| it["environments"].as_array().map_or(0, Vec::len)).sum::<usize>()
    };
    assert_eq!((scored, noted), (places(false), places(true)));
}

#[test]
fn each_format_has_each_finding_once() {
    for project in ["shop", "kustomize", "platform", "siblings", "helm-releases"] {
        check(&Reports::of(&root().join("fixtures/projects").join(project), &[]));
    }
}

#[test]
fn quiet_and_least_severity_mean_the_same_in_each_format() {
    let folder = root().join("fixtures/projects/shop");
    for (arguments, level) in [(&["-q"][..], "note"), (&["--min-severity", "warning"], "note")] {
        let reports = Reports::of(&folder, arguments);
        check(&reports);
        let findings = reports.findings();
        assert_eq!(of_level(&findings, level), 0);
        let results = reports.json("sarif")["runs"][0]["results"].clone();
        assert!(results.as_array().is_some_and(|it| !it.is_empty() && it.iter().all(|it| it["level"] != level)));
        assert_eq!(reports.json("json")["summary"]["notes"], 7, "what is not shown is counted");
    }
    let (_, out, _) = run(&folder, &["-f", "concise", "--min-severity", "error"]);
    assert!(out.lines().all(|it| it.contains(": error[")) && !out.is_empty());
    let (code, out, stderr) = run(&folder, &["--select", "probe-too-slow", "-q", "--fail-on", "note"]);
    assert_eq!((code, out.as_str()), (1, ""), "what is not shown still fails");
    assert!(stderr.contains("1 note in ."), "and it says so: {stderr}");
}

#[test]
fn verbose_says_the_same_in_each_format() {
    let folder = root().join("fixtures/projects/shop");
    for format in ["github", "gitlab", "sarif", "concise", "checkstyle", "junit"] {
        let (_, _, stderr) = run(&folder, &["-v", "-f", format]);
        assert!(stderr.contains("Documents of .") && stderr.contains("Components of ."), "{format}: {stderr}");
    }
    let open = "? kafka-";
    let (_, out, _) = run(&folder, &["-v", "-f", "agent"]);
    assert!(out.contains(open) || !out.contains("not verifiable"), "{out}");
}
