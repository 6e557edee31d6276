//! Comments that take findings away: where they reach, and which are not heeded.

use crate::common::program::{self, folder};
use crate::common::{audit, only};
use edms_lint::config::Config;
use edms_lint::finding::Report;

/// One Deployment of one replica, with places for comments.
fn deployment(above: &str, on_line: &str, above_line: &str) -> String {
    format!(
        "{above}apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop-api\nspec:\n{above_line}  \
         replicas: 1{on_line}\n  selector:\n    matchLabels: {{app: shop-api}}\n  template:\n    metadata:\n      \
         labels: {{app: shop-api}}\n    spec:\n      containers:\n        - name: main\n          image: shop:1\n"
    )
}

/// The rule under test, with the one that reports what is not heeded.
fn config() -> Config {
    let mut config = only("workload-too-few-replicas");
    config.select.push("invalid-suppression".to_owned());
    config
}

fn run(text: &str) -> Report {
    audit(&[("app.yaml".to_owned(), text.to_owned())], &config(), false).1
}

/// How many findings stay, and the reasons for which others were taken away.
fn outcome(text: &str) -> (usize, Vec<String>) {
    let report = run(text);
    let left = report.findings.iter().filter(|it| it.rule == "workload-too-few-replicas").count();
    (left, report.suppressed.into_iter().map(|it| it.reason).collect())
}

fn taken(reason: &str) -> (usize, Vec<String>) {
    (0, vec![reason.to_owned()])
}

const KEPT: (usize, Vec<String>) = (1, Vec::new());

/// What is told of suppressions that are not heeded: line, message.
fn remarks(text: &str) -> Vec<String> {
    let (sources, report) = audit(&[("app.yaml".to_owned(), text.to_owned())], &config(), false);
    let told = report.findings.iter().filter(|it| it.rule == "invalid-suppression");
    told.map(|it| format!("{}: {}", sources.start(it.span).line, it.message)).collect()
}

const ORDER: &str = "# edms-lint: ignore[workload-too-few-replicas]: a lock allows one";

#[test]
fn on_the_line() {
    assert_eq!(outcome(&deployment("", &format!(" {ORDER}"), "")), taken("a lock allows one"));
}

#[test]
fn above_the_line() {
    assert_eq!(outcome(&deployment("", "", &format!("  {ORDER}\n"))), taken("a lock allows one"));
    let with_more = format!("  {ORDER}\n  # Another word on it.\n");
    assert_eq!(outcome(&deployment("", "", &with_more)), taken("a lock allows one"));
}

#[test]
fn above_the_object() {
    assert_eq!(outcome(&deployment(&format!("{ORDER}\n"), "", "")), taken("a lock allows one"));
    let text = deployment(&format!("---\n{ORDER}\n"), "", "");
    assert_eq!(outcome(&text), taken("a lock allows one"), "behind the separator");
    let text = deployment(&format!("{ORDER}\n---\n"), "", "");
    assert_eq!(outcome(&text), taken("a lock allows one"), "before the separator");
    let text = deployment(&format!("{ORDER}\n---\n"), "", "").replace('\n', "\r\n");
    assert_eq!(outcome(&text), taken("a lock allows one"), "with carriage returns");
}

#[test]
fn only_the_object_below() {
    let other = deployment("---\n", "", "").replace("shop-api", "other-api");
    let text = deployment(&format!("{ORDER}\n"), "", "") + &other;
    assert_eq!(outcome(&text), (1, vec!["a lock allows one".to_owned()]));
    let behind = deployment("", "", "") + ORDER + "\n" + &other;
    let report = run(&behind);
    assert_eq!(report.suppressed[0].finding.subject.name, "other-api", "it covers what is below it");
}

#[test]
fn not_another_line_and_not_another_rule() {
    let text = deployment("", "", "").replace("kind: Deployment", &format!("kind: Deployment {ORDER}"));
    assert_eq!(outcome(&text), KEPT);
    let text = deployment("# edms-lint: ignore[pdb-missing]: later\n", "", "");
    assert_eq!(outcome(&text), KEPT);
    assert!(remarks(&text).is_empty());
}

#[test]
fn a_reason_is_needed_where_the_configuration_says_so() {
    for comment in
        ["# edms-lint: ignore[workload-too-few-replicas]", "# edms-lint: ignore[workload-too-few-replicas]:  "]
    {
        let text = deployment(&format!("{comment}\n"), "", "");
        assert_eq!(outcome(&text), taken(""));
        let config = Config { requires_reason: true, ..config() };
        let report = audit(&[("app.yaml".to_owned(), text)], &config, false).1;
        let rules: Vec<&str> = report.findings.iter().map(|it| it.rule.as_str()).collect();
        assert_eq!(rules, ["workload-too-few-replicas", "invalid-suppression"], "{comment}");
    }
}

#[test]
fn with_an_unknown_rule_it_is_not_heeded() {
    let text = deployment("", " # edms-lint: ignore[too-few]: one will do", "");
    assert_eq!(outcome(&text), KEPT);
    assert_eq!(remarks(&text), ["6: this suppression is not heeded: there is no rule `too-few`"]);
    let text = deployment("# edms-lint: disable\n", "", "");
    assert_eq!(outcome(&text), KEPT);
    assert_eq!(remarks(&text), ["1: this suppression is not heeded: there is no order `disable`"]);
    let text = deployment("", " # edms-lint: ignore[workload-too-few-replicas, pdb-mising]: one will do", "");
    assert_eq!(outcome(&text), taken("one will do"), "the rule that exists counts");
    assert_eq!(remarks(&text), ["6: this suppression is not heeded: there is no rule `pdb-mising`"]);
}

#[test]
fn it_ends_on_its_day() {
    let text = deployment("", " # edms-lint: ignore[workload-too-few-replicas] until=2027-01-31: one will do", "");
    let on = |day: &str| {
        let config = Config { today: Some(day.parse().expect("is a day")), ..config() };
        let report = audit(&[("app.yaml".to_owned(), text.clone())], &config, false).1;
        let told = report.findings.iter().map(|it| format!("{} {}", it.severity, it.rule)).collect::<Vec<String>>();
        (report.suppressed.len(), told)
    };
    assert_eq!(on("2027-01-31"), (1, Vec::new()));
    let both = ["warning workload-too-few-replicas", "note invalid-suppression"].map(str::to_owned).to_vec();
    assert_eq!(on("2027-02-01"), (0, both));
    assert_eq!(outcome(&text), taken("one will do"), "nobody knows the day");
}

#[test]
fn above_a_key_or_list_item_it_speaks_of_all_that_this_holds() {
    let above_spec = deployment("", "", "").replace("spec:\n  replicas", &format!("{ORDER}\nspec:\n  replicas"));
    assert_eq!(outcome(&above_spec), taken("a lock allows one"));
    let above_metadata = deployment("", "", "").replace("metadata:\n  name", &format!("{ORDER}\nmetadata:\n  name"));
    assert_eq!(outcome(&above_metadata), KEPT);
    let flow = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop-api}\n# edms-lint: \
                ignore[workload-too-few-replicas]: a lock\nspec: {replicas: 1, selector: {matchLabels: {app: a}}, \
                template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: 'a:1'}]}}}\n";
    assert_eq!(outcome(flow), taken("a lock"));
    let inside_flow = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop-api}\nspec: {\n  replicas: 1, # \
                       edms-lint: ignore[workload-too-few-replicas]: a lock\n  selector: {matchLabels: {app: a}},\n  \
                       template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: 'a:1'}]}}}\n";
    assert_eq!(outcome(inside_flow), taken("a lock"));
}

#[test]
fn in_a_list_it_speaks_of_one_item() {
    let item = |name: &str| {
        let text = deployment("", "", "").replace("shop-api", name);
        let lines: Vec<String> = text.lines().map(|it| format!("    {it}")).collect();
        format!("  -\n{}\n", lines.join("\n")).replacen("-\n    a", "- a", 1)
    };
    let (one, other) = (item("one-api"), item("other-api"));
    let text = format!("apiVersion: v1\nkind: List\nitems:\n  {ORDER}\n{one}{other}");
    let report = run(&text);
    assert_eq!((report.findings.len(), report.suppressed.len()), (1, 1));
    assert_eq!(report.suppressed[0].finding.subject.name, "one-api");
}

#[test]
fn annotations_do_what_comments_do() {
    let annotate = |value: &str| {
        let key = format!("  annotations:\n    ignore.edms-lint.dev/workload-too-few-replicas: {value}\nspec:\n");
        deployment("", "", "").replacen("spec:\n", &key, 1)
    };
    assert_eq!(outcome(&annotate("a lock allows one")), taken("a lock allows one"));
    assert_eq!(outcome(&annotate("\"until=2099-01-01: a lock\"")), taken("a lock"));
    assert_eq!(outcome(&annotate("\"until=2099: a lock\"")), KEPT);
    let json = "{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"metadata\": {\"name\": \"shop-api\", \
                \"annotations\": {\"ignore.edms-lint.dev/workload-too-few-replicas\": \"a lock\"}}, \"spec\": \
                {\"replicas\": 1, \"selector\": {\"matchLabels\": {\"app\": \"a\"}}, \"template\": {\"metadata\": \
                {\"labels\": {\"app\": \"a\"}}, \"spec\": {\"containers\": [{\"name\": \"a\", \"image\": \"a:1\"}]}}}}\n";
    assert_eq!(outcome(json), taken("a lock"));
    let in_template = deployment("", "", "").replace(
        "      labels:",
        "      annotations: {ignore.edms-lint.dev/workload-too-few-replicas: a lock}\n      labels:",
    );
    assert_eq!(outcome(&in_template), taken("a lock"), "people put them there");
}

#[test]
fn inside_a_block_scalar_it_is_text() {
    let map = format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: script\ndata:\n  text: |\n    {ORDER}\n");
    assert_eq!(outcome(&(map + &deployment("---\n", "", ""))), KEPT);
    let text = deployment("", "", "").replace("name: shop-api\n", &format!("name: shop-api\n  note: \"{ORDER}\"\n"));
    assert_eq!(outcome(&text), KEPT);
}

#[test]
fn several_rules_in_one_comment() {
    let comment = "# edms-lint: ignore[pdb-missing, workload-too-few-replicas]: a lock allows one\n";
    assert_eq!(outcome(&deployment(comment, "", "")), taken("a lock allows one"));
}

#[test]
fn many_comments_cost_no_more_than_their_number() {
    let mut text = String::new();
    for number in 0..4000 {
        let one = deployment(&format!("---\n{ORDER}\n"), "", "").replace("shop-api", &format!("shop-{number}-api"));
        text.push_str(&one);
    }
    let start = std::time::Instant::now();
    assert_eq!(run(&text).suppressed.len(), 4000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// An overlay of a Deployment with two patches, each of which writes a field that there is not.
fn overlay(kustomization: &str) -> (i32, String) {
    let patch = |field: &str| {
        format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: shop-api}}\nspec: {{{field}: 1}}\n")
    };
    let files = [
        ("base/kustomization.yaml", "resources: [app.yaml]\n".to_owned()),
        ("base/app.yaml", deployment("", "", "")),
        ("prod/kustomization.yaml", kustomization.to_owned()),
        ("prod/one.yaml", patch("replicaz")),
        ("prod/two.yaml", patch("replicass")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0, it.1.as_str())).collect();
    let dir = folder(&files);
    let select = ["--select", "manifest-unknown-field,unused-suppression,invalid-suppression", "--show-suppressed"];
    let (code, stdout, _) = program::run(dir.path(), &[&["prod"], select.as_slice()].concat());
    let mut places = stdout.lines().map(|it| it.split_once(']').map_or(it, |it| it.0)).collect::<Vec<_>>();
    places.sort_unstable();
    (code, places.join("\n"))
}

#[test]
fn a_comment_beside_a_patch_speaks_of_what_stands_in_the_patch() {
    let order = "# edms-lint: ignore[manifest-unknown-field]: the API is patched";
    let (one, two) = ("prod/one.yaml:4:8:", "prod/two.yaml:4:8:");
    let (taken, left) = ("suppressed[manifest-unknown-field", "error[manifest-unknown-field");
    let resources = "resources: [../base]\n";
    for (kustomization, of_one, of_two) in [
        (format!("{resources}patches:\n- path: one.yaml {order}\n- path: two.yaml\n"), taken, left),
        (format!("{resources}patches:\n- path: one.yaml\n{order}\n- path: two.yaml\n"), left, taken),
        (format!("{resources}{order}\npatches:\n- path: one.yaml\n- path: two.yaml\n"), taken, taken),
        (format!("{order}\n{resources}patches:\n- path: one.yaml\n- path: two.yaml\n"), taken, taken),
        (format!("{resources}patchesStrategicMerge:\n- one.yaml\n- two.yaml {order}\n"), left, taken),
        (
            format!(
                "{resources}patches:\n  - target: {{kind: Deployment}}\n    {order}\n    path: one.yaml\n  - path: two.yaml\n"
            ),
            taken,
            left,
        ),
    ] {
        let (_, told) = overlay(&kustomization);
        assert_eq!(told, format!("{one} {of_one}\n{two} {of_two}"), "{kustomization}");
    }
}

#[test]
fn a_comment_of_a_kustomization_that_takes_nothing_away_is_told() {
    let patches = "patches:\n- path: one.yaml\n- path: two.yaml\n";
    let order = "# edms-lint: ignore[manifest-unknown-field]";
    let (_, told) = overlay(&format!("resources:\n- ../base {order}\n{patches}"));
    assert!(told.contains("prod/kustomization.yaml:2:11: warning[unused-suppression"), "{told}");
    let (_, told) =
        overlay(&format!("resources: [../base]\n{patches}namePrefix: eu- # edms-lint: ignore[no-such-rule]\n"));
    assert!(told.contains("prod/kustomization.yaml:5:17: warning[invalid-suppression"), "{told}");
}

/// A configuration that excuses what is mended, and what is not.
const EXCUSES: &str = "\
# What we know of.
ignore:
  - rules: [workload-too-few-replicas]
    objects: [{kind: Deployment, name: twice}]
    reason: one reader
  - rules: [workload-too-few-replicas, pdb-blocks-drain]
    objects: [{kind: Deployment, name: once}]
    reason: one reader
";

#[test]
fn unused_entries_of_the_configuration_are_taken_out_and_it_is_read_anew() {
    let deployment = |name: &str, replicas: u32| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: {replicas}\n  selector: \
             {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec: \
             {{containers: [{{name: main, image: \"a:1\"}}]}}\n"
        )
    };
    let text = format!("{}---\n{}", deployment("once", 1), deployment("twice", 2));
    let dir = folder(&[(".edms-lint.yaml", EXCUSES), ("app.yaml", &text)]);
    let (code, stdout, stderr) = program::run(dir.path(), &["--fix", "--select", "unused-suppression", "."]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("2 fixed in 1 file (safe)\n"), "{stderr}");
    let left = "\
# What we know of.
ignore:
  - rules: [workload-too-few-replicas]
    objects: [{kind: Deployment, name: once}]
    reason: one reader
";
    let config = std::fs::read_to_string(dir.path().join(".edms-lint.yaml")).expect("the file is there");
    assert_eq!(config, left);
    let (_, _, stderr) = program::run(dir.path(), &["--fix", "--select", "unused-suppression", "."]);
    assert!(stderr.contains("0 fixed\n"), "{stderr}");
}
