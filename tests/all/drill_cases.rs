//! Small environments with what becomes of them, reasoned out by hand from what Kubernetes and the operators do.
//!
//! A file of `tests/data/drills` holds many. Each begins with `### NAME`, then a line that says why, then settings
//! (`# config:`, `# flags:`) and the outcomes by subject (`# Deployment app: lose-node=survives 2, roll=stuck`), then
//! manifests. An outcome is a verdict, with the pods that answer where they are told, and `again` where it recovers.

use crate::common::root;
use serde_json::Value;
use std::process::Command;

/// A small environment.
#[derive(Default)]
struct Case {
    name: String,
    config: String,
    flags: Vec<String>,
    /// Title of the subject, scenario, outcome.
    expected: Vec<(String, String, String)>,
    manifests: String,
}

fn cases(text: &str) -> Vec<Case> {
    text.split("### ").skip(1).map(case).collect()
}

fn case(text: &str) -> Case {
    let mut lines = text.lines();
    let mut case = Case { name: lines.next().unwrap_or_default().to_owned(), ..Case::default() };
    assert!(lines.next().is_some_and(|it| it.starts_with("# ")), "{}: no reason", case.name);
    for line in lines {
        let Some(note) = line.strip_prefix("# ") else {
            case.manifests.push_str(line);
            case.manifests.push('\n');
            continue;
        };
        if let Some(setting) = note.strip_prefix("config: ") {
            case.config.push_str(setting);
            case.config.push('\n');
        } else if let Some(flags) = note.strip_prefix("flags: ") {
            case.flags.extend(flags.split(' ').map(str::to_owned));
        } else {
            let (title, outcomes) = note.split_once(": ").expect("a subject and its outcomes");
            let pairs = outcomes.split(", ").map(|it| it.split_once('=').expect("a scenario and its outcome"));
            case.expected.extend(pairs.map(|it| (title.to_owned(), it.0.to_owned(), it.1.to_owned())));
        }
    }
    assert!(!case.expected.is_empty(), "{}: nothing is expected", case.name);
    case
}

/// What was said, in the words of cases: with and without what they may leave out.
fn said(scenario: &Value) -> Vec<String> {
    let Some(verdict) = scenario["verdict"].as_str() else { return vec!["none".to_owned()] };
    let (least, most) = (&scenario["least"], &scenario["most"]);
    let pods = if verdict == "survives" || least == most { least.to_string() } else { format!("{least}..{most}") };
    let mut all = vec![verdict.to_owned(), format!("{verdict} {pods}")];
    if scenario["recovers"] == true {
        all.extend([format!("{verdict} again"), format!("{verdict} {pods} again")]);
    }
    all
}

fn differences(case: &Case) -> Vec<String> {
    let folder = tempfile::tempdir().expect("there is room for files");
    let here = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("can be written");
    std::fs::create_dir(folder.path().join("k8s")).expect("can be made");
    here("k8s/app.yaml", &case.manifests);
    // A second file: of a single one a budget may stand elsewhere.
    here("k8s/rest.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n");
    here(".edms-lint.yaml", &case.config);
    let mut command = Command::new(env!("CARGO_BIN_EXE_edms-lint"));
    command.args(["drill", "k8s", "--format", "json"]).args(&case.flags).current_dir(folder.path());
    let output = command.output().expect("the program runs");
    let drill: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|it| panic!("{}: {it}: {}", case.name, String::from_utf8_lossy(&output.stderr)));
    let subjects = drill["subjects"].as_array().cloned().unwrap_or_default();
    let mut wrong = Vec::new();
    for (title, scenario, expected) in &case.expected {
        let Some(subject) = subjects.iter().find(|it| it["title"] == title.as_str()) else {
            wrong.push(format!("{}: there is no {title}", case.name));
            continue;
        };
        let found =
            subject["scenarios"].as_array().into_iter().flatten().find(|it| it["scenario"] == scenario.as_str());
        let said = said(found.unwrap_or(&Value::Null));
        if !said.contains(expected) {
            let reason = found.map(|it| it["reason"].to_string()).unwrap_or_default();
            wrong.push(format!("{}: {title}, {scenario}: {expected} is right, {said:?} is said: {reason}", case.name));
        }
    }
    wrong
}

#[test]
fn environments_become_what_was_reasoned_out() {
    let files = std::fs::read_dir(root().join("tests/data/drills")).expect("there are cases");
    let mut number = 0;
    let mut wrong = Vec::new();
    for file in files {
        let path = file.expect("can be read").path();
        for case in cases(&std::fs::read_to_string(&path).expect("can be read")) {
            number += 1;
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            wrong.extend(differences(&case).into_iter().map(|it| format!("{name}: {it}")));
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
    assert!(number >= 160, "{number} cases");
}
