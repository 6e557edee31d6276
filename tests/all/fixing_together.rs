//! What fixes do together and what they refuse, as their users see it.

use crate::common::program::{folder, run};
use crate::common::root;
use crate::fixing::{SHOP, read, with};
use std::fs;

/// One pod that answers, with all that an autoscaler needs.
const ONE: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
          ports: [{containerPort: 8080}]
          resources: {requests: {cpu: 100m}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
";

#[test]
fn an_autoscaler_comes_in_the_place_of_a_second_replica() {
    let dir = folder(&[("web.yaml", ONE)]);
    let rules = ["--select", "workload-too-few-replicas,hpa-missing,hpa-replicas-drift", "--unsafe-fixes", "."];
    let (_, stdout, stderr) = run(dir.path(), &rules);
    assert!(stdout.is_empty() && stderr.contains("1 fixed in 1 file (unsafe)\n"), "{stdout}{stderr}");
    let text = read(dir.path(), "web.yaml");
    assert!(!text.contains("replicas: 1") && text.contains("\n  minReplicas: 2\n"), "{text}");
    // Whoever does not want the one gets the other.
    let dir = folder(&[("web.yaml", ONE)]);
    run(dir.path(), &["--unsafe-fixes", "--fix-only", "workload-too-few-replicas", "."]);
    assert_eq!(read(dir.path(), "web.yaml"), ONE.replace("replicas: 1", "replicas: 2"));
}

#[test]
fn objects_of_one_name_in_several_environments_are_several() {
    let files: Vec<(String, String)> = (0..4).map(|it| (format!("{it}/web.yaml"), ONE.to_owned())).collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    // Two tasks of one number: what needs two passes elsewhere is held up by nothing here.
    let two = ONE.replace("replicas: 1", "replicas: 2");
    files.push(("two/web.yaml", &two));
    let dir = folder(&files);
    let arguments = ["--select", "workload-too-few-replicas,pdb-missing,pdb-unhealthy-eviction", "--unsafe-fixes", "."];
    let (_, stdout, stderr) = run(dir.path(), &arguments);
    assert!(stdout.is_empty() && stderr.contains("9 fixed in 5 files (unsafe)\n"), "{stdout}{stderr}");
    for file in &files {
        assert!(
            read(dir.path(), file.0).ends_with("      app: web\n")
                || read(dir.path(), file.0).contains("kind: PodDisruptionBudget")
        );
    }
}

#[test]
fn refusals_are_counted_by_name() {
    let annotated = "name: web\n  annotations: {pods: &all \"100%\"}\nspec:\n  minAvailable: *all";
    let text = SHOP.replace("name: web\nspec:\n  minAvailable: 3", annotated);
    let dir = folder(&[("shop.yaml", &text)]);
    let (_, stdout, stderr) = run(dir.path(), &with(&["--fix", "--format", "json", "."]));
    assert!(stderr.contains("0 fixed\n1 refused: 1 alias\n"), "{stderr}");
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("it is JSON");
    assert_eq!(report["refused"], serde_json::json!({"alias": 1}));
    assert_eq!(read(dir.path(), "shop.yaml"), text);
}

#[test]
fn what_would_stop_or_part_is_not_written() {
    let fixture =
        |name: &str| fs::read_to_string(root().join("fixtures/rules").join(name)).expect("the fixture is there");
    // Two copies in sync of two would stop writes while a broker restarts.
    let text = fixture("kafka-replication-factor-low/fail-topic-of-two-copies.yaml");
    let dir = folder(&[("kafka.yaml", &text)]);
    run(dir.path(), &["--unsafe-fixes", "--fix-only", "kafka-replication-factor-low", "."]);
    let expected = text.replace("default.replication.factor: 1", "default.replication.factor: 3");
    assert_eq!(read(dir.path(), "kafka.yaml"), expected);
    // A second pod would not have the files of the first.
    let text = fixture("workload-too-few-replicas/fail-files-in-an-empty-dir.yaml");
    let dir = folder(&[("grafana.yaml", &text)]);
    run(dir.path(), &["--unsafe-fixes", "--fix-only", "workload-too-few-replicas", "."]);
    assert_eq!(read(dir.path(), "grafana.yaml"), text);
    // What was read from a cluster is nobody's source.
    let text = SHOP.replace(
        "name: web\nspec",
        "name: web\n  uid: 0d9b8a7c-1111-4222-8333-444455556666\n  resourceVersion: \"7\"\nspec",
    );
    let dir = folder(&[("dump.yaml", &text)]);
    let (_, _, stderr) = run(dir.path(), &with(&["--unsafe-fixes", "."]));
    assert_eq!(read(dir.path(), "dump.yaml"), text, "{stderr}");
}

#[test]
fn one_edit_is_right_in_all_environments_or_is_not_made() {
    let base = "resources: [web.yaml]\n";
    let prod = "resources: [../base]\nreplicas: [{name: web, count: 3}]\n";
    let files = |prod| {
        [
            ("base/web.yaml", ONE),
            ("base/kustomization.yaml", base),
            ("dev/kustomization.yaml", DEV),
            ("prod/kustomization.yaml", prod),
        ]
    };
    let arguments = ["--select", "hpa-missing", "--unsafe-fixes", "."];
    // Three pods are the least in one of them, two in the other: no autoscaler in the base is right for both.
    let dir = folder(&files(prod));
    let (_, _, stderr) = run(dir.path(), &arguments);
    assert!(stderr.contains("0 fixed\n1 refused: 1 composed\n"), "{stderr}");
    assert_eq!(read(dir.path(), "base/web.yaml"), ONE);
    let dir = folder(&files("resources: [../base]\n"));
    let (_, _, stderr) = run(dir.path(), &arguments);
    assert!(stderr.contains("1 fixed in 1 file (unsafe)\n"), "{stderr}");
}

const DEV: &str = "resources: [../base]\nnamePrefix: dev-\n";

#[test]
fn what_cannot_change_in_place_is_left() {
    let spec = "  restartPolicy: Never\n  containers:\n  - name: main\n    image: registry.example.com/main:1\n    ports: [{name: http, containerPort: 8080}]\n    livenessProbe: {httpGet: {path: /, port: htpp}}\n";
    let pod = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: one}}\nspec:\n{spec}");
    let inner = format!("    spec:\n{spec}").replace("\n  ", "\n      ");
    let job = format!("apiVersion: batch/v1\nkind: Job\nmetadata: {{name: two}}\nspec:\n  template:\n{inner}");
    let dir = folder(&[("pod.yaml", &pod), ("job.yaml", &job)]);
    let (_, _, stderr) = run(dir.path(), &["--select", "probe-target-invalid", "--unsafe-fixes", "."]);
    assert!(stderr.contains("0 fixed\n2 refused: 2 immutable\n"), "{stderr}");
    assert_eq!((read(dir.path(), "pod.yaml"), read(dir.path(), "job.yaml")), (pod, job));
}
