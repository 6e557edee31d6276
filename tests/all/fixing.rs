//! `--fix`, `--unsafe-fixes` and `--diff` as their users run them: files in, files out.

use crate::common::program::{folder, piped, run};
use std::fs;
use std::path::Path;

/// A budget that blocks drains of the three pods that it selects, with comments, and a Deployment without one.
pub(crate) const SHOP: &str = "\
# The shop.
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 3  # all of them
  selector:
    matchLabels:
      app: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
---
# The worker has no budget yet.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  replicas: 2
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:
      containers:
        - name: worker
          image: registry.example.com/worker:1.2.3
";

const BUDGETS: [&str; 2] = ["--select", "pdb-blocks-drain,pdb-missing"];

pub(crate) fn with(arguments: &[&'static str]) -> Vec<&'static str> {
    BUDGETS.into_iter().chain(arguments.iter().copied()).collect()
}

pub(crate) fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("the file is there")
}

#[test]
fn a_safe_fix_changes_its_bytes_and_no_others() {
    for (from, to) in [("\n", "\n"), ("\n", "\r\n")] {
        let shop = SHOP.replace(from, to);
        let dir = folder(&[("shop.yaml", &format!("\u{feff}{shop}"))]);
        let (code, _, stderr) = run(dir.path(), &with(&["--fix", "."]));
        // What is left is a warning.
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("1 fixed in 1 file (safe)\n1 fixable with --unsafe-fixes\n"), "{stderr}");
        let expected = shop.replace("minAvailable: 3  #", "maxUnavailable: 1  #");
        assert_eq!(read(dir.path(), "shop.yaml"), format!("\u{feff}{expected}"));
        let (_, _, stderr) = run(dir.path(), &with(&["--fix", "."]));
        assert!(stderr.contains("0 fixed\n"), "{stderr}");
    }
}

#[test]
fn what_is_left_is_reported_as_it_stands() {
    let dir = folder(&[("open.yaml", SHOP), ("shut.yaml", &SHOP.replace("  name: w", "  namespace: shut\n  name: w"))]);
    let shut = dir.path().join("shut.yaml");
    let mut mode = fs::metadata(&shut).expect("the file is there").permissions();
    mode.set_readonly(true);
    fs::set_permissions(&shut, mode).expect("the mode can be set");
    let (code, stdout, stderr) = run(dir.path(), &["--select", "pdb-blocks-drain", "--fix", "."]);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("shut.yaml is left as it is: it is read-only\n"), "{stderr}");
    assert!(stderr.contains("1 fixed in 1 file (safe)\n"), "{stderr}");
    let left = stdout.lines().filter(|it| it.contains("[pdb-blocks-drain]")).count();
    assert!(left == 1 && stdout.contains("shut.yaml:"), "{stdout}");
}

#[test]
fn a_safe_fix_takes_no_comment_along() {
    let text = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  # The old tier.
  namespace: first
  namespace: shop
";
    let dir = folder(&[("web.yaml", text)]);
    let only = ["--select", "manifest-duplicate-key"];
    let (_, _, stderr) = run(dir.path(), &[&only[..], &["--fix", "."]].concat());
    assert!(stderr.contains("0 fixed\n1 fixable with --unsafe-fixes\n"), "{stderr}");
    assert_eq!(read(dir.path(), "web.yaml"), text);
    run(dir.path(), &[&only[..], &["--unsafe-fixes", "."]].concat());
    assert_eq!(read(dir.path(), "web.yaml"), text.replace("  # The old tier.\n  namespace: first\n", ""));
}

#[test]
fn an_unsafe_fix_is_made_when_it_is_asked_for() {
    let dir = folder(&[("shop.yaml", SHOP)]);
    let (code, stdout, stderr) = run(dir.path(), &with(&["--unsafe-fixes", "."]));
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("2 fixed in 1 file (1 safe, 1 unsafe)\n"), "{stderr}");
    let budget = "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: worker\nspec:\n  maxUnavailable: 1\n  unhealthyPodEvictionPolicy: AlwaysAllow\n  selector:\n    matchLabels:\n      app: worker\n";
    assert_eq!(read(dir.path(), "shop.yaml"), SHOP.replace("minAvailable: 3", "maxUnavailable: 1") + budget);
}

#[test]
fn a_diff_writes_nothing_and_says_by_its_exit_code_whether_there_is_one() {
    let dir = folder(&[("k8s/shop.yaml", SHOP), ("bad/shop.yaml", &format!("{SHOP}---\napiVersion: v1\nkind: [\n"))]);
    let (code, stdout, stderr) = run(dir.path(), &with(&["--diff", "k8s"]));
    assert_eq!(code, 1, "{stderr}");
    assert!(stdout.starts_with("--- a/k8s/shop.yaml\n+++ b/k8s/shop.yaml\n@@"), "{stdout}");
    assert!(stdout.contains("\n-  minAvailable: 3  # all of them\n+  maxUnavailable: 1  # all of them\n"), "{stdout}");
    assert!(stderr.contains("1 would be fixed in 1 file (safe)"), "{stderr}");
    assert_eq!(read(dir.path(), "k8s/shop.yaml"), SHOP);
    run(dir.path(), &with(&["--fix", "k8s"]));
    assert_eq!(run(dir.path(), &with(&["--diff", "k8s"])).0, 0);
    assert_eq!(run(dir.path(), &with(&["--diff", "bad"])).0, 2, "a document cannot be parsed");
}

#[test]
fn a_stream_is_fixed_on_its_way() {
    let dir = folder(&[]);
    let (code, stdout, stderr) = piped(dir.path(), &with(&["--fix", "-"]), SHOP);
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(stdout, SHOP.replace("minAvailable: 3", "maxUnavailable: 1"));
    assert!(stderr.contains("1 fixed in 1 file (safe)"), "{stderr}");
    let rendered = SHOP.replace("# The shop.", "---\n# Source: shop/templates/web.yaml");
    let (_, stdout, _) = piped(dir.path(), &with(&["--fix", "-"]), &rendered);
    assert_eq!(stdout, rendered, "what a program renders is edited where it is rendered from");
}

#[test]
fn rules_are_chosen_by_name() {
    let dir = folder(&[("shop.yaml", SHOP)]);
    let (code, _, stderr) = run(dir.path(), &["--fix-only", "pdb-mising", "."]);
    assert_eq!(code, 2);
    assert!(stderr.contains("did you mean pdb-missing?"), "{stderr}");
    let (_, _, stderr) = run(dir.path(), &["--unsafe-fixes", "--fix-only", "kraft-even-quorum", "."]);
    assert!(stderr.contains("kraft-even-quorum has no fix that is applied"), "{stderr}");
    assert!(stderr.contains("0 fixed\n"), "{stderr}");
    assert_eq!(read(dir.path(), "shop.yaml"), SHOP);
    run(dir.path(), &["--unsafe-fixes", "--fix-only", "pdb-blocks-drain", "."]);
    assert_eq!(read(dir.path(), "shop.yaml"), SHOP.replace("minAvailable: 3", "maxUnavailable: 1"));
}

#[test]
fn what_is_suppressed_or_in_the_baseline_is_left() {
    let suppressed =
        SHOP.replace("  minAvailable", "  # edms-lint: ignore[pdb-blocks-drain] it is meant\n  minAvailable");
    let dir = folder(&[("shop.yaml", &suppressed)]);
    run(dir.path(), &with(&["--fix", "."]));
    assert_eq!(read(dir.path(), "shop.yaml"), suppressed);
    let dir = folder(&[("shop.yaml", SHOP)]);
    run(dir.path(), &with(&["--write-baseline", "known", "."]));
    run(dir.path(), &with(&["--unsafe-fixes", "--baseline", "known", "."]));
    assert_eq!(read(dir.path(), "shop.yaml"), SHOP);
}

#[test]
fn new_objects_come_into_a_folder_and_into_their_kustomization() {
    let kustomization = "resources:\n  - shop.yaml # the shop\n";
    let dir = folder(&[("k8s/kustomization.yaml", kustomization), ("k8s/shop.yaml", SHOP)]);
    let arguments = with(&["--unsafe-fixes", "--fix-dir", "k8s", "."]);
    let (code, _, stderr) = run(dir.path(), &arguments);
    assert_eq!(code, 0, "{stderr}");
    assert!(stderr.contains("2 fixed in 3 files (1 safe, 1 unsafe)"), "{stderr}");
    let budget = read(dir.path(), "k8s/poddisruptionbudget-worker.yaml");
    assert!(
        budget.starts_with("apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: worker\n"),
        "{budget}"
    );
    let expected = format!("{kustomization}  - poddisruptionbudget-worker.yaml\n");
    assert_eq!(read(dir.path(), "k8s/kustomization.yaml"), expected);
    assert!(run(dir.path(), &arguments).2.contains("0 fixed\n"));
    for (place, reason) in [("k8s/shop.yaml", "is not a folder"), ("..", "is not in a folder that is audited")] {
        let (code, _, stderr) = run(dir.path(), &["--fix", "--fix-dir", place, "."]);
        assert_eq!(code, 2);
        assert!(stderr.contains(reason), "{stderr}");
    }
}

#[test]
fn a_file_that_is_there_is_not_replaced_by_a_new_one() {
    let dir = folder(&[("k8s/shop.yaml", SHOP), ("k8s/.gitignore", "pod*\n"), (".git/HEAD", "ref: refs/heads/main\n")]);
    fs::write(dir.path().join("k8s/poddisruptionbudget-worker.yaml"), "mine: true\n").expect("can be written");
    let (code, _, stderr) = run(dir.path(), &with(&["--unsafe-fixes", "--fix-dir", "k8s", "."]));
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("poddisruptionbudget-worker.yaml exists already, so nothing is written"), "{stderr}");
    assert_eq!(read(dir.path(), "k8s/shop.yaml"), SHOP);
}

#[test]
fn a_base_is_edited_where_all_that_build_on_it_need_it() {
    let base = "resources: [shop.yaml]\n";
    let overlay = "namePrefix: x-\nresources: [../base]\n";
    let patched = format!(
        "{overlay}patches:\n  - target: {{kind: PodDisruptionBudget}}\n    patch: '[{{\"op\": \"replace\", \"path\": \"/spec/minAvailable\", \"value\": 2}}]'\n"
    );
    let files = |prod: &'static str| {
        [
            ("base/shop.yaml", SHOP),
            ("base/kustomization.yaml", base),
            ("dev/kustomization.yaml", overlay),
            ("prod/kustomization.yaml", prod),
        ]
    };
    let dir = folder(&files(overlay));
    run(dir.path(), &with(&["--fix", "."]));
    assert_eq!(read(dir.path(), "base/shop.yaml"), SHOP.replace("minAvailable: 3", "maxUnavailable: 1"));
    let dir = folder(&files(patched.leak()));
    let (_, _, stderr) = run(dir.path(), &with(&["--fix", "."]));
    assert!(stderr.contains("0 fixed\n"), "{stderr}");
    assert_eq!(read(dir.path(), "base/shop.yaml"), SHOP);
    let (_, stdout, _) = run(dir.path(), &with(&["--format", "pretty", "."]));
    assert!(stdout.contains("by hand: environment prod reads the same file"), "{stdout}");
}

#[test]
fn reports_say_what_was_fixed_and_what_could_be() {
    let dir = folder(&[("shop.yaml", SHOP)]);
    let (_, stdout, _) = run(dir.path(), &with(&["--format", "pretty", "."]));
    assert!(stdout.contains("= fix: let one pod go at a time (--fix)\n       -   minAvailable: 3  # all of them\n       +   maxUnavailable: 1  # all of them\n"), "{stdout}");
    assert!(stdout.contains("(--unsafe-fixes)\n       + ---\n"), "{stdout}");
    let (_, _, stderr) = run(dir.path(), &with(&["--no-fix-hint", "."]));
    assert!(!stderr.contains("fixable"), "{stderr}");
    let (_, stdout, _) = run(dir.path(), &with(&["--fix", "--format", "json", "."]));
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    assert_eq!(report["fixed"][0]["rule"], "pdb-blocks-drain");
    assert_eq!(report["fixed"][0]["files"][0], "shop.yaml");
    assert_eq!(report["findings"][0]["fix"]["safety"], "unsafe");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1), "the findings are those that are left");
}

/// Seven workloads that lack the same have a fix each, and what two environments share has one.
#[test]
fn each_object_has_its_fix_and_a_shared_line_has_one() {
    let worker = &SHOP[SHOP.find("# The worker").expect("it is there")..];
    let seven: Vec<String> = (0..7).map(|it| worker.replace("worker", &format!("worker-{it}"))).collect();
    let dir = folder(&[("shop.yaml", &seven.join("---\n"))]);
    let (_, _, stderr) = run(dir.path(), &["--unsafe-fixes", "--fix-only", "pdb-missing", "."]);
    assert!(stderr.contains("7 fixed in 1 file (unsafe)"), "{stderr}");
    let base = "resources: [shop.yaml]\n";
    let overlay = "resources: [../base]\n";
    let files = [
        ("base/shop.yaml", SHOP),
        ("base/kustomization.yaml", base),
        ("dev/kustomization.yaml", overlay),
        ("prod/kustomization.yaml", overlay),
    ];
    let dir = folder(&files);
    let (_, _, stderr) = run(dir.path(), &with(&["--fix", "."]));
    assert!(stderr.contains("1 fixed in 1 file (safe)"), "{stderr}");
}

/// A fix may bring an error of another object to light, if its page says so: what else was fixed of that object stays.
#[test]
fn what_a_fix_brings_to_light_undoes_no_other() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: worker}\nspec:\n  selector: {app: workers}\n  ports: [{port: 80, targetPort: 8080}]\n";
    let worker = SHOP[SHOP.find("apiVersion: apps/v1").expect("it is there")..].replace("web", "worker");
    let worker = &worker[..worker.find("---").expect("it ends")];
    let dir = folder(&[("shop.yaml", &format!("{worker}---\n{service}"))]);
    let (_, stdout, stderr) = run(dir.path(), &["--unsafe-fixes", "--profile", "production", "."]);
    assert!(stdout.contains("error[readiness-probe-missing]"), "{stdout}");
    assert!(!stderr.contains("is not fixed"), "{stderr}");
    let fixed = read(dir.path(), "shop.yaml");
    assert!(fixed.contains("selector: {app: worker}") && fixed.contains("kind: PodDisruptionBudget"), "{fixed}");
}

/// Whenever the program is killed, each file is the old one or the new one.
#[test]
fn a_killed_run_leaves_whole_files() {
    let names: Vec<String> = (0..60).map(|it| format!("shop-{it}.yaml")).collect();
    let texts: Vec<String> = (0..60)
        .map(|it| SHOP.replace("web", &format!("web-{it}")).replace("worker", &format!("worker-{it}")))
        .collect();
    let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
    let fixed = |text: &str| text.replace("minAvailable: 3", "maxUnavailable: 1");
    let (mut old, mut new, mut between) = (0, 0, 0);
    for round in 0..24_u32 {
        let dir = folder(&files);
        let count_new = || {
            let counted = files.iter().map(|(name, text)| match read(dir.path(), name) {
                it if it == *text => 0,
                it if it == fixed(text) => 1,
                it => panic!("{name} is neither: {it}"),
            });
            counted.sum::<usize>()
        };
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_edms-lint"))
            .args(with(&["--fix", "--quiet", "."]))
            .current_dir(dir.path())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the program starts");
        // Early, or once the first file is written and some moments later.
        if round % 3 == 0 {
            std::thread::sleep(std::time::Duration::from_millis(u64::from(round) * 10));
        } else {
            let (first, text) = files[0];
            while read(dir.path(), first) == text && child.try_wait().expect("it can be asked").is_none() {}
            std::thread::sleep(std::time::Duration::from_micros(u64::from(round) * 150));
        }
        child.kill().expect("it can be killed, or is done");
        child.wait().expect("it ends");
        let done = count_new();
        old += files.len() - done;
        new += done;
        between += usize::from(done > 0 && done < files.len());
        // Whoever runs it again has all that was left, and what the killed run left over is no manifest.
        if round % 8 == 1 {
            run(dir.path(), &with(&["--fix", "--quiet", "."]));
            assert_eq!(count_new(), files.len(), "the second run mends the rest");
        }
    }
    assert!(old > 0 && new > 0, "{old} files are old and {new} new");
    assert!(between > 0, "some runs were killed while they wrote");
}
