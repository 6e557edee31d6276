//! The readiness report of many environments: an overview first, and only so much of each as a reader can take.

use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Environments that are made.
const MANY: usize = 80;
/// Those of them of which nothing can be decided.
const OPEN: usize = 20;
/// Workloads of an environment.
const WORKLOADS: usize = 8;

/// Workloads that lack about everything, so that there is much to say of them.
fn workloads(environment: usize) -> String {
    let mut text = String::new();
    for number in 0..=WORKLOADS {
        let name = format!("payment-backend-{environment}-{number}");
        let manifest = format!(
            "apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: app, image: example.org/app, ports: [{{containerPort: 8000}}]}}]
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{app: {name}}}
  ports: [{{port: 80, targetPort: 8000}}]
---
"
        );
        text.push_str(&manifest);
    }
    text
}

/// Kustomizations that have nothing to do with each other.
fn write_environments(folder: &Path) {
    for at in 0..MANY {
        let own = folder.join(format!("clusters/region-{at:02}"));
        std::fs::create_dir_all(&own).expect("can be made");
        let text = if at < OPEN {
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings-{at}, namespace: shop}}\n")
        } else {
            workloads(at)
        };
        std::fs::write(own.join("all.yaml"), text).expect("can be written");
        std::fs::write(own.join("kustomization.yaml"), "resources: [all.yaml]\n").expect("can be written");
    }
}

fn report(folder: &Path, format: &str) -> String {
    let mut command = assert_cmd::Command::cargo_bin("edms-lint").expect("the binary is built");
    let arguments = ["report", "clusters", "--no-config", "--format", format];
    let output = command.current_dir(folder).args(arguments).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("output is UTF-8")
}

/// So many times a text stands in another.
fn times(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn eighty_environments_begin_with_an_overview_and_stay_readable() {
    let folder = tempfile::tempdir().expect("there is room for files");
    write_environments(folder.path());

    let page = report(folder.path(), "html");
    assert!(page.len() < 300_000, "the page has {} bytes", page.len());
    let (before, after) = page.split_once("</table>").expect("there is a table");
    assert!(before.contains("<table class=\"overview\">") && !before.contains("<section"), "the overview is first");
    assert_eq!(times(before, "<tr>"), 1 + MANY, "each environment has a row");
    assert_eq!(times(after, "<section"), MANY - OPEN, "those of which nothing is decided have that row alone");
    assert_eq!(times(before, "no sentence could be decided"), OPEN);
    for at in 0..MANY - OPEN {
        let (target, link) = (format!("<section id=\"environment-{at}\">"), format!("href=\"#environment-{at}\""));
        assert!(after.contains(&target) && before.contains(&link), "environment {at} is linked");
    }
    assert!(after.contains("--format json has all"), "it says what is not shown");

    let text = report(folder.path(), "text");
    assert!(text.len() < 300_000, "the text has {} bytes", text.len());
    assert_eq!(text.lines().filter(|it| it.ends_with(": no sentence could be decided")).count(), OPEN);
    let markdown = report(folder.path(), "markdown");
    assert!(markdown.len() < 300_000, "the Markdown has {} bytes", markdown.len());
    let table = markdown.find("| environment | score |").expect("there is an overview");
    assert!(table < markdown.find("### ").expect("there are environments"));
    assert_eq!(times(&markdown, "no sentence could be decided |"), OPEN);
}

#[test]
fn the_overview_is_in_the_order_in_which_to_work() {
    let folder = tempfile::tempdir().expect("there is room for files");
    write_environments(folder.path());
    let json: Value = serde_json::from_str(&report(folder.path(), "json")).expect("is JSON");
    let overview = json["overview"].as_array().expect("a list");
    assert_eq!(overview.len(), json["environments"].as_array().expect("a list").len());
    let errors: Vec<u64> = overview.iter().map(|it| it["errors"].as_u64().expect("a number")).collect();
    assert!(errors.is_sorted_by(|one, other| one >= other), "{errors:?}");
    let (first, last) = (&overview[0], &overview[MANY - 1]);
    assert_eq!(first["first"]["id"], "workload-too-few-replicas");
    assert_eq!(first["errors"], 2 * (WORKLOADS as u64 + 1), "each workload has one replica and no probe");
    assert_eq!(
        (&last["isUndecided"], &last["percent"], &last["first"]),
        (&Value::Bool(true), &Value::Null, &Value::Null)
    );
}

/// A consumer that KEDA takes down to nothing while its queue is empty.
fn queue_consumer(name: &str) -> String {
    let mut text = String::new();
    write!(
        text,
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers: [{{name: {name}, image: example.org/{name}:1}}]
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {{name: {name}, namespace: shop}}
spec:
  scaleTargetRef: {{name: {name}}}
  minReplicaCount: 0
  maxReplicaCount: 10
  triggers:
    - type: rabbitmq
      metadata: {{queueName: orders, mode: QueueLength, value: \"20\", hostFromEnv: RABBITMQ}}
"
    )
    .expect("memory takes all");
    text
}

#[test]
fn what_scales_from_zero_is_not_failed_for_it() {
    let folder = tempfile::tempdir().expect("there is room for files");
    std::fs::create_dir(folder.path().join("clusters")).expect("can be made");
    std::fs::write(folder.path().join("clusters/worker.yaml"), queue_consumer("worker")).expect("can be written");
    std::fs::write(folder.path().join("clusters/mailer.yaml"), queue_consumer("mailer")).expect("can be written");
    let text = report(folder.path(), "text");
    assert!(text.contains("0 to 10 pods; scales from 0, by ScaledObject worker"), "{text}");
    for rule in ["workload-too-few-replicas", "pdb-missing", "anti-affinity-missing", "hpa-floor-too-low"] {
        let failing = text.lines().filter(|it| it.contains(&format!("[{rule}")) && !it.contains("right[")).count();
        assert_eq!(failing, 0, "{rule}: {text}");
    }
}
