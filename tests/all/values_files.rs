//! Files with values of charts: those that Applications name, and those of `helmCharts` of a kustomization.

use crate::common::program::{folder, run};
use crate::common::root;

const OF: &[&str] = &[".", "--select", "datastore-single,postgres-too-few-instances"];

#[test]
fn a_value_is_wrong_at_its_line_in_the_file() {
    let (code, stdout, stderr) = run(&root().join("fixtures/values-files/wrong"), OF);
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(
        lines,
        [
            "charts/cache/values-small.yaml:2:3: warning[datastore-single] Application cache runs Redis once: architecture is standalone",
            "deploy/jobs-small.yaml:2:1: warning[datastore-single] HelmChart jobs runs RabbitMQ once: replicaCount is 1",
            "deploy/kustomization.yaml:15:19: warning[datastore-single] HelmChart nats runs NATS once: config.cluster.enabled is false",
            "values/bus-small.yaml:2:1: warning[datastore-single] Application bus runs RabbitMQ once: replicaCount is 1",
        ],
        "{stderr}"
    );
    assert_eq!(code, 0);
}

#[test]
fn later_values_win_and_what_is_not_here_is_not_verifiable() {
    let (_, stdout, stderr) = run(&root().join("fixtures/values-files/right"), &[OF, &["--verbose"]].concat());
    assert!(!stdout.contains("warning["), "{stdout}");
    let open = "Application argocd/jobs: how many members RabbitMQ has: its values come from elsewhere, too";
    assert!(stdout.contains(open) || stderr.contains(open), "{stdout}{stderr}");
}

const APPLICATION: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: bus, namespace: argocd}\nspec:\n  destination: {server: 'https://kubernetes.default.svc', namespace: data}\n  sources:\n    - {repoURL: 'https://charts.bitnami.com/bitnami', chart: rabbitmq, targetRevision: 16.0.1, helm: {valueFiles: [$values/bus.yaml]}}\n    - {repoURL: 'https://git.example.com/team/values.git', ref: values}\n";
/// It deploys the folder in which it is, so that its repository is this one.
const OWN: &str = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: all, namespace: argocd}\nspec:\n  destination: {server: 'https://kubernetes.default.svc', namespace: argocd}\n  source: {repoURL: 'https://git.example.com/team/apps.git', path: apps}\n";

#[test]
fn a_file_of_another_repository_is_not_the_one_that_is_here() {
    let apps = format!("{APPLICATION}---\n{OWN}");
    let dir = folder(&[("apps/all.yaml", &apps), ("bus.yaml", "replicaCount: 1\n")]);
    assert_eq!(run(dir.path(), OF).1, "");
    let own = apps.replace("team/values.git", "team/apps.git");
    let dir = folder(&[("apps/all.yaml", &own), ("bus.yaml", "replicaCount: 1\n")]);
    assert!(run(dir.path(), OF).1.starts_with("bus.yaml:1:1: warning[datastore-single] "));
}

#[test]
fn broken_or_empty_files_end_in_no_verdict_of_their_own() {
    for (values, is_told) in [("replicaCount: [", false), ("- 1\n", false), ("", true), ("# nothing\n", true)] {
        let dir = folder(&[("apps/bus.yaml", APPLICATION), ("bus.yaml", values)]);
        let (_, stdout, stderr) = run(dir.path(), OF);
        // The chart's default is one node, and counts where the file says nothing.
        assert_eq!(stdout.contains("replicaCount is 1 (the chart's default)"), is_told, "{values}: {stdout}{stderr}");
    }
}
