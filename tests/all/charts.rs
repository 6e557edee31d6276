//! Charts: what `helm template` made stands at its template, and a chart that is not rendered is told.

use crate::common::program::{folder, program, run};
use serde_json::Value;

const CHART: &str = "apiVersion: v2\nname: orders\nversion: 1.0.0\n";
const TEMPLATE: &str = "{{- if .Values.on }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include \"orders.fullname\" . }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      labels: {app: orders}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          image: {{ .Values.image }}
{{- end }}
";
const RENDERED: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: r-orders
spec:
  replicas: 1
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      labels: {app: orders}
    spec:
      containers:
        - name: orders
          image: orders:latest
";

fn stream(source: &str) -> String {
    format!("---\n# Source: {source}\n{RENDERED}")
}

/// The places of the findings of one rule, for this text on stdin.
fn places(files: &[(&str, &str)], text: &str, rule: &str) -> Vec<String> {
    let dir = folder(files);
    let output = program(dir.path()).args(["-", "--select", rule]).write_stdin(text).output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("output is UTF-8");
    text.lines().map(|it| it.split(": ").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn findings_stand_at_the_template() {
    let files = [("deploy/orders/Chart.yaml", CHART), ("deploy/orders/templates/deployment.yaml", TEMPLATE)];
    let of = |rule: &str| places(&files, &stream("orders/templates/deployment.yaml"), rule);
    assert_eq!(of("workload-too-few-replicas"), ["deploy/orders/templates/deployment.yaml:7:3"]);
    assert_eq!(of("image-tag-latest"), ["deploy/orders/templates/deployment.yaml:16:11"]);
    assert_eq!(of("hpa-missing"), ["deploy/orders/templates/deployment.yaml:5:3"]);
    let crlf = stream("orders/templates/deployment.yaml").replace('\n', "\r\n");
    let place = places(&files, &crlf, "workload-too-few-replicas");
    assert_eq!(place, ["deploy/orders/templates/deployment.yaml:7:3"]);
}

#[test]
fn the_place_is_said_to_be_approximate() {
    let dir = folder(&[("orders/Chart.yaml", CHART), ("orders/templates/deployment.yaml", TEMPLATE)]);
    std::fs::write(dir.path().join("r.yaml"), stream("orders/templates/deployment.yaml")).expect("can be written");
    let select = ["r.yaml", "--select", "workload-too-few-replicas"];
    let (_, stdout, _) = run(dir.path(), &select);
    assert!(stdout.ends_with(" (line approximate: a template, rendered at r.yaml:8)\n"), "{stdout}");
    let (_, stdout, _) = run(dir.path(), &[&select[..], &["--format", "pretty"]].concat());
    assert!(stdout.contains("= place: line approximate: a template, rendered at r.yaml:8"), "{stdout}");
    let (_, stdout, _) = run(dir.path(), &[&select[..], &["--format", "json"]].concat());
    let report: Value = serde_json::from_str(&stdout).expect("JSON");
    let schema = serde_json::from_str(include_str!("../../schemas/report-v1.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    assert!(validator.is_valid(&report), "{stdout}");
    let finding = &report["findings"][0];
    assert_eq!((finding["line"].as_u64(), finding["approximate"].as_bool()), (Some(7), Some(true)));
    assert_eq!((finding["rendered"]["file"].as_str(), finding["rendered"]["line"].as_u64()), (Some("r.yaml"), Some(8)));
    assert_eq!(finding["rendered"]["template"], "orders/templates/deployment.yaml");
}

#[test]
fn a_comment_that_leads_nowhere_leaves_the_place_in_the_stream() {
    let files = [
        ("orders/Chart.yaml", CHART),
        ("orders/templates/deployment.yaml", TEMPLATE),
        ("one/Chart.yaml", "name: twin"),
        ("one/templates/a.yaml", TEMPLATE),
        ("two/Chart.yaml", "name: twin"),
        ("two/templates/a.yaml", TEMPLATE),
        ("broken/Chart.yaml", "name: [\n"),
    ];
    for source in [
        "orders/templates/gone.yaml",
        "orders/templates/../../orders/templates/deployment.yaml",
        "../orders/templates/deployment.yaml",
        "/orders/templates/deployment.yaml",
        "/etc/passwd",
        "twin/templates/a.yaml",
        "nobody/templates/a.yaml",
        "",
    ] {
        assert_eq!(places(&files, &stream(source), "workload-too-few-replicas"), ["<stdin>:8:3"], "{source}");
    }
    let inside = format!("data: |\n  # Source: orders/templates/deployment.yaml\n{RENDERED}");
    assert_eq!(places(&files, &inside, "workload-too-few-replicas"), ["<stdin>:8:3"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let outside = folder(&[("deployment.yaml", TEMPLATE)]);
    let dir = folder(&[("orders/Chart.yaml", CHART), ("orders/templates/x.yaml", "a: 1\n")]);
    let link = dir.path().join("orders/templates/deployment.yaml");
    std::os::unix::fs::symlink(outside.path().join("deployment.yaml"), link).expect("can be linked");
    let select = ["-", "--select", "workload-too-few-replicas"];
    let text = stream("orders/templates/deployment.yaml");
    let output = program(dir.path()).args(select).write_stdin(text).output().expect("it runs");
    let stdout = String::from_utf8(output.stdout).expect("output is UTF-8");
    assert!(stdout.starts_with("<stdin>:8:3: "), "{stdout}");
}

#[test]
fn sarif_names_a_file_and_never_the_stream() {
    let dir = folder(&[("orders/Chart.yaml", CHART), ("orders/templates/deployment.yaml", TEMPLATE)]);
    let uris = |source: &str, arguments: &[&str]| {
        let select = ["-", "--format", "sarif", "--select", "workload-too-few-replicas"];
        let output = program(dir.path()).args(select).args(arguments).write_stdin(stream(source)).output();
        let log: Value = serde_json::from_slice(&output.expect("it runs").stdout).expect("JSON");
        let result = log["runs"][0]["results"][0].clone();
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().expect("a URI").to_owned();
        (uri, place["region"]["startLine"].as_u64(), result["properties"]["renderedLine"].as_u64())
    };
    let named = |it: &str| it.to_owned();
    let there = "orders/templates/deployment.yaml";
    assert_eq!(uris(there, &[]), (named(there), Some(7), Some(8)));
    let gone = "orders/templates/gone.yaml";
    assert_eq!(uris(gone, &[]), (named(gone), Some(1), Some(8)));
    assert_eq!(uris("by hand", &["--stdin-filename", "all.yaml"]), (named("all.yaml"), Some(8), None));
}

#[test]
fn a_chart_that_is_not_rendered_is_told_with_the_command() {
    let dir = folder(&[
        ("charts/orders/Chart.yaml", CHART),
        ("charts/orders/templates/deployment.yaml", TEMPLATE),
        ("charts/orders/values-prod.yaml", "on: true\n"),
        ("charts/orders/charts/db/Chart.yaml", "name: db\n"),
        ("my chart/Chart.yaml", "name: web\ndependencies: [{name: db}]\n"),
        ("lib/Chart.yaml", "name: lib\ntype: library\n"),
    ]);
    let orders = "edms-lint: charts/orders is a Helm chart that is not rendered; to check what it makes: helm template \
                  orders charts/orders -f charts/orders/values-prod.yaml | edms-lint -\n";
    for path in
        ["charts", "charts/orders/templates/deployment.yaml", "charts/orders/templates", "charts/orders/charts/db"]
    {
        let (_, _, stderr) = run(dir.path(), &[path]);
        assert_eq!(stderr.matches("not rendered; ").count(), 1, "{path}: {stderr}");
        assert!(stderr.contains(orders), "{path}: {stderr}");
    }
    let (_, _, stderr) = run(dir.path(), &["."]);
    let web = "helm dependency build 'my chart' && helm template web 'my chart' | edms-lint -\n";
    assert!(stderr.contains(orders) && stderr.contains(web), "{stderr}");
    assert_eq!(stderr.matches("not rendered; ").count(), 2, "{stderr}");
}

/// A Service without pods, beside a workload of the same namespace.
const SERVICE: &str = "apiVersion: v1
kind: Service
metadata: {name: edge, namespace: shop}
spec: {selector: {app: edge}, ports: [{port: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal, namespace: shop}
spec:
  replicas: 3
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: portal, image: 'portal:1'}]}
";

/// Findings, and what is not verifiable, of one rule.
fn counts(files: &[(&str, &str)], rule: &str) -> (usize, usize) {
    let dir = folder(files);
    let (_, stdout, _) = run(dir.path(), &["--format", "json", "--select", rule]);
    let report: Value = serde_json::from_str(&stdout).expect("JSON");
    let count = |key: &str| report[key].as_array().expect("a list").len();
    (count("findings"), count("notVerifiable"))
}

fn release(kind: &str, chart: &str, namespace: &str) -> String {
    let meta = format!("metadata: {{name: it, namespace: {namespace}}}");
    match kind {
        "HelmRelease" => format!(
            "apiVersion: helm.toolkit.fluxcd.io/v2beta1\nkind: HelmRelease\n{meta}\nspec: {{chart: {{spec: {{chart: {chart}}}}}}}\n"
        ),
        "HelmChart" => format!("apiVersion: helm.cattle.io/v1\nkind: HelmChart\n{meta}\nspec: {{chart: {chart}}}\n"),
        _ => format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: it, namespace: argocd}}\nspec: {{destination: {{namespace: {namespace}}}, source: {{chart: {chart}, repoURL: x}}}}\n"
        ),
    }
}

#[test]
fn what_a_release_may_make_is_not_verifiable_in_its_namespace_alone() {
    let of = |release: &str, rule: &str| counts(&[("apps/all.yaml", SERVICE), ("flux/it.yaml", release)], rule);
    for kind in ["HelmRelease", "HelmChart", "Application"] {
        assert_eq!(of(&release(kind, "ours", "shop"), "service-selects-nothing"), (0, 1), "{kind}");
        assert_eq!(of(&release(kind, "ours", "shop"), "pdb-missing"), (0, 1), "{kind}");
        assert_eq!(of(&release(kind, "ours", "other"), "service-selects-nothing"), (1, 0), "{kind}");
        assert_eq!(of(&release(kind, "cert-manager", "shop"), "service-selects-nothing"), (1, 0), "{kind}");
        assert_eq!(of(&release(kind, "cert-manager", "shop"), "pdb-missing"), (1, 0), "{kind}");
        // The selector names the chart.
        assert_eq!(of(&release(kind, "edge", "shop"), "service-selects-nothing"), (0, 1), "{kind}");
    }
}

#[test]
fn helm_charts_of_a_kustomization_are_not_seen() {
    let of = |chart: &str, rule: &str| {
        let kustomization =
            format!("resources: [all.yaml]\nhelmCharts: [{{name: {chart}, repo: 'https://charts.jetstack.io'}}]\n");
        counts(&[("k8s/all.yaml", SERVICE), ("k8s/kustomization.yaml", &kustomization)], rule)
    };
    assert_eq!(of("ours", "service-selects-nothing"), (0, 1));
    assert_eq!(of("ours", "pdb-missing"), (0, 1));
    assert_eq!(of("cert-manager", "pdb-missing"), (1, 0));
}

#[test]
fn a_chart_in_a_folder_may_make_pods_but_no_budget_of_others() {
    let of = |template: &str, rule: &str| {
        let files = [
            ("k8s/all.yaml", SERVICE),
            ("charts/edge/Chart.yaml", "name: edge"),
            ("charts/edge/templates/a.yaml", template),
        ];
        counts(&files, rule)
    };
    let pods = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ .Release.Name }}}\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\n";
    assert_eq!(of(pods, "service-selects-nothing"), (0, 1));
    assert_eq!(of(pods, "pdb-missing"), (1, 0));
    let policies = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: {{ .Release.Name }}}\n";
    assert_eq!(of(policies, "service-selects-nothing"), (1, 0));
    assert_eq!(of(policies, "pdb-missing"), (0, 1));
}

#[test]
fn one_remark_names_the_releases() {
    let dir = folder(&[("it.yaml", &release("HelmRelease", "ours", "shop")), ("all.yaml", SERVICE)]);
    let (_, _, stderr) = run(dir.path(), &["."]);
    assert_eq!(stderr.matches("the charts of HelmRelease it make is not seen").count(), 1, "{stderr}");
}
