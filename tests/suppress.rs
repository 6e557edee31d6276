//! Comments that take findings away: where they reach, and which are not heeded.

mod common;

use common::{audit, only};
use edms_lint::finding::Report;

/// One Deployment of one replica, with places for comments.
fn deployment(above: &str, on_line: &str, above_line: &str) -> String {
    format!(
        "{above}apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop-api\nspec:\n{above_line}  \
         replicas: 1{on_line}\n  selector:\n    matchLabels: {{app: shop-api}}\n  template:\n    metadata:\n      \
         labels: {{app: shop-api}}\n    spec:\n      containers:\n        - name: main\n          image: shop:1\n"
    )
}

fn run(text: &str) -> Report {
    audit(&[("app.yaml".to_owned(), text.to_owned())], &only("workload-too-few-replicas"), false).1
}

/// How many findings stay, and the reasons for which others were taken away.
fn outcome(text: &str) -> (usize, Vec<String>) {
    let report = run(text);
    (report.findings.len(), report.suppressed.into_iter().map(|it| it.reason).collect())
}

fn taken(reason: &str) -> (usize, Vec<String>) {
    (0, vec![reason.to_owned()])
}

const KEPT: (usize, Vec<String>) = (1, Vec::new());

/// The remarks on comments, of which a wrong one leaves one.
fn remarks(text: &str) -> Vec<String> {
    run(text).environments.into_iter().flat_map(|it| it.remarks).collect()
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
    assert_eq!(report.suppressed[0].finding.subject.name, "other-api", "it speaks of what is below it");
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
fn without_a_reason_it_is_not_heeded() {
    for comment in
        ["# edms-lint: ignore[workload-too-few-replicas]", "# edms-lint: ignore[workload-too-few-replicas]:  "]
    {
        let text = deployment(&format!("{comment}\n"), "", "");
        assert_eq!(outcome(&text), KEPT);
        assert_eq!(remarks(&text), ["app.yaml:1: a comment of edms-lint is not heeded: it gives no reason"]);
    }
}

#[test]
fn with_an_unknown_rule_it_is_not_heeded() {
    let text = deployment("", " # edms-lint: ignore[too-few]: one will do", "");
    assert_eq!(outcome(&text), KEPT);
    assert_eq!(remarks(&text), ["app.yaml:6: a comment of edms-lint is not heeded: there is no rule \"too-few\""]);
    let text = deployment("# edms-lint: disable\n", "", "");
    assert_eq!(outcome(&text), KEPT);
    assert_eq!(
        remarks(&text),
        ["app.yaml:1: a comment of edms-lint is not heeded: it reads `# edms-lint: ignore[rule]: reason`"]
    );
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
