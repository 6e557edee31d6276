//! Folders that are environments of their own.

use crate::Shape;
use crate::objects::{deployment, object, spec};

pub(crate) const SHAPES: &[Shape] = &[
    Shape::new("siblings x shared files", 25, |tree, n| {
        for it in 0..n {
            tree.write(&format!("env{it}/app.yaml"), deployment("app"));
            tree.write(&format!("shared{it}.yaml"), object("v1", "ConfigMap", &format!("m{it}"), "data: {k: v}"));
        }
    }),
    Shape::new("siblings with files of their own", 50, |tree, n| {
        for it in 0..n {
            tree.write(&format!("env{it}/app.yaml"), deployment("app"));
            tree.write(&format!("env{it}/db.yaml"), deployment("db"));
        }
    }),
    Shape::new("services x dev, staging, prod", 50, |tree, n| {
        for it in 0..n {
            for environment in ["dev", "staging", "prod"] {
                tree.write(&format!("services/s{it}/{environment}/app.yaml"), deployment(&format!("s{it}")));
            }
        }
    }),
    Shape::new("dev, staging, prod x services", 50, |tree, n| {
        for it in 0..n {
            for environment in ["dev", "staging", "prod"] {
                tree.write(&format!("{environment}/s{it}.yaml"), deployment(&format!("s{it}")));
            }
        }
    }),
    Shape::new("folders that differ", 50, |tree, n| {
        for it in 0..n {
            tree.write(&format!("f{it}/app.yaml"), deployment(&format!("s{it}")));
        }
    }),
    Shape::new("folders that share one of two objects", 50, |tree, n| {
        for it in 0..n {
            tree.write(
                &format!("f{it}/app.yaml"),
                deployment(&format!("s{it}")) + &deployment(&format!("s{}", it + 1)),
            );
        }
    }),
    Shape::new("folders in folders", 25, |tree, n| {
        for it in 0..n {
            let folder = (0..it % 40).map(|depth| format!("d{depth}/")).collect::<Vec<_>>().concat();
            tree.write(&format!("{folder}x{it}/app.yaml"), deployment(&format!("s{}", it % 7)));
        }
    }),
    Shape::new("Applications of Argo CD", 50, |tree, n| {
        for it in 0..n {
            tree.write(&format!("apps/a{it}.yaml"), application(it, &format!("services/s{it}"), it));
            tree.write(&format!("services/s{it}/app.yaml"), deployment(&format!("s{it}")));
        }
    }),
    Shape::new("Applications x Applications of one folder", 50, |tree, n| {
        for it in 0..n {
            tree.write(&format!("apps/a{it}.yaml"), application(it, "services/one", it));
        }
        tree.write("services/one/app.yaml", deployment("one"));
    }),
    Shape::new("Applications of Applications", 25, |tree, n| {
        for it in 0..n {
            tree.write(&format!("apps/a{it}/app.yaml"), application(it, &format!("apps/a{}", it + 1), 0));
        }
        tree.write(&format!("apps/a{n}/app.yaml"), deployment("last"));
    }),
    Shape::new("Applications in one cluster each", 25, |tree, n| {
        for it in 0..n {
            let text = application(it, "services/one", 0)
                .replace("https://kubernetes.default.svc", &format!("https://c{it}.example.com"));
            tree.write(&format!("apps/a{it}.yaml"), text);
        }
        tree.write("services/one/app.yaml", deployment("one"));
    }),
    Shape::new("Flux Kustomizations that depend on each other", 25, |tree, n| {
        for it in 0..n {
            let fields = format!(
                "interval: 10m, path: ./services/s{it}, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}, \
                 dependsOn: [{{name: k{}}}]",
                it + 1
            );
            let text = spec("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("k{it}"), &fields);
            tree.write(&format!("clusters/production/k{it}.yaml"), text);
            tree.write(&format!("services/s{it}/app.yaml"), deployment(&format!("s{it}")));
        }
    }),
    Shape::new("clusters of Flux x shared folders", 10, |tree, n| {
        for cluster in 0..n {
            for it in 0..10 {
                let fields = format!(
                    "interval: 10m, path: ./services/s{it}, prune: true, sourceRef: {{kind: GitRepository, name: flux-system}}"
                );
                let text = spec("kustomize.toolkit.fluxcd.io/v1", "Kustomization", &format!("k{it}"), &fields);
                tree.write(&format!("clusters/c{cluster}/k{it}.yaml"), text);
            }
        }
        for it in 0..10 {
            tree.write(&format!("services/s{it}/app.yaml"), deployment(&format!("s{it}")));
        }
    }),
    Shape::new("HelmReleases x HelmRepositories", 100, |tree, n| {
        tree.each("r.yaml", n, |it| {
            let fields = format!(
                "interval: 10m, chart: {{spec: {{chart: c{it}, sourceRef: {{kind: HelmRepository, name: h{it}}}}}}}"
            );
            spec("helm.toolkit.fluxcd.io/v2", "HelmRelease", &format!("r{it}"), &fields)
        });
        tree.each("h.yaml", n, |it| {
            spec(
                "source.toolkit.fluxcd.io/v1",
                "HelmRepository",
                &format!("h{it}"),
                "interval: 1h, url: 'https://charts.example.com'",
            )
        });
    }),
];

fn application(number: usize, path: &str, namespace: usize) -> String {
    let fields = format!(
        "project: default, source: {{repoURL: 'https://git.example.com/all.git', path: {path}, targetRevision: HEAD}}, \
         destination: {{server: 'https://kubernetes.default.svc', namespace: n{namespace}}}"
    );
    spec("argoproj.io/v1alpha1", "Application", &format!("a{number}"), &fields)
}
