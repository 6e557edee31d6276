//! Findings that something takes away.

use super::selecting::deployments;
use crate::Shape;
use crate::objects::{deployment, deployment_of, list, object};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("ignore entries x findings", 250, |tree, n| {
        deployments(tree, n);
        exceptions(tree, n, |it| format!("objects: [{{kind: Deployment, name: d{it}}}]"));
    }),
    Shape::new("ignore entries that fit nothing x findings", 250, |tree, n| {
        deployments(tree, n);
        exceptions(tree, n, |it| format!("objects: [{{kind: Deployment, name: e{it}}}]"));
    }),
    Shape::new("ignore entries with patterns x findings", 250, |tree, n| {
        deployments(tree, n);
        exceptions(tree, n, |it| format!("objects: [{{kind: 'Dep*', name: '*d{it}'}}]"));
    }),
    Shape::new("ignore entries with paths x findings", 250, |tree, n| {
        for it in 0..n {
            tree.write(&format!("f{it}.yaml"), deployment(&format!("d{it}")));
        }
        exceptions(tree, n, |it| format!("paths: ['**/f{it}.yaml']"));
    }),
    Shape::new("excluded paths x files", 250, |tree, n| {
        for it in 0..n {
            tree.write(&format!("f{it}.yaml"), deployment(&format!("d{it}")));
        }
        tree.write(".edms-lint.yaml", format!("exclude: [{}]\n", list(n, |it| format!("'**/g{it}.yaml'"))));
    }),
    Shape::new("roles of the configuration x workloads", 250, |tree, n| {
        deployments(tree, n);
        let role = |it| format!("{{match: {{kind: Deployment, name: '*d{it}'}}, role: singleton}}");
        tree.write(".edms-lint.yaml", format!("components: [{}]\n", list(n, role)));
    }),
    Shape::new("comments on each object", 250, |tree, n| {
        tree.each("d.yaml", n, |it| {
            let text = deployment(&format!("d{it}"));
            text.replacen("---\n", "---\n# edms-lint: ignore[workload-too-few-replicas]: known\n", 1)
        });
    }),
    Shape::new("comments on each line", 60, |tree, n| {
        let lines =
            (0..30).map(|it| format!("  k{it}: v # edms-lint: ignore[pdb-missing]: known\n")).collect::<Vec<_>>();
        let lines = format!("data:\n{}", lines.concat());
        tree.each("m.yaml", n, |it| object("v1", "ConfigMap", &format!("m{it}"), &lines));
    }),
    Shape { name: "fixes of one file, shown", start: 250, arguments: &["--diff", "--unsafe-fixes"], make: deployments },
    Shape { name: "drill over Deployments", start: 1_000, arguments: &["drill"], make: deployments },
    Shape::new("comments above one object", 250, |tree, n| {
        let comments = "# edms-lint: ignore[pdb-missing]: known\n".repeat(n);
        tree.write("d.yaml", comments + &deployment("d"));
    }),
    Shape::new("comments in one object", 250, |tree, n| {
        let text = deployment_of("d", "", "").replacen("spec: {replicas: 2,", "spec: {\n COMMENTS replicas: 1,", 1);
        tree.write("d.yaml", text.replace("COMMENTS", &"# edms-lint: ignore[pdb-missing]: known\n ".repeat(n)));
    }),
    Shape::new("unknown names in one comment", 1_000, |tree, n| {
        let names = list(n, |it| format!("pdb-missinn{it}"));
        tree.write("d.yaml", format!("# edms-lint: ignore[{names}]: known\n{}", deployment("d")));
    }),
    Shape::new("orders in one comment", 1_000, |tree, n| {
        let orders = "edms-lint: ignore[pdb-missing]: known ".repeat(n);
        tree.write("d.yaml", format!("# {orders}\n{}", deployment("d")));
    }),
    Shape::new("documents after a long run of comments", 250, |tree, n| {
        let comments = "# edms-lint: ignore[pdb-missing]: known\n".repeat(n);
        tree.write("d.yaml", format!("{comments}{}", "---\n".repeat(n)) + &deployment("d"));
        deployments(tree, 1);
    }),
    Shape::new("comments for whole files x documents", 125, |tree, n| {
        let comments = "# edms-lint: ignore-file[pdb-missing]: known\n".repeat(n);
        tree.write("d.yaml", (0..n).map(|it| deployment(&format!("d{it}"))).fold(comments, |text, it| text + &it));
    }),
    Shape::new("attestations x environments", 60, |tree, n| {
        let attested =
            |it| format!("{{id: ops-failover-tested, owner: o{it}, date: 2026-11-01, environments: [e{it}]}}");
        tree.write(".edms-lint.yaml", format!("attestations: [{}]\n", list(n, attested)));
        for it in 0..n {
            tree.write(&format!("e{it}/d.yaml"), deployment("d"));
        }
    }),
    Shape::new("environments of the configuration with rules of their own", 60, |tree, n| {
        let environment = |it| format!("{{name: e{it}, paths: [base, e{it}], rules: {{pdb-missing: note}}}}");
        tree.write(".edms-lint.yaml", format!("environments: [{}]\n", list(n, environment)));
        tree.write("base/d.yaml", deployment("d"));
        for it in 0..n {
            tree.write(&format!("e{it}/m.yaml"), object("v1", "ConfigMap", &format!("m{it}"), "data: {k: v}"));
        }
    }),
    Shape { name: "report of environments", start: 30, arguments: &["report"], make: environments },
    Shape { name: "findings of environments, SARIF", start: 60, arguments: &["--format", "sarif"], make: environments },
    Shape { name: "findings of environments, JUnit", start: 60, arguments: &["--format", "junit"], make: environments },
    Shape { name: "findings, Markdown", start: 250, arguments: &["--format", "markdown"], make: deployments },
    Shape { name: "findings, GitLab", start: 250, arguments: &["--format", "gitlab"], make: deployments },
    Shape::new("storage classes of the configuration", 250, |tree, n| {
        deployments(tree, n);
        tree.write(
            ".edms-lint.yaml",
            format!("storage-classes: {{{}}}\n", list(n, |it| format!("c{it}: {{zonal: true}}"))),
        );
    }),
];

/// Folders that hold the same, each of them an environment.
fn environments(tree: &Tree, n: usize) {
    for it in 0..n {
        tree.write(&format!("e{it}/d.yaml"), deployment("d") + &deployment("e") + &deployment("f"));
    }
}

fn exceptions(tree: &Tree, n: usize, what: impl Fn(usize) -> String) {
    let entries = (0..n)
        .map(|it| format!("  - {{rules: [workload-too-few-replicas, pdb-missing], {}, reason: known}}\n", what(it)));
    tree.write(".edms-lint.yaml", format!("ignore:\n{}", entries.collect::<String>()));
}
