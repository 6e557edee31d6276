//! Files that repeat others, object for object: judged where they come from, counted and named.

use crate::common::program::{folder, run};

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: portal\nspec:\n  replicas: 1\n  selector:\n    matchLabels: {app: portal}\n  template:\n    metadata:\n      labels: {app: portal}\n    spec:\n      containers:\n        - name: main\n          image: portal:1.4.2\n          ports: [{containerPort: 8080}]\n";
const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: portal}\nspec:\n  selector: {app: portal}\n  ports: [{port: 80, targetPort: 8080}]\n";
/// Both, in another order, with other quotes, and keys sorted as kustomize sorts them.
const BOTH: &str = "# made by make\napiVersion: v1\nkind: Service\nmetadata:\n  name: portal\nspec:\n  ports:\n  - port: 80\n    targetPort: 8080\n  selector:\n    app: \"portal\"\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: portal\nspec:\n  replicas: 1\n  selector:\n    matchLabels:\n      app: portal\n  template:\n    metadata:\n      labels:\n        app: portal\n    spec:\n      containers:\n      - image: portal:1.4.2\n        name: main\n        ports:\n        - containerPort: 8080\n";

/// The files in which the single replica is told, and what is printed on stderr.
fn told(files: &[(&str, &str)], arguments: &[&str]) -> (Vec<String>, String) {
    let dir = folder(files);
    let select = ["--select", "workload-too-few-replicas,duplicate-object", "-f", "concise"];
    let (_, stdout, stderr) = run(dir.path(), &[arguments, &select].concat());
    let files = stdout.lines().filter_map(|it| it.split_once(':')).map(|it| it.0.to_owned()).collect();
    (files, stderr)
}

#[test]
fn what_a_kustomization_makes_is_judged_there() {
    let files = [
        ("config/kustomization.yaml", "resources: [app.yaml, svc.yaml]\n"),
        ("config/app.yaml", DEPLOYMENT),
        ("config/svc.yaml", SERVICE),
        ("dist/install.yaml", BOTH),
    ];
    let (places, stderr) = told(&files, &[]);
    assert_eq!(places, ["config/app.yaml"], "{stderr}");
    let remark = "  dist/install.yaml repeats config, object for object, and is not judged again\n";
    assert!(stderr.contains(remark) && stderr.contains("a copy of what is judged (2)"), "{stderr}");
    // Named, it is judged.
    assert_eq!(told(&files, &["dist/install.yaml"]).0, ["dist/install.yaml"]);
    assert_eq!(told(&files, &["dist"]).0, ["dist/install.yaml"]);
}

#[test]
fn what_is_put_together_from_files_is_judged_there() {
    for copy in ["k8s/everything.yaml", "everything.yaml", "release/portal.yaml"] {
        let files = [("k8s/app.yaml", DEPLOYMENT), ("k8s/svc.yaml", SERVICE), (copy, BOTH)];
        let (places, stderr) = told(&files, &[]);
        assert_eq!(places, ["k8s/app.yaml"], "{copy}: {stderr}");
        assert!(stderr.contains(&format!("{copy} repeats k8s, object for object")), "{copy}: {stderr}");
        assert!(stderr.contains(": 2 documents checked, 2 skipped"), "{copy}: {stderr}");
    }
}

#[test]
fn what_differs_anywhere_is_no_copy() {
    let other = BOTH.replace("portal:1.4.2", "portal:1.4.1");
    for text in [other.as_str(), BOTH.split_once("---\n").expect("two documents").1] {
        let files = [
            ("config/kustomization.yaml", "resources: [app.yaml, svc.yaml]\n"),
            ("config/app.yaml", DEPLOYMENT),
            ("config/svc.yaml", SERVICE),
            ("dist/install.yaml", text),
        ];
        let (places, stderr) = told(&files, &[]);
        assert_eq!(places, ["config/app.yaml", "dist/install.yaml"], "{stderr}");
    }
}

#[test]
fn environments_that_hold_the_same_are_each_their_own() {
    let files = [("east/app.yaml", DEPLOYMENT), ("east/svc.yaml", SERVICE), ("west/all.yaml", BOTH)];
    assert_eq!(told(&files, &[]).0, ["east/app.yaml", "west/all.yaml"]);
}
