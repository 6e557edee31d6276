//! What is no manifest of the system: templates and patches. They are counted, and nothing is concluded from them.

use crate::common::program::{CLEAN, folder, piped, run};

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: portal}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: portal}}\n  template:\n    metadata: {labels: {app: portal}}\n    spec: {containers: [{name: main, image: 'portal:1'}]}\n";
const PATCH: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: portal}\nspec:\n  replicas: 1\n  template:\n    spec:\n      topologySpreadConstraints:\n        - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: portal}}}\n";
/// Valid YAML, and all the same no object.
const TEMPLATE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: 'agent-{{ cluster }}'}\nspec: {replicas: 1, selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: a, image: 'a:latest'}]}}}\n";

#[test]
fn a_patch_beside_its_object_is_counted_and_not_judged() {
    let dir = folder(&[("k8s/app.yaml", DEPLOYMENT), ("k8s/spread.yaml", PATCH)]);
    let of = ["--select", "workload-too-few-replicas,spread-selector-mismatch,duplicate-object"];
    let (code, stdout, stderr) = run(dir.path(), &[&["k8s"], &of[..]].concat());
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("k8s: 1 document checked, 1 skipped\n  skipped: a patch (1)\n"), "{stderr}");
    // Named, it is judged.
    let (_, stdout, _) = run(dir.path(), &[&["k8s/spread.yaml"], &of[..]].concat());
    assert!(stdout.contains("spread.yaml:5:3: ") && stdout.contains("workload-too-few-replicas"), "{stdout}");
    assert!(piped(dir.path(), &[&["-"], &of[..]].concat(), PATCH).1.contains("workload-too-few-replicas"));
}

#[test]
fn what_a_test_expects_and_what_programs_read_themselves_is_not_applied() {
    let part = "apiVersion: v1\nkind: Pod\nmetadata: {labels: {app: portal}}\nspec: {containers: [{name: main}]}\n";
    let policy = "apiVersion: v1\nkind: Policy\npriorities: [{name: LeastRequestedPriority, weight: 1}]\n";
    let dir = folder(&[("e2e/00-install.yaml", CLEAN), ("e2e/01-assert.yaml", part), ("e2e/policy.yaml", policy)]);
    let (code, stdout, stderr) = run(dir.path(), &["e2e"]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("what a test of kuttl expects (1)"), "{stderr}");
    assert!(stderr.contains("a configuration of kube-scheduler (1)"), "{stderr}");
}

#[test]
fn a_patch_alone_is_no_system() {
    let dir = folder(&[("patches/spread.yaml", PATCH)]);
    let (code, _, stderr) = run(dir.path(), &[]);
    assert_eq!(code, 0);
    assert!(stderr.contains("edms-lint: nothing was checked in 1 document: a patch (1)\n"), "{stderr}");
    assert_eq!(run(dir.path(), &["--fail-on-empty"]).0, 2);
}

#[test]
fn a_kustomization_still_builds_its_patches_and_parts() {
    let dir = folder(&[
        ("k8s/kustomization.yaml", "resources: [app.yaml]\npatches: [{path: small.yaml}]\n"),
        ("k8s/app.yaml", DEPLOYMENT),
        ("k8s/small.yaml", PATCH),
    ]);
    let (_, stdout, stderr) = run(dir.path(), &["k8s", "--select", "workload-too-few-replicas"]);
    assert!(stdout.starts_with("k8s/small.yaml:5:3: "), "{stdout}{stderr}");
}

#[test]
fn templates_of_any_kind_are_counted_and_not_judged() {
    for (name, text) in [
        ("hack/templates/app.yaml", TEMPLATE),
        ("gen/app.yaml", TEMPLATE),
        (
            "gen/app.yaml",
            "{% for it in apps %}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ it }}\n{% endfor %}\n",
        ),
        ("gen/app.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: <%= @name %>\n"),
        (
            "gen/app.yaml",
            "#@ load(\"@ytt:data\", \"data\")\napiVersion: v1\nkind: Pod\nmetadata:\n  name: #@ data.values.name\n",
        ),
        ("gen/kustomization.yaml", "resources: [app.yaml, '{{ cluster }}.yaml']\n"),
    ] {
        let dir = folder(&[("k8s/a.yaml", CLEAN), (name, text)]);
        let (code, stdout, stderr) = run(dir.path(), &[]);
        assert_eq!((code, stdout.as_str()), (0, ""), "{text}: {stderr}");
        assert!(stderr.contains("1 skipped") && stderr.contains("skipped: a template"), "{text}: {stderr}");
        let dir = folder(&[(name, text)]);
        let (_, _, stderr) = run(dir.path(), &[]);
        let expected = "render the templates and pipe the result in: `... | edms-lint -`";
        assert!(stderr.contains("nothing was checked") && stderr.contains(expected), "{text}: {stderr}");
    }
}

#[test]
fn a_folder_of_templates_is_one_whole() {
    let budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: agent}\nspec: {maxUnavailable: 0, selector: {matchLabels: {app: agent}}}\n";
    let files = [("k8s/a.yaml", CLEAN), ("new/templates/app.yaml", TEMPLATE), ("new/templates/pdb.yaml", budget)];
    let dir = folder(&files);
    let (code, stdout, stderr) = run(dir.path(), &[]);
    assert_eq!((code, stdout.as_str()), (0, ""), "{stderr}");
    assert!(stderr.contains("skipped: a template (2)"), "{stderr}");
    // By name it is judged.
    assert_eq!(run(dir.path(), &["new/templates/pdb.yaml"]).0, 1);
    // In a folder of another name only what is a template itself is skipped.
    let dir = folder(&[("new/app.yaml", TEMPLATE), ("new/pdb.yaml", budget)]);
    assert_eq!(run(dir.path(), &[]).0, 1);
}

#[test]
fn signs_inside_texts_make_no_template() {
    let rule = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec:\n  groups:\n  - name: a\n    rules:\n    - {alert: A, expr: up == 0, annotations: {summary: '{{ $labels.pod }} is down'}}\n";
    let dir = folder(&[("a.yaml", rule)]);
    assert!(run(dir.path(), &[]).2.contains("1 document checked\n"));
    // One that is broken is an error, whatever its texts hold.
    let dir = folder(&[("a.yaml", &rule.replace("    - {alert", "    -\t{alert").replace("groups:", "groups: [")[..])]);
    let (code, stdout, _) = run(dir.path(), &[]);
    assert!(code == 1 && stdout.contains("error[manifest-syntax]"), "{stdout}");
}
