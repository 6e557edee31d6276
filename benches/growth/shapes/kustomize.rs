//! What kustomize builds.

use crate::Shape;
use crate::objects::{deployment, deployment_of, list, object};
use crate::tree::Tree;

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("overlays of a base of 20 objects", 125, |tree, n| {
        base(tree, 20);
        for it in 0..n {
            tree.write(&format!("o{it}/kustomization.yaml"), format!("namespace: n{it}\nresources: [../base]\n"));
        }
    }),
    Shape::new("overlays with patches of their own", 125, |tree, n| {
        base(tree, 20);
        for it in 0..n {
            let patch =
                "patches: [{target: {kind: Deployment}, patch: '- {op: replace, path: /spec/replicas, value: 3}'}]";
            tree.write(&format!("o{it}/kustomization.yaml"), format!("resources: [../base]\n{patch}\n"));
        }
    }),
    Shape::new("objects of one overlay", 125, |tree, n| {
        base(tree, n);
        let text = "namespace: n\nnamePrefix: a-\nlabels: [{pairs: {team: t}, includeSelectors: true}]\nresources: [../base]\n";
        tree.write("o/kustomization.yaml", text);
    }),
    Shape::new("kustomizations above each other", 10, |tree, n| {
        base(tree, 20);
        for it in 0..n {
            let below = if it == 0 { "../base".to_owned() } else { format!("../o{}", it - 1) };
            tree.write(&format!("o{it}/kustomization.yaml"), format!("namePrefix: a-\nresources: [{below}]\n"));
        }
    }),
    Shape::new("images of a kustomization x Deployments", 125, |tree, n| {
        let images = list(n, |it| format!("{{name: registry.example.com/d{it}, newTag: '2'}}"));
        overlay(tree, n, format!("images: [{images}]"));
    }),
    Shape::new("images of a kustomization that nothing uses", 125, |tree, n| {
        let images = list(n, |it| format!("{{name: registry.example.com/e{it}, newTag: '2'}}"));
        overlay(tree, n, format!("images: [{images}]"));
    }),
    Shape::new("replicas of a kustomization x Deployments", 125, |tree, n| {
        let replicas = list(n, |it| format!("{{name: d{it}, count: 3}}"));
        overlay(tree, n, format!("replicas: [{replicas}]"));
    }),
    Shape::new("merge patches x Deployments", 125, |tree, n| {
        patches(tree, n, n, |it| {
            format!(
                "patch: '{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d{it}}}, spec: {{replicas: 3}}}}'"
            )
        });
    }),
    Shape::new("JSON6902 patches x Deployments", 125, |tree, n| {
        patches(tree, n, n, |it| {
            format!(
                "{{target: {{kind: Deployment, name: d{it}}}, patch: '- {{op: replace, path: /spec/replicas, value: 3}}'}}"
            )
        });
    }),
    Shape::new("operations of one JSON6902 patch", 250, |tree, n| {
        let add = "{op: add, path: /metadata/annotations, value: {}}".to_owned();
        operations(tree, n, add, |it| format!("{{op: add, path: /metadata/annotations/k{it}, value: v}}"));
    }),
    Shape::new("operations that put first in a list", 250, |tree, n| {
        let path = "/spec/template/spec/containers/0/env";
        let add = format!("{{op: add, path: {path}, value: []}}");
        operations(tree, n, add, |it| format!("{{op: add, path: {path}/0, value: {{name: V{it}, value: v}}}}"));
    }),
    Shape::new("merge patches of one object", 125, |tree, n| {
        patches(tree, 1, n, |it| {
            let pod = format!("{{spec: {{containers: [{{name: d0, env: [{{name: V{it}, value: v}}]}}]}}}}");
            format!(
                "patch: '{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d0}}, spec: {{template: {pod}}}}}'"
            )
        });
    }),
    Shape::new("JSON6902 patches of one object", 125, |tree, n| {
        patches(tree, 1, n, |it| {
            let value = if it == 0 { "labels, value: {}".to_owned() } else { format!("labels/k{it}, value: v") };
            format!("{{target: {{kind: Deployment}}, patch: '- {{op: add, path: /metadata/{value}}}'}}")
        });
    }),
    Shape::new("merge patches of one map", 125, |tree, n| {
        patches(tree, 1, n, |it| {
            format!(
                "patch: '{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d0, annotations: {{k{it}: v}}}}}}'"
            )
        });
    }),
    Shape::new("one merge patch of a long list by keys", 250, |tree, n| {
        base(tree, 1);
        let variables = list(n, |it| format!("{{name: V{it}, value: v}}"));
        let changed = list(n, |it| format!("{{name: V{}, value: w}}", n - 1 - it));
        let patch = |variables: &str| {
            format!(
                "- patch: '{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: d0}}, spec: {{template: {{spec: \
                 {{containers: [{{name: d0, env: [{variables}]}}]}}}}}}}}'\n"
            )
        };
        tree.write(
            "o/kustomization.yaml",
            format!("resources: [../base]\npatches:\n{}{}", patch(&variables), patch(&changed)),
        );
    }),
    Shape::new("one merge patch of many keys of a map", 1_000, |tree, n| {
        let data = list(n, |it| format!("k{it}: v"));
        let patch = list(n, |it| format!("k{}: w", n - 1 - it));
        tree.write("base/kustomization.yaml", "resources: [all.yaml]\n");
        tree.write("base/all.yaml", object("v1", "ConfigMap", "m", &format!("data: {{{data}}}")));
        tree.write("o/patch.yaml", object("v1", "ConfigMap", "m", &format!("data: {{{patch}}}")));
        tree.write("o/kustomization.yaml", "resources: [../base]\npatches: [{path: patch.yaml}]\n");
    }),
    Shape::new("patches that delete x Deployments", 125, |tree, n| {
        patches(tree, n, n, |it| {
            format!("patch: '{{$patch: delete, apiVersion: apps/v1, kind: Deployment, metadata: {{name: d{it}}}}}'")
        });
    }),
    Shape::new("images with patterns x Deployments", 60, |tree, n| {
        let images = list(n, |it| format!("{{name: '.*/d{it}', newTag: '2'}}"));
        overlay(tree, n, format!("images: [{images}]"));
    }),
    Shape::new("generators that merge into one ConfigMap", 125, |tree, n| {
        let more = list(n, |it| format!("{{name: m, behavior: merge, literals: [k{it}=v]}}"));
        tree.write("kustomization.yaml", format!("configMapGenerator: [{{name: m, literals: [k=v]}}, {more}]\n"));
    }),
    Shape::new("patch targets with patterns x Deployments", 125, |tree, n| {
        patches(tree, n, n, |it| {
            format!(
                "{{target: {{kind: Deploy.*, name: '.*d{it}'}}, patch: '- {{op: replace, path: /spec/replicas, value: 3}}'}}"
            )
        });
    }),
    Shape::new("patch targets with labels x Deployments", 125, |tree, n| {
        patches(tree, n, n, |it| {
            format!(
                "{{target: {{labelSelector: 'app!=x{it},team=t{it}'}}, patch: '- {{op: replace, path: /spec/replicas, value: 3}}'}}"
            )
        });
    }),
    Shape::new("replacements x Deployments", 125, |tree, n| {
        let replacements = list(n, |it| {
            format!(
                "{{source: {{kind: Deployment, name: d{it}, fieldPath: metadata.name}}, targets: [{{select: {{kind: \
                 Deployment, name: d{it}}}, fieldPaths: [spec.replicas]}}]}}"
            )
        });
        overlay(tree, n, format!("replacements: [{replacements}]"));
    }),
    Shape::new("components of one overlay", 50, |tree, n| {
        for it in 0..n {
            let text = format!(
                "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {{a{it}: v}}\n"
            );
            tree.write(&format!("c{it}/kustomization.yaml"), text);
        }
        let components = list(n, |it| format!("../c{it}"));
        overlay(tree, 20, format!("components: [{components}]"));
    }),
    Shape::new("generated ConfigMaps x Deployments", 125, |tree, n| {
        let resources = list(n, |it| format!("d{it}.yaml"));
        for it in 0..n {
            let text = deployment(&format!("d{it}"));
            let with = format!("containers: [{{envFrom: [{{configMapRef: {{name: m{it}}}}}], ");
            tree.write(&format!("d{it}.yaml"), text.replacen("containers: [{", &with, 1));
        }
        let maps = list(n, |it| format!("{{name: m{it}, literals: [k=v]}}"));
        tree.write("kustomization.yaml", format!("resources: [{resources}]\nconfigMapGenerator: [{maps}]\n"));
    }),
    Shape::new("literals of one generated ConfigMap", 500, |tree, n| {
        let literals = list(n, |it| format!("k{it}=v"));
        tree.write("kustomization.yaml", format!("configMapGenerator: [{{name: m, literals: [{literals}]}}]\n"));
    }),
    Shape::new("commonLabels of a kustomization", 100, |tree, n| {
        let labels = list(n, |it| format!("k{it}: v"));
        overlay(tree, 20, format!("commonLabels: {{{labels}}}"));
    }),
    Shape::new("commonLabels of a kustomization x Deployments", 60, |tree, n| {
        let labels = list(n, |it| format!("k{it}: v"));
        overlay(tree, 200, format!("commonLabels: {{{labels}}}"));
    }),
    Shape::new("vars of a kustomization", 125, |tree, n| {
        let vars =
            list(n, |it| format!("{{name: V{it}, objref: {{apiVersion: apps/v1, kind: Deployment, name: d{it}}}}}"));
        overlay(tree, n, format!("vars: [{vars}]"));
    }),
    Shape::new("Services renamed x objects that name them", 125, |tree, n| {
        let resources = "resources: [all.yaml, roles.yaml]\nnamePrefix: a-\n";
        tree.write("kustomization.yaml", resources);
        tree.each("all.yaml", n, |it| {
            object("v1", "Service", &format!("d{it}"), "spec: {selector: {app: d}, ports: [{port: 80}]}")
        });
        tree.each("roles.yaml", n, |it| {
            let rules =
                format!("rules: [{{apiGroups: [''], resources: [services], verbs: [get], resourceNames: [d{it}]}}]");
            object("rbac.authorization.k8s.io/v1", "Role", &format!("r{it}"), &rules)
        });
    }),
    Shape::new("accounts renamed x bindings that tell their namespaces", 125, |tree, n| {
        tree.write("kustomization.yaml", "resources: [all.yaml]\nnamePrefix: a-\n");
        tree.each("all.yaml", n, |it| {
            let account = format!(
                "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: s, namespace: n{it}}}\n---\napiVersion: \
                 rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: b{it}}}\n"
            );
            let role = "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\n";
            format!("{account}{role}subjects: [{{kind: ServiceAccount, name: s, namespace: n{it}}}]\n")
        });
    }),
    Shape::new("one base in many prefixes of one overlay", 60, |tree, n| {
        tree.write("base/kustomization.yaml", "resources: [all.yaml]\n");
        let with = "envFrom: [{configMapRef: {name: m}}]";
        tree.write("base/all.yaml", deployment_of("d", with, "") + &object("v1", "ConfigMap", "m", "data: {k: v}"));
        for it in 0..n {
            let text = format!("namePrefix: p{it}-\nresources: [../base]\n");
            tree.write(&format!("p{it}/kustomization.yaml"), text);
        }
        let resources = list(n, |it| format!("../p{it}"));
        tree.write("o/kustomization.yaml", format!("resources: [{resources}]\n"));
    }),
];

/// An overlay of so many Deployments that has these lines.
fn overlay(tree: &Tree, deployments: usize, lines: String) {
    base(tree, deployments);
    tree.write("o/kustomization.yaml", format!("resources: [../base]\n{lines}\n"));
}

/// An overlay of so many Deployments with a number of patches.
fn patches(tree: &Tree, deployments: usize, n: usize, patch: impl Fn(usize) -> String) {
    let patches: Vec<String> = (0..n).map(|it| format!("\n- {}", patch(it))).collect();
    overlay(tree, deployments, format!("patches:{}", patches.concat()));
}

/// An overlay of one Deployment with a patch of a number of operations.
fn operations(tree: &Tree, n: usize, first: String, operation: impl Fn(usize) -> String) {
    let lines: Vec<String> = std::iter::once(first).chain((0..n).map(operation)).collect();
    let text: Vec<String> = lines.iter().map(|it| format!("    - {it}\n")).collect();
    overlay(tree, 1, format!("patches:\n- target: {{kind: Deployment}}\n  patch: |\n{}", text.concat()));
}

/// A kustomization of so many Deployments.
fn base(tree: &Tree, n: usize) {
    tree.write("base/kustomization.yaml", "resources: [all.yaml]\n");
    tree.each("base/all.yaml", n, |it| deployment(&format!("d{it}")));
}
