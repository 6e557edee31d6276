//! The baseline at the command line: what is known stays known through edits, and what is new is shown.

use crate::common::root;
use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The file of the baseline.
const FILE: &str = "known";

/// The shop of the fixtures, in a folder of its own.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    let from = root().join("fixtures/projects/shop");
    for file in crate::common::files_below(&from) {
        let target = folder.path().join("k8s").join(file.strip_prefix(&from).expect("is below"));
        fs::create_dir_all(target.parent().expect("has a folder")).expect("can be made");
        fs::copy(&file, target).expect("can be copied");
    }
    folder
}

/// Exit code, stdout and stderr.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("edms-lint").expect("the binary is built");
    let output = command.current_dir(folder).env_remove("FORCE_COLOR").args(arguments).output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr))
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("is there")
}

fn edit(folder: &Path, name: &str, change: impl Fn(String) -> String) {
    fs::write(folder.join(name), change(read(folder, name))).expect("can be written");
}

#[test]
fn it_survives_edits_moves_and_another_order() {
    let dir = shop();
    let (code, stdout, stderr) = run(dir.path(), &["k8s", "--write-baseline", FILE]);
    let known = read(dir.path(), FILE).lines().filter(|it| !it.starts_with('#')).count();
    assert!(known > 10, "{stderr}");
    assert_eq!((code, stdout.as_str(), stderr), (0, "", format!("edms-lint: recorded {known} findings in known\n")));
    let nothing_is_new = |what: &str| {
        let (code, stdout, stderr) = run(dir.path(), &["k8s", "--baseline", FILE]);
        assert_eq!((code, stdout.as_str()), (0, ""), "{what}");
        let end = format!("no findings in 8 documents, {known} in the baseline\n");
        assert!(stderr.ends_with(&end), "{what}: {stderr}");
    };
    nothing_is_new("as it was");
    edit(dir.path(), "k8s/kafka.yaml", |it| format!("# A word above.\n\n\n{it}"));
    nothing_is_new("lines above");
    edit(dir.path(), "k8s/consumer.yaml", |it| it.replace('\n', "\r\n"));
    nothing_is_new("other line breaks");
    edit(dir.path(), "k8s/backend.yaml", |it| {
        let mut documents: Vec<&str> = it.split("---\n").collect();
        documents.reverse();
        documents.join("---\n")
    });
    nothing_is_new("objects in another order");
    for name in ["k8s/postgres.yaml", "k8s/consumer.yaml"] {
        // JSON is another layout of the same.
        edit(dir.path(), name, |it| {
            let values = it.split("\n---").map(|it| yaml_serde::from_str::<serde_json::Value>(it).expect("is YAML"));
            values.fold(String::new(), |text, it| text + &format!("---\n{it}\n"))
        });
    }
    nothing_is_new("another layout");
    fs::create_dir(dir.path().join("k8s/data")).expect("can be made");
    fs::rename(dir.path().join("k8s/kafka.yaml"), dir.path().join("k8s/data/events.yaml")).expect("can be moved");
    nothing_is_new("a moved file");
}

#[test]
fn what_is_new_is_shown_and_what_is_gone_is_told() {
    let dir = shop();
    run(dir.path(), &["k8s", "--write-baseline", FILE]);
    edit(dir.path(), "k8s/backend.yaml", |it| it.replace("minReplicas: 2", "minReplicas: 1"));
    edit(dir.path(), "k8s/kafka.yaml", |it| it.replacen("replicas: 1", "replicas: 3", 1));
    let (code, stdout, _) = run(dir.path(), &["k8s", "--baseline", FILE]);
    assert_eq!(code, 1);
    assert!(stdout.contains("error[hpa-floor-too-low]"), "{stdout}");
    assert!(stdout.contains("note[unused-suppression]") && stdout.starts_with("k8s/") || stdout.starts_with(FILE));
    let stale = read(dir.path(), FILE);
    let line = stale.lines().position(|it| it.starts_with("kafka-too-few-brokers|k8s|")).expect("is known") + 1;
    assert!(stdout.contains(&format!("{FILE}:")) && line > 2, "{stdout}");
    run(dir.path(), &["k8s", "--write-baseline", FILE]);
    assert!(!read(dir.path(), FILE).contains("kafka-too-few-brokers"), "it is written without what is gone");
}

#[test]
fn a_second_finding_of_one_kind_at_one_field_is_new() {
    let dir = tempfile::tempdir().expect("there is room for files");
    let map = |data: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata: {{{data}}}\n");
    fs::write(dir.path().join("a.yaml"), map("a: 1")).expect("can be written");
    let only = ["--select", "manifest-invalid,manifest-duplicate-key"];
    run(dir.path(), &[&only[..], &["--write-baseline", FILE]].concat());
    let known = read(dir.path(), FILE);
    fs::write(dir.path().join("a.yaml"), map("a: 1, b: 2")).expect("can be written");
    let (_, stdout, stderr) = run(dir.path(), &[&only[..], &["--baseline", FILE]].concat());
    assert_eq!(stdout.lines().count(), 1, "{known}\n{stdout}{stderr}");
    assert!(stderr.contains("1 in the baseline"), "{stderr}");
}

#[test]
fn a_run_over_a_part_keeps_the_rest() {
    let dir = shop();
    fs::create_dir(dir.path().join("other")).expect("can be made");
    fs::copy(dir.path().join("k8s/consumer.yaml"), dir.path().join("other/a.yaml")).expect("can be copied");
    run(dir.path(), &["k8s", "other", "--write-baseline", FILE]);
    let whole = read(dir.path(), FILE);
    let (_, stdout, _) = run(dir.path(), &["k8s", "--baseline", FILE]);
    assert_eq!(stdout, "", "what a run cannot see is not stale");
    let (_, stdout, _) = run(dir.path(), &["k8s", "--baseline", FILE, "--select", "pdb-blocks-drain"]);
    assert_eq!(stdout, "", "nor is what rules would find that did not run");
    let (_, _, stderr) = run(dir.path(), &["other", "--write-baseline", FILE]);
    assert!(stderr.contains("that this run does not see stay"), "{stderr}");
    assert_eq!(read(dir.path(), FILE), whole);
}

#[test]
fn a_broken_baseline_is_a_mistake() {
    let dir = shop();
    fs::write(dir.path().join(FILE), "# head\n<<<<<<< main\na|b|c/D|/e|f\n").expect("can be written");
    let (code, stdout, stderr) = run(dir.path(), &["k8s", "--baseline", FILE]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("[known:2:1]"), "{stderr}");
    assert_eq!(run(dir.path(), &["k8s", "--baseline", "missing"]).0, 2);
    assert_eq!(run(dir.path(), &["k8s", "--baseline", FILE, "--write-baseline", FILE]).0, 2);
}

#[test]
fn code_scanning_sees_what_is_suppressed_only_if_asked() {
    let dir = shop();
    run(dir.path(), &["k8s", "--write-baseline", FILE, "--select", "kafka"]);
    edit(dir.path(), "k8s/backend.yaml", |it| {
        it.replace("minAvailable: 2", "minAvailable: 2 # edms-lint: ignore[pdb-blocks-drain]: as the guideline has it")
    });
    let results = |more: &[&str]| {
        let arguments = [&["k8s", "--baseline", FILE, "--format", "sarif"], more].concat();
        let (_, stdout, _) = run(dir.path(), &arguments);
        let sarif: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
        sarif["runs"][0]["results"].as_array().expect("is a list").clone()
    };
    let of = |results: &[serde_json::Value], rule: &str| results.iter().find(|it| it["ruleId"] == rule).cloned();
    let without = results(&[]);
    assert!(of(&without, "pdb-blocks-drain").is_none() && of(&without, "kafka-too-few-brokers").is_none());
    let with = results(&["--show-suppressed"]);
    let comment = &of(&with, "pdb-blocks-drain").expect("is shown")["suppressions"][0];
    assert_eq!((comment["kind"].as_str(), comment["status"].as_str()), (Some("inSource"), Some("accepted")));
    assert_eq!(comment["justification"], "as the guideline has it");
    let known = &of(&with, "kafka-too-few-brokers").expect("is shown")["suppressions"][0];
    assert_eq!(known["kind"], "external");
    let (_, _, stderr) = run(dir.path(), &["k8s", "--baseline", FILE]);
    assert!(stderr.contains("1 suppressed, "), "{stderr}");
}

#[test]
fn suppressions_pass_through_kustomizations() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop-api\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: a}}\n  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: 'a:1'}]}}\n";
    let note = "ignore.edms-lint.dev/workload-too-few-replicas: one reader";
    let annotated = deployment.replace("name: shop-api\n", &format!("name: shop-api\n  annotations: {{{note}}}\n"));
    let commented = format!("# edms-lint: ignore[workload-too-few-replicas]: one reader\n{deployment}");
    for base in [annotated, commented] {
        let dir = tempfile::tempdir().expect("there is room for files");
        let overlay = "resources: [../base]\nnamePrefix: prod-\nreplicas: [{name: shop-api, count: 1}]\n";
        let files = [
            ("base/kustomization.yaml", "resources: [app.yaml]\n"),
            ("base/app.yaml", &base),
            ("prod/kustomization.yaml", overlay),
        ];
        for (name, text) in files {
            let file = dir.path().join(name);
            fs::create_dir_all(file.parent().expect("has a folder")).expect("can be made");
            fs::write(file, text).expect("can be written");
        }
        let rules = "workload-too-few-replicas,unused-suppression";
        let (code, stdout, stderr) = run(dir.path(), &["--select", rules, "--show-suppressed"]);
        assert_eq!(code, 0, "{base}{stdout}");
        assert!(stdout.contains("suppressed[workload-too-few-replicas]") && !stdout.contains("unused"), "{stdout}");
        assert!(stderr.contains("1 suppressed"), "{base}{stderr}");
    }
}

#[test]
fn another_folder_to_start_from_changes_nothing() {
    let dir = shop();
    fs::create_dir(dir.path().join(".git")).expect("can be made");
    run(dir.path(), &["k8s", "--write-baseline", FILE]);
    let known = read(dir.path(), FILE).lines().filter(|it| !it.starts_with('#')).count();
    let starts: [(&str, &[&str]); 4] = [
        ("k8s", &["--baseline", "../known"]),
        ("k8s", &[".", "--baseline", "../known"]),
        ("", &[".", "--baseline", FILE]),
        ("", &["--baseline", FILE]),
    ];
    for (folder, arguments) in starts {
        let (code, stdout, stderr) = run(&dir.path().join(folder), arguments);
        assert_eq!((code, stdout.as_str()), (0, ""), "{folder} {arguments:?}: {stderr}");
        assert!(stderr.ends_with(&format!(", {known} in the baseline\n")), "{stderr}");
    }
    // And the other way round.
    run(&dir.path().join("k8s"), &["--write-baseline", "../known"]);
    let (code, stdout, stderr) = run(dir.path(), &["k8s", "--baseline", FILE]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
}

#[test]
fn what_is_known_of_one_environment_is_new_in_another() {
    let dir = shop();
    fs::rename(dir.path().join("k8s"), dir.path().join("prod")).expect("can be moved");
    run(dir.path(), &["prod", "--write-baseline", FILE]);
    fs::rename(dir.path().join("prod"), dir.path().join("staging")).expect("can be moved");
    let (code, stdout, stderr) = run(dir.path(), &["staging", "--baseline", FILE]);
    assert!(code == 1 && stdout.lines().count() > 10, "{stdout}");
    let told = "entries of the baseline match: they are of prod, and this run audits something else\n";
    assert!(stderr.contains("edms-lint: 0 of ") && stderr.contains(told), "{stderr}");
}

#[test]
fn the_configuration_names_a_baseline() {
    let dir = shop();
    fs::create_dir(dir.path().join(".git")).expect("can be made");
    fs::write(dir.path().join(".edms-lint.yaml"), "baseline: known\n").expect("can be written");
    let (code, _, stderr) = run(dir.path(), &["k8s"]);
    assert_eq!((code, stderr.as_str()), (2, "edms-lint: cannot read known: No such file or directory (os error 2)\n"));
    let (code, ..) = run(dir.path(), &["k8s", "--write-baseline", FILE]);
    assert_eq!(code, 0, "what is written is not read");
    let (code, stdout, _) = run(dir.path(), &["k8s"]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    let (code, stdout, _) = run(&dir.path().join("k8s"), &[]);
    assert_eq!((code, stdout.as_str()), (0, ""), "its path is that of the configuration");
    let (code, ..) = run(dir.path(), &["k8s", "--no-baseline"]);
    assert_eq!(code, 1);
    let (_, stdout, _) = run(dir.path(), &["--show-config"]);
    assert!(stdout.contains("baseline: known # .edms-lint.yaml:1\n"), "{stdout}");
}
