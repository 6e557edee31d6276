//! `--render`: charts and the charts of kustomizations, as a helm on the PATH renders them.
//!
//! Where there is no helm, a program stands in for it that prints what helm would, so that what is asked of it, and what
//! becomes of its answer, are tested all the same.

use crate::common::program::{folder, program};
use std::path::Path;

const CHART: &str = "apiVersion: v2\nname: orders\nversion: 1.0.0\n";
const TEMPLATE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  replicas: {{ .Values.replicas }}\n  selector:\n    matchLabels: {app: orders}\n  template:\n    metadata:\n      labels: {app: orders}\n    spec:\n      containers:\n        - name: main\n          image: registry.example/orders:1\n";

/// A helm that renders the chart above: replicas from the last values that it is given.
const STAND_IN: &str = r#"#!/bin/bash
printf '%s\n' "$*" >> "$HELM_LOG"
replicas=1
for argument in "$@"; do
  case "$argument" in
    --values=-) text=$(cat); replicas=$(sed 's/[^0-9]//g' <<<"$text") ;;
    --values=*) replicas=$(sed -n 's/^replicas: //p' "${argument#--values=}") ;;
  esac
done
if [[ "$replicas" == 9 ]]; then echo "Error: execution error at (orders/templates/deployment.yaml:1:1): nine" >&2; exit 1; fi
shift $(($# - 2))
printf -- '---\n# Source: orders/templates/deployment.yaml\n'
sed "s/{{ .Release.Name }}/$1/; s/{{ .Values.replicas }}/$replicas/" "$2/templates/deployment.yaml"
"#;

/// A repository with the chart in a folder, and what the flag makes of it: exit code, stdout, stderr, what helm was asked.
fn rendered(chart: &str, more: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String, String) {
    let at = |it: &str| format!("{chart}/{it}");
    let own =
        [(at("Chart.yaml"), CHART), (at("values.yaml"), "replicas: 1\n"), (at("templates/deployment.yaml"), TEMPLATE)];
    let mut files: Vec<(&str, &str)> = own.iter().map(|it| (it.0.as_str(), it.1)).collect();
    files.extend(more);
    files.push(("bin/helm", STAND_IN));
    let folder = folder(&files);
    make_executable(&folder.path().join("bin/helm"));
    let log = folder.path().join("helm.log");
    let path = format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").expect("there is a PATH"));
    let mut command = program(folder.path());
    let output = command.args(arguments).env("PATH", path).env("HELM_LOG", &log).output().expect("the program runs");
    let text = |it: &[u8]| String::from_utf8(it.to_vec()).expect("output is UTF-8");
    let asked = std::fs::read_to_string(log).unwrap_or_default();
    let asked = asked.replace(&format!("{}/", folder.path().canonicalize().expect("it is there").display()), "");
    (output.status.code().expect("it exits"), text(&output.stdout), text(&output.stderr), asked)
}

#[cfg(unix)]
fn make_executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("can be set");
}

const ONLY: &[&str] = &["--render", "--fail-on", "warning", "--select", "workload-too-few-replicas"];

#[test]
fn a_chart_is_rendered_with_its_own_values() {
    let (code, stdout, stderr, asked) = rendered("charts/orders", &[], ONLY);
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(stdout.starts_with("charts/orders/templates/deployment.yaml:6:"), "{stdout}");
    assert!(stdout.contains("Deployment orders has 1 replica"), "{stdout}");
    assert!(stderr.contains("charts/orders (rendered): 1 document checked"), "{stderr}");
    assert!(!stderr.contains("is not rendered"), "{stderr}");
    assert_eq!(asked, "template -- orders charts/orders\n");
}

#[test]
fn each_entry_of_the_configuration_is_an_environment() {
    let config = "render:\n  - {chart: charts/orders, values: [dev.yaml], name: dev}\n  - {chart: charts/orders, values: [dev.yaml, live.yaml], name: live, release: shop, namespace: shop}\n";
    let more = [(".edms-lint.yaml", config), ("dev.yaml", "replicas: 1\n"), ("live.yaml", "replicas: 3\n")];
    let (code, stdout, stderr, asked) = rendered("charts/orders", &more, ONLY);
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(stderr.contains("dev: 1 document checked, 3 skipped; 1 warning"), "{stderr}");
    assert!(stderr.contains("live: 1 document checked; no findings"), "{stderr}");
    assert_eq!(
        asked,
        "template --values=dev.yaml -- orders charts/orders\n\
         template --namespace=shop --values=dev.yaml --values=live.yaml -- shop charts/orders\n"
    );
}

#[test]
fn a_kustomization_is_built_with_what_its_charts_make() {
    let kustomization = "namePrefix: live-\nnamespace: shop\nhelmCharts:\n  - name: orders\n    releaseName: sales\n    valuesInline: {replicas: 2}\n    includeCRDs: true\nreplicas:\n  - {name: sales, count: 1}\n";
    let (code, stdout, stderr, asked) =
        rendered("live/charts/orders", &[("live/kustomization.yaml", kustomization)], ONLY);
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(stdout.starts_with("live/kustomization.yaml:"), "{stdout}");
    assert!(stdout.contains("Deployment live-sales has 1 replica"), "{stdout}");
    assert!(!stderr.contains("not seen"), "{stderr}");
    assert_eq!(asked, "template --namespace=shop --include-crds --values=- -- sales live/charts/orders\n");
}

#[test]
fn what_cannot_be_rendered_is_told_and_fetches_nothing() {
    let missing = "helmCharts:\n  - {name: elsewhere, repo: https://charts.example.org, version: 1.2.3}\n  - {name: orders, releaseName: --post-renderer=evil}\n";
    let (code, _, stderr, asked) = rendered("live/charts/orders", &[("live/kustomization.yaml", missing)], ONLY);
    assert_eq!(code, 2, "{stderr}");
    assert!(
        stderr
            .contains("live (helmCharts: elsewhere): the chart elsewhere is not in its charts, and nothing is fetched"),
        "{stderr}"
    );
    assert!(stderr.contains("\"--post-renderer=evil\" is no name of a release"), "{stderr}");
    assert_eq!(asked, "");
    let (code, _, stderr, _) = rendered("charts/orders", &[("charts/orders/values-prod.yaml", "replicas: 9\n")], ONLY);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("charts/orders (values-prod.yaml): helm cannot render it: execution error at"), "{stderr}");
}

#[test]
fn without_the_flag_and_without_helm_nothing_is_run() {
    let (code, _, stderr, asked) = rendered("charts/orders", &[], &[]);
    assert_eq!((code, asked.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("charts/orders is a Helm chart that is not rendered"), "{stderr}");
    let folder = folder(&[("orders/Chart.yaml", CHART), ("orders/templates/deployment.yaml", TEMPLATE)]);
    let output = program(folder.path()).arg("--render").env("PATH", "").output().expect("the program runs");
    let stderr = String::from_utf8(output.stderr).expect("output is UTF-8");
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("there is no helm on the PATH"), "{stderr}");
}

/// Flux and Argo CD, each with a release of the chart.
const RELEASES: &str = "apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: orders, namespace: shop}
spec:
  targetNamespace: live
  chart: {spec: {chart: ./charts/orders, sourceRef: {kind: GitRepository, name: shop}, valuesFiles: [./charts/orders/values.yaml]}}
  values: {replicas: 3}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: sales, namespace: argocd}
spec:
  destination: {namespace: sales}
  source:
    path: charts/orders
    helm: {valueFiles: [values.yaml], valuesObject: {replicas: 2}, parameters: [{name: hosts, value: 'a,b'}]}
";

#[test]
fn a_chart_that_releases_install_is_rendered_with_what_they_say() {
    let (code, stdout, stderr, asked) = rendered("charts/orders", &[("apps/all.yaml", RELEASES)], ONLY);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("charts/orders (Application sales): 1 document checked"), "{stderr}");
    assert!(stderr.contains("charts/orders (HelmRelease orders): 1 document checked"), "{stderr}");
    assert!(
        stderr.contains("what HelmRelease orders installs is audited as charts/orders (HelmRelease orders)"),
        "{stderr}"
    );
    assert!(!stderr.contains("not seen") && !stderr.contains("unrendered"), "{stderr}");
    assert_eq!(
        asked,
        "template --namespace=sales --set=hosts=a\\,b --values=charts/orders/values.yaml --values=- -- sales charts/orders\n\
         template --namespace=live --values=charts/orders/values.yaml --values=- -- live-orders charts/orders\n"
    );
}

#[test]
fn values_that_are_elsewhere_are_told_and_nothing_is_guessed() {
    let from = RELEASES.replace("  values: {replicas: 3}", "  valuesFrom: [{kind: Secret, name: orders}]");
    let from = from.replace("[values.yaml]", "[$values/live.yaml]");
    let (code, _, stderr, asked) = rendered("charts/orders", &[("apps/all.yaml", &from)], ONLY);
    assert_eq!((code, asked.as_str()), (2, ""), "{stderr}");
    for title in ["HelmRelease orders", "Application sales"] {
        let said =
            format!("charts/orders ({title}): {title} takes values from where they are not read; name files with");
        assert!(stderr.contains(&said), "{stderr}");
    }
}

#[test]
fn two_charts_of_one_name_are_two_environments_with_their_own_templates() {
    let more = [
        ("b/charts/orders/Chart.yaml", CHART),
        ("b/charts/orders/templates/deployment.yaml", TEMPLATE),
        ("b/charts/orders/values-prod.yaml", "replicas: 1\n"),
    ];
    let (code, stdout, stderr, _) = rendered("a/charts/orders", &more, ONLY);
    assert_eq!(code, 1, "{stdout}{stderr}");
    let places: Vec<&str> = stdout.lines().filter_map(|it| it.split(": ").next()).collect();
    let template = "charts/orders/templates/deployment.yaml:6:3";
    assert_eq!(places, [format!("a/{template}"), format!("b/{template}")]);
    for name in ["a/charts/orders (rendered)", "b/charts/orders (values-prod.yaml)"] {
        assert!(stderr.contains(&format!("{name}: 1 document checked")), "{stderr}");
    }
    assert!(!stderr.contains("is not rendered") && !stderr.contains("an unrendered"), "{stderr}");
}

#[test]
fn a_twin_that_cannot_be_rendered_stays_one_that_is_not() {
    let more = [
        ("b/charts/orders/Chart.yaml", CHART),
        ("b/charts/orders/templates/deployment.yaml", TEMPLATE),
        ("b/charts/orders/values-prod.yaml", "replicas: 9\n"),
    ];
    let (code, _, stderr, _) = rendered("a/charts/orders", &more, ONLY);
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("b/charts/orders is a Helm chart that is not rendered"), "{stderr}");
    assert!(!stderr.contains("a/charts/orders is a Helm chart"), "{stderr}");
}
