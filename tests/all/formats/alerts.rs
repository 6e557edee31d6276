//! Alerts of code scanning: one for each object, small, and the same in the next run.

use super::Reports;
use crate::common::program::folder;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

fn deployment(name: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: 1\n  selector:\n    matchLabels:\n      \
         app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n      containers:\n        - name: main\n\
         \x20         image: registry.example/{name}:latest\n          ports:\n            - containerPort: 8080\n"
    )
}

/// Rule, file, and both fingerprints of each result.
fn alerts(reports: &Reports) -> BTreeSet<[String; 4]> {
    let log = reports.json("sarif");
    let results = log["runs"][0]["results"].as_array().expect("is a list");
    let text = |it: &Value| it.as_str().expect("is a text").to_owned();
    let alert = |it: &Value| {
        let (place, prints) = (&it["locations"][0]["physicalLocation"], &it["partialFingerprints"]);
        [&it["ruleId"], &place["artifactLocation"]["uri"], &prints["primaryLocationLineHash"], &prints["edmsLint/v1"]]
            .map(text)
    };
    results.iter().map(alert).collect()
}

#[test]
fn a_seventh_offender_is_a_new_alert() {
    let names = ["a", "b", "c", "d", "e", "f"].map(|it| (format!("{it}.yaml"), deployment(it)));
    let files: Vec<(&str, &str)> = names.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let dir = folder(&files);
    let select = [".", "--select", "workload-too-few-replicas,image-tag-latest,readiness-probe-missing"];
    let before = alerts(&Reports::of(dir.path(), &select));
    fs::write(dir.path().join("g.yaml"), deployment("g")).expect("can be written");
    let after = alerts(&Reports::of(dir.path(), &select));
    assert!(before.is_subset(&after), "{:?}", before.difference(&after));
    let new: Vec<_> = after.difference(&before).collect();
    assert_eq!((before.len(), new.len()), (18, 3));
    assert!(new.iter().all(|it| it[1] == "g.yaml"));
    for at in [2, 3] {
        assert!(new.iter().all(|it| before.iter().all(|old| old[0] != it[0] || old[at] != it[at])), "{new:?}");
    }
}

#[test]
fn a_log_of_one_object_is_small() {
    let dir = folder(&[("a.yaml", &deployment("a"))]);
    let reports = Reports::of(dir.path(), &["."]);
    let (log, bytes) = (reports.json("sarif"), reports.text("sarif").len());
    let named: BTreeSet<&str> = log["runs"][0]["results"]
        .as_array()
        .expect("is a list")
        .iter()
        .filter_map(|it| it["ruleId"].as_str())
        .collect();
    let listed = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("is a list");
    assert!(listed.iter().all(|it| it["id"].as_str().is_some_and(|it| named.contains(it))));
    assert!(named.len() >= 6 && bytes <= 100_000, "{} rules, {bytes} bytes", named.len());
    assert!(!reports.text("sarif").contains("yaml bad"), "words for our tests are for us");
    let all = Reports::of(dir.path(), &[".", "--sarif-all-rules"]).json("sarif");
    let all = all["runs"][0]["tool"]["driver"]["rules"].as_array().map(Vec::len);
    assert_eq!(all, Some(edms_lint::rules::all().count()));
}
