//! The program as its users run it: arguments, streams, files and exit codes.

use crate::common::program::{BLOCKING, CLEAN, folder, program, run};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// A Deployment that is too small, on four lines.
const SMALL: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: backend}\nspec: {replicas: 1, selector: {matchLabels: {app: backend}}, template: {metadata: {labels: {app: backend}}, spec: {containers: [{name: backend, image: 'backend:1', livenessProbe: {tcpSocket: {port: 8080}}}]}}}\n";

#[test]
fn exit_codes() {
    let dir = folder(&[("bad/a.yaml", BLOCKING), ("good/a.yaml", CLEAN)]);
    assert_eq!(run(dir.path(), &["good"]).0, 0);
    assert_eq!(run(dir.path(), &["bad"]).0, 1);
    assert_eq!(run(dir.path(), &["bad", "--exit-zero"]).0, 0);
    assert_eq!(run(dir.path(), &["missing"]).0, 2);
    assert_eq!(run(dir.path(), &["--no-such-flag"]).0, 2);
    assert_eq!(run(dir.path(), &["bad", "--ignore", "pdb-blocks-drain,pdb-selects-nothing"]).0, 0);
    assert_eq!(run(dir.path(), &["bad", "--select", "workload"]).0, 0);
    assert_eq!(run(dir.path(), &["bad", "--select", "pdb-block-drain"]).0, 2);
}

#[test]
fn a_missing_path_does_not_hide_the_rest() {
    let dir = folder(&[("bad/a.yaml", BLOCKING)]);
    let (code, stdout, stderr) = run(dir.path(), &["bad", "missing.yaml"]);
    assert_eq!(code, 2);
    assert!(stdout.starts_with("bad/a.yaml:6:3: error[pdb-blocks-drain] "), "{stdout}");
    assert!(stderr.contains("missing.yaml: no such file or directory"), "{stderr}");
}

#[test]
fn warnings_can_be_limited() {
    let note = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: thing\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: thing}}\n  template: {metadata: {labels: {app: thing}}, spec: {containers: [{name: thing, image: 'thing:1'}]}}\n";
    let dir = folder(&[("a.yaml", note)]);
    let only = ["--select", "workload-too-few-replicas", "."];
    let (code, stdout, _) = run(dir.path(), &only);
    assert_eq!((code, stdout.matches("warning[").count()), (0, 1), "{stdout}");
    assert_eq!(run(dir.path(), &[&only[..], &["--max-warnings", "1"]].concat()).0, 0);
    assert_eq!(run(dir.path(), &[&only[..], &["--max-warnings", "0"]].concat()).0, 1);
    assert_eq!(run(dir.path(), &[&only[..], &["--fail-on", "warning"]].concat()).0, 1);
    assert_eq!(run(dir.path(), &[&only[..], &["--profile", "production"]].concat()).0, 1);
}

#[test]
fn stdout_is_the_report_only() {
    let dir = folder(&[("a.yaml", BLOCKING)]);
    let (_, stdout, stderr) = run(dir.path(), &["--format", "json", "."]);
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("stdout is one JSON document");
    assert_eq!(report["version"], 1);
    assert!(stderr.contains("1 document"), "the summary is on stderr: {stderr}");
    let (_, _, stderr) = run(dir.path(), &["--format", "json", "--quiet", "."]);
    assert_eq!(stderr, "");
    for format in ["json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown", "openreports", "agent"] {
        let (_, stdout, _) = run(dir.path(), &["--format", format, "--color", "always", "."]);
        assert!(!stdout.contains('\u{1b}') && !stdout.is_empty(), "{format}: {stdout}");
    }
    for format in ["pretty", "concise"] {
        let (_, stdout, _) = run(dir.path(), &["--format", format, "--color", "always", "."]);
        assert!(stdout.contains("\u{1b}["), "{stdout}");
        let (_, stdout, _) = run(dir.path(), &["--format", format, "."]);
        assert!(!stdout.contains('\u{1b}'), "no terminal, no colour: {stdout}");
    }
}

#[test]
fn several_reports_in_one_run() {
    let dir = folder(&[("k8s/a.yaml", BLOCKING)]);
    let arguments =
        ["k8s", "--output", "json=report.json", "--output", "sarif=report.sarif", "--output", "pretty=report.txt"];
    assert_eq!(run(dir.path(), &arguments).0, 1);
    let read = |name: &str| fs::read_to_string(dir.path().join(name)).expect("was written");
    let sarif: serde_json::Value = serde_json::from_str(&read("report.sarif")).expect("is JSON");
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "pdb-blocks-drain");
    assert_eq!(
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "k8s/a.yaml"
    );
    assert!(read("report.json").contains("pdb-blocks-drain") && read("report.txt").contains("pdb-blocks-drain"));
    let (code, _, stderr) = run(dir.path(), &["k8s", "--output", "json=no/such/folder/report.json"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot write no/such/folder/report.json"), "{stderr}");
    assert_eq!(run(dir.path(), &["k8s", "--output", "xml=report.xml"]).0, 2);
}

#[test]
fn stdin_is_an_environment_with_a_name() {
    let dir = folder(&[]);
    let output =
        program(dir.path()).args(["-", "--stdin-filename", "chart.yaml"]).write_stdin(BLOCKING).output().expect("runs");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(stdout.starts_with("chart.yaml:6:3: error[pdb-blocks-drain]"), "{stdout}");
}

#[test]
fn nothing_to_audit_is_said() {
    let dir = folder(&[("README.txt", "no manifests")]);
    let (code, _, stderr) = run(dir.path(), &[]);
    assert_eq!(code, 0);
    assert!(stderr.contains("no manifests"), "{stderr}");
    assert_eq!(run(dir.path(), &["--fail-on-empty"]).0, 2);
}

#[test]
fn the_configuration_is_found_upwards_and_its_mistakes_are_shown() {
    let dir = folder(&[
        (".git/HEAD", ""),
        (".edms-lint.yaml", "rules:\n  pdb-blocks-drain: warning\n"),
        ("k8s/base/a.yaml", BLOCKING),
    ]);
    assert_eq!(run(&dir.path().join("k8s"), &["base"]).0, 0);
    assert_eq!(run(dir.path(), &["k8s", "--no-config"]).0, 1);
    fs::write(dir.path().join(".edms-lint.yaml"), "rules:\n  pdb-block-drain: off\n").expect("can be written");
    let (code, _, stderr) = run(dir.path(), &["k8s"]);
    assert_eq!(code, 2);
    assert!(stderr.contains(".edms-lint.yaml:2:3]") && stderr.contains("pdb-blocks-drain"), "{stderr}");
    fs::write(dir.path().join(".edms-lint.yaml"), "rules:\n  kafka-too-few-brokers: {min-broker: 5}\n")
        .expect("can be written");
    let (code, _, stderr) = run(dir.path(), &["k8s"]);
    assert_eq!(code, 2);
    assert!(stderr.contains(":2:27]") && stderr.contains("min-brokers"), "{stderr}");
}

#[test]
fn comments_make_exceptions() {
    let text = BLOCKING
        .replace("maxUnavailable: 0", "maxUnavailable: 0 # edms-lint: ignore[pdb-blocks-drain]: frozen for the audit");
    let dir = folder(&[("a.yaml", &text)]);
    let (code, stdout, stderr) = run(dir.path(), &["--ignore", "pdb-selects-nothing", "."]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("1 suppressed"), "{stderr}");
    let (_, stdout, _) = run(dir.path(), &["--ignore", "pdb-selects-nothing", "--format", "pretty", "--verbose", "."]);
    assert!(stdout.contains("frozen for the audit"), "{stdout}");
}

#[test]
fn pages_and_tables() {
    let dir = folder(&[]);
    let (code, stdout, _) = run(dir.path(), &["explain", "pdb-blocks-drain"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("What it checks"), "{stdout}");
    let (code, _, stderr) = run(dir.path(), &["explain", "pdb-block-drain"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("did you mean pdb-blocks-drain?"), "{stderr}");
    let (code, stdout, _) = run(dir.path(), &["rules"]);
    assert_eq!(code, 0);
    assert!(stdout.contains("kafka-too-few-brokers"), "{stdout}");
    let (_, stdout, _) = run(dir.path(), &["rules", "--format", "json"]);
    let table: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
    assert!(table["rules"].as_array().is_some_and(|it| it.len() >= 13));
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let dir = folder(&[("a.yaml", BLOCKING)]);
    let binary = assert_cmd::cargo::cargo_bin("edms-lint");
    let script = format!("'{}' --verbose --format pretty . | true; exit ${{PIPESTATUS[0]}}", binary.display());
    let output =
        std::process::Command::new("bash").args(["-c", &script]).current_dir(dir.path()).output().expect("bash runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panic"));
}

#[cfg(unix)]
#[test]
fn loops_and_pipes_end() {
    let dir = folder(&[("k8s/a.yaml", BLOCKING)]);
    std::os::unix::fs::symlink("..", dir.path().join("k8s/loop")).expect("links can be made");
    std::os::unix::fs::symlink("a.yaml", dir.path().join("k8s/b.yaml")).expect("links can be made");
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("k8s/pipe.yaml")).status();
    assert!(made.is_ok_and(|it| it.success()));
    let output = program(dir.path()).arg("k8s").timeout(Duration::from_secs(20)).output().expect("ends");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(stdout.matches("pdb-blocks-drain").count(), 1, "{stdout}");
}

#[test]
fn a_huge_file_is_refused_in_bounded_time() {
    let dir = folder(&[("small.yaml", BLOCKING)]);
    let big = fs::File::create(dir.path().join("big.yaml")).expect("it can be made");
    big.set_len(300_000_000).expect("a file of nothing takes no room");
    let start = Instant::now();
    let (code, stdout, _) = run(dir.path(), &["."]);
    assert_eq!(code, 1);
    assert!(stdout.contains("big.yaml:1:1: error[manifest-syntax]"), "{stdout}");
    assert!(stdout.contains("pdb-blocks-drain"), "the other file is audited: {stdout}");
    assert!(stdout.len() < 10_000 && start.elapsed() < Duration::from_mins(1));
}

#[test]
fn nasty_texts_have_a_place_and_hide_nothing() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for (file, place) in [
        ("tabs.yaml", "4:1"),
        ("nul-character.yaml", "6:8"),
        ("control-characters.yaml", "6:6"),
        ("invalid-utf8.yaml", "6:6"),
        ("utf16-le.yaml", "1:1"),
        ("unclosed-quote.yaml", ""),
        ("recursive-alias.yaml", "6:10"),
        ("alias-bomb.yaml", ""),
        ("deep-flow.yaml", ""),
        ("deep-block.yaml", ""),
        ("unknown-anchor.yaml", "5:7"),
        ("bad-separator.yaml", "5:1"),
        ("list-key.yaml", "5:8"),
    ] {
        let (code, stdout, _) = run(&fixtures, &[&format!("yaml/{file}")]);
        assert_eq!(code, 1, "{file}: {stdout}");
        assert!(
            stdout.contains(&format!("yaml/{file}:{place}")) && stdout.contains("error[manifest-syntax]"),
            "{file}: {stdout}"
        );
    }
    for file in ["empty.yaml", "only-comments.yaml", "bom-crlf.yaml", "separators.yaml"] {
        let (code, stdout, stderr) = run(&fixtures, &[&format!("yaml/{file}")]);
        assert_eq!(code, 0, "{file}: {stdout}{stderr}");
    }
    let (code, stdout, stderr) = run(&fixtures, &["yaml/terminal-escapes.yaml"]);
    assert_eq!(code, 1, "such names are refused: {stdout}{stderr}");
    assert!(!stdout.contains(['\u{1b}', '\u{202e}']) && !stderr.contains(['\u{1b}', '\u{202e}']), "{stdout}{stderr}");
}

#[test]
fn small_things_are_seen() {
    let dir = folder(&[("a.yaml", SMALL)]);
    let (_, stdout, _) = run(dir.path(), &["."]);
    // `spec: {replicas: 1` on line 4: the entry begins at column 8.
    assert!(stdout.contains("a.yaml:4:8: ") && stdout.contains("workload-too-few-replicas"), "{stdout}");
}

#[test]
#[cfg(unix)]
fn a_device_is_written_to_and_not_replaced() {
    let dir = folder(&[("a.yaml", SMALL)]);
    let link = dir.path().join("nowhere");
    std::os::unix::fs::symlink("/dev/null", &link).expect("links can be made");
    run(dir.path(), &["a.yaml", "--output", "json=nowhere"]);
    assert!(fs::symlink_metadata(&link).expect("it is still there").is_symlink());
}

#[test]
fn two_reports_in_one_file_are_refused() {
    let dir = folder(&[("a.yaml", BLOCKING)]);
    let (code, _, stderr) = run(dir.path(), &["-o", "json=same", "-o", "sarif=same"]);
    assert_eq!(
        (code, stderr.as_str()),
        (2, "edms-lint: two reports go to same: give each --output a file of its own\n")
    );
    assert!(!dir.path().join("same").exists());
}
