//! What is read, what is not, and that nothing checked never looks like nothing wrong: exit codes and words.

use crate::common::program::{BLOCKING, CLEAN, folder, piped, run};
use std::fs;

/// A chart that nobody rendered.
const CHART: [(&str, &str); 3] = [
    ("deploy/orders/Chart.yaml", "apiVersion: v2\nname: orders\nversion: 1.0.0\n"),
    ("deploy/orders/values.yaml", "replicas: 1\n"),
    (
        "deploy/orders/templates/app.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec: {{ .Values.spec }}\n",
    ),
];

#[test]
fn an_empty_pipe_is_a_mistake() {
    let dir = folder(&[("a.yaml", BLOCKING)]);
    for text in ["", "\n", " \n\t\r\n", "\u{feff}", "\u{feff}\n"] {
        let (code, stdout, stderr) = piped(dir.path(), &["-"], text);
        let expected =
            "edms-lint: <stdin> is empty, so nothing was checked: run the command before the pipe on its own\n";
        assert_eq!((code, stdout.as_str()), (2, ""), "{text:?}: {stderr}");
        assert!(stderr.contains(expected), "{text:?}: {stderr}");
        assert_eq!(piped(dir.path(), &["-", "-q"], text).0, 2);
        assert!(piped(dir.path(), &["-", "-q"], text).2.contains(expected));
        assert_eq!(piped(dir.path(), &["report", "-"], text).0, 2);
    }
    // The rest of the input is audited all the same.
    let (code, stdout, _) = piped(dir.path(), &["-", "a.yaml"], "");
    assert!(code == 2 && stdout.contains("pdb-blocks-drain"), "{stdout}");
    let (_, _, stderr) = piped(dir.path(), &["-", "--stdin-filename", "orders.yaml"], "");
    assert!(stderr.contains("edms-lint: orders.yaml is empty"), "{stderr}");
}

#[test]
fn a_message_through_the_pipe_is_a_mistake() {
    let dir = folder(&[]);
    for (text, what) in [
        ("Error: Kubernetes cluster unreachable\n", "a message, `Error: Kubernetes cluster unreachable`"),
        (
            "Error from server (Forbidden): kafkas.kafka.strimzi.io is forbidden: User \"ci\" cannot list\n",
            "a message, `Error from server (Forbidden): kafkas.kafka.strimzi.io is forbidden: User \"ci\" cannot list`",
        ),
        ("No resources found in default namespace.\n", "a message, `No resources found in default namespace.`"),
        ("NAME    READY   STATUS\norders-0   1/1   Running\n", "a table for people"),
        ("<!DOCTYPE html>\n<html><body>404</body></html>\n", "an HTML page"),
    ] {
        let (code, stdout, stderr) = piped(dir.path(), &["-"], text);
        assert_eq!((code, stdout.as_str()), (2, ""), "{text}: {stderr}");
        assert!(stderr.contains(&format!("edms-lint: <stdin> holds no manifests but {what}: ")), "{text}: {stderr}");
    }
    // A warning before manifests is no more than one skipped document.
    let (code, _, stderr) = piped(dir.path(), &["-"], &format!("WARNING: group-readable\n---\n{CLEAN}"));
    assert!(code == 0 && stderr.contains("1 document checked, 1 skipped"), "{stderr}");
}

#[test]
fn a_pipe_without_manifests_is_said() {
    let dir = folder(&[]);
    for (text, seen) in [
        ("---\n", "nothing was checked in 1 document: "),
        ("# only\n# comments\n", "nothing was checked in 1 document: holds only comments (1)"),
        ("{}\n", "nothing was checked in 1 document: not a Kubernetes object (1)"),
        ("hello\n", "nothing was checked in 1 document: not a Kubernetes object (1)"),
        ("apiVersion: v1\nkind: List\nitems: []\n", "nothing was checked in 1 document: a List without items (1)"),
        ("apiVersion: v1\nkind: List\nitems: null\n", "nothing was checked in 1 document: a List without items (1)"),
        ("{apiVersion: v1, kind: List}", "nothing was checked in 1 document: a List without items (1)"),
        (
            "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: List, items: []}\n\
             - {apiVersion: v1, kind: List, items: []}\n",
            "nothing was checked in 2 documents: a List without items (2)",
        ),
        (
            "apiVersion: example.net/v1\nkind: Gadget\nmetadata: {name: a}\n",
            "nothing was checked in 1 document: of a kind that no rule knows (1)",
        ),
    ] {
        let (code, stdout, stderr) = piped(dir.path(), &["-", "-q"], text);
        assert_eq!((code, stdout.as_str()), (0, ""), "{text}: {stderr}");
        assert!(stderr.contains(seen), "{text}: {stderr}");
        assert_eq!(piped(dir.path(), &["-", "--fail-on-empty"], text).0, 2, "{text}");
    }
}

#[test]
fn a_folder_without_manifests_is_said_in_every_format() {
    let chart = folder(&CHART);
    let readme = folder(&[("README.md", "# no manifests\n")]);
    let empty = folder(&[]);
    let values = folder(&[("values.yaml", "replicas: 1\n"), ("values-prod.yaml", "replicas: 3\n")]);
    let broken = folder(&[("a.yaml", "a: [b\n")]);
    for (dir, seen) in [
        (&empty, "nothing was checked: there are no manifests here (files that end in .yaml, .yml or .json)"),
        (&readme, "nothing was checked: there are no manifests here (files that end in .yaml, .yml or .json)"),
        (&values, "nothing was checked in 2 documents: values of a Helm chart (2); render the chart and pipe it in"),
        (&chart, "nothing was checked in 3 documents: "),
        (&broken, "nothing was checked in 1 document: not YAML (1)"),
    ] {
        for format in ["pretty", "concise", "json", "sarif"] {
            let (code, _, stderr) = run(dir.path(), &["-f", format, "-q"]);
            assert_eq!(code, 0, "{stderr}");
            assert!(stderr.contains(&format!("edms-lint: {seen}")), "{format}: {stderr}");
        }
        assert_eq!(run(dir.path(), &["--fail-on-empty"]).0, 2);
        let (code, _, stderr) = run(dir.path(), &["report"]);
        assert!(code == 0 && stderr.contains(seen), "{stderr}");
        assert_eq!(run(dir.path(), &["report", "--fail-under", "50"]).0, 1, "{seen}");
    }
}

#[test]
fn what_is_skipped_is_counted_by_reason() {
    let dir = folder(&[
        ("k8s/a.yaml", CLEAN),
        ("k8s/values.yaml", "a: 1\n"),
        ("k8s/values-prod.yaml", "a: 1\n"),
        ("k8s/b.yaml", "# later\n"),
    ]);
    let (code, _, stderr) = run(dir.path(), &["k8s"]);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("k8s: 1 document checked, 3 skipped\n"), "{stderr}");
    assert!(stderr.contains("  skipped: values of a Helm chart (2), holds only comments (1)\n"), "{stderr}");
}

#[test]
fn a_list_with_its_objects_under_another_key_is_an_error() {
    let text = "apiVersion: v1\nkind: List\nlist:\n- apiVersion: v1\n  kind: Namespace\n  metadata: {name: shop}\n";
    let dir = folder(&[("all/bundle.yaml", text)]);
    let (code, stdout, stderr) = run(dir.path(), &["all"]);
    let expected = "all/bundle.yaml:3:1: error[manifest-syntax] a List has its objects under `items`, and `list` is \
                    not read\n";
    assert_eq!((code, stdout.as_str()), (1, expected), "{stderr}");
    assert!(stderr.contains("nothing was checked"), "{stderr}");
    assert_eq!(run(dir.path(), &["all", "--fail-on-empty"]).0, 2);
}

#[test]
fn the_gate_of_the_report_needs_a_decided_sentence() {
    let dir = folder(&[("good/a.yaml", CLEAN), ("good/b.yaml", BLOCKING)]);
    assert_eq!(run(dir.path(), &["report", "--fail-under", "0"]).0, 0);
    let dir = folder(&[("a.yaml", CLEAN)]);
    let (code, _, stderr) = run(dir.path(), &["report", "--fail-under", "1"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(stderr.contains("no sentence could be decided, so --fail-under fails"), "{stderr}");
    assert_eq!(run(dir.path(), &["report"]).0, 0);
}

#[test]
fn a_misspelt_command_is_told_from_a_path() {
    let dir = folder(&[("report/a.yaml", CLEAN)]);
    for (word, meant) in [
        ("repot", "; did you mean `edms-lint report`?"),
        ("explian", "; did you mean `edms-lint explain`?"),
        ("rule", "; did you mean `edms-lint rules`?"),
        ("k8s", ""),
        ("k8s/report.yaml", ""),
    ] {
        let (code, _, stderr) = run(dir.path(), &[word]);
        let expected = format!("edms-lint: {word}: no such file or directory{meant}\n");
        assert_eq!(code, 2);
        assert!(stderr.contains(&expected), "{word}: {stderr}");
    }
    // A folder of such a name is there, too.
    let (code, _, stderr) = run(dir.path(), &["./report"]);
    assert!(code == 0 && stderr.contains("report: 1 document checked"), "{stderr}");
}

#[test]
fn a_configuration_of_another_name_is_said_not_to_be_read() {
    for name in [".edms-lint.yml", ".edms-lint.toml", "edms-lint.yaml", ".edms_lint.yaml"] {
        let dir = folder(&[(".git/HEAD", ""), (name, "rules: {pdb-blocks-drain: off}\n"), ("k8s/a.yaml", BLOCKING)]);
        let (code, _, stderr) = run(dir.path(), &["k8s"]);
        let expected = format!("edms-lint: {name} is not read: the configuration is called .edms-lint.yaml\n");
        assert!(code == 1 && stderr.contains(&expected), "{name}: {stderr}");
        let (_, _, stderr) = run(&dir.path().join("k8s"), &["-q"]);
        assert!(stderr.contains(&format!("../{name} is not read")), "{name}: {stderr}");
        let (_, _, stderr) = run(dir.path(), &["k8s", "--no-config"]);
        assert!(!stderr.contains("is not read"), "{name}: {stderr}");
        // Beside the right one, too.
        fs::write(dir.path().join(".edms-lint.yaml"), "rules: {pdb-blocks-drain: off}\n").expect("can be written");
        let (code, _, stderr) = run(dir.path(), &["k8s", "--ignore", "pdb-selects-nothing"]);
        assert!(code == 0 && stderr.contains(&expected), "{name}: {stderr}");
    }
}

#[test]
fn quiet_and_verbose_mean_the_same_in_both_forms_for_people() {
    let dir = folder(&[(
        "app.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: lonely}\nspec: {containers: [{name: a, image: 'a:1'}]}\n",
    )]);
    let notes = ["--fail-on", "note", "--select", "bare-pod", "--profile", "relaxed"];
    for format in ["concise", "pretty"] {
        let (_, stdout, _) = run(dir.path(), &[&notes[..], &["-f", format]].concat());
        assert!(stdout.contains("note[bare-pod]"), "{format}: {stdout}");
        let (code, stdout, stderr) = run(dir.path(), &[&notes[..], &["-f", format, "-q"]].concat());
        // What is not seen is the reason all the same.
        let reason = "edms-lint: 1 note in .: exit code 1 (--fail-on note)\n";
        assert_eq!((code, stdout.as_str(), stderr.as_str()), (1, "", reason), "{format}");
    }
    let (_, stdout, stderr) = run(dir.path(), &["-f", "concise", "--verbose"]);
    assert!(stderr.contains("Documents of .\n  checked  app.yaml:1  Pod lonely\n"), "{stderr}");
    assert!(!stdout.contains("Documents of"), "{stdout}");
}

#[test]
fn what_no_list_has_is_told_at_its_place() {
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}itmes: []\n",
        CLEAN.replace('\n', "\n  ").trim_end_matches(' ')
    );
    let dir = folder(&[("all.yaml", &list)]);
    let (code, stdout, _) = run(dir.path(), &[]);
    let expected = "all.yaml:8:1: error[manifest-syntax] a List has no field `itmes`: kubectl drops it in silence\n";
    assert_eq!((code, stdout.as_str()), (1, expected), "{list}");
}
