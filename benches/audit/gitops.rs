//! A generated repository of Flux: applications that all environments share, and for each an overlay, a cluster and perhaps
//! applications of its own.

use crate::trees::application_of;
use std::fmt::Write as _;
use std::path::Path;

/// Applications that every environment deploys.
const APPLICATIONS: usize = 10;

/// Writes the repository: `apps` with a base for each application, `monitoring`, and for each environment an overlay in
/// `environments`, with so many applications that no other has, and the objects of Flux in `clusters`.
pub(crate) fn write(root: &Path, environments: usize, own: usize) {
    let names: Vec<String> = (0..APPLICATIONS).map(|it| format!("app-{it:02}")).collect();
    for name in &names {
        let folder = format!("apps/{name}");
        put(root, &format!("{folder}/deployment.yaml"), &deployment(name));
        put(root, &format!("{folder}/service.yaml"), &service(name));
        put(root, &format!("{folder}/settings.yaml"), &settings(name));
        put(root, &format!("{folder}/policies.yaml"), &policies(name));
        let resources = ["deployment.yaml", "service.yaml", "settings.yaml", "policies.yaml"].map(str::to_owned);
        put(root, &format!("{folder}/kustomization.yaml"), &kustomization(&resources));
    }
    put(root, "apps/kustomization.yaml", &kustomization(&names));
    put(root, "monitoring/rules.yaml", &rules(&names));
    put(root, "monitoring/kustomization.yaml", &kustomization(&["rules.yaml".to_owned()]));
    for number in 0..environments {
        let name = format!("env-{number:02}");
        let mut resources = ["../../apps", "../../monitoring"].map(str::to_owned).to_vec();
        for application in number * own..(number + 1) * own {
            let file = format!("service-{application}.yaml");
            put(root, &format!("environments/{name}/{file}"), &application_of(application, None));
            resources.push(file);
        }
        put(root, &format!("environments/{name}/kustomization.yaml"), &overlay(&resources, number, &name));
        put(root, &format!("environments/{name}/replicas.yaml"), &replicas(3 + number % 3));
        put(root, &format!("clusters/{name}/apps.yaml"), &flux(&name));
    }
}

fn put(root: &Path, name: &str, text: &str) {
    let file = root.join(name);
    std::fs::create_dir_all(file.parent().expect("it is in a folder")).expect("folders can be made");
    std::fs::write(file, text).expect("can be written");
}

fn kustomization(resources: &[String]) -> String {
    let mut text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n".to_owned();
    for it in resources {
        _ = writeln!(text, "  - {it}");
    }
    text
}

fn deployment(name: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: 2\n  selector:\n    \
         matchLabels:\n      app.kubernetes.io/name: {name}\n  template:\n    metadata:\n      labels:\n        \
         app.kubernetes.io/name: {name}\n    spec:\n      serviceAccountName: {name}\n      containers:\n        - \
         name: app\n          image: registry.example.com/{name}:1.0.0\n          ports:\n            - name: http\n              \
         containerPort: 8080\n          envFrom:\n            - configMapRef:\n                name: {name}\n          \
         readinessProbe:\n            httpGet: {{path: /ready, port: http}}\n          livenessProbe:\n            \
         httpGet: {{path: /live, port: http}}\n          resources:\n            requests: {{cpu: 100m, memory: 128Mi}}\n            \
         limits: {{memory: 256Mi}}\n"
    )
}

fn service(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app.kubernetes.io/name: {name}\n  \
         ports:\n    - name: http\n      port: 80\n      targetPort: http\n"
    )
}

fn settings(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  LOG_LEVEL: info\n---\napiVersion: v1\nkind: \
         ServiceAccount\nmetadata:\n  name: {name}\n"
    )
}

fn policies(name: &str) -> String {
    format!(
        "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: {name}\nspec:\n  maxUnavailable: 1\n  selector:\n    \
         matchLabels:\n      app.kubernetes.io/name: {name}\n---\napiVersion: autoscaling/v2\nkind: \
         HorizontalPodAutoscaler\nmetadata:\n  name: {name}\nspec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: \
         Deployment, name: {name}}}\n  minReplicas: 2\n  maxReplicas: 6\n  metrics:\n    - type: Resource\n      resource: \
         {{name: cpu, target: {{type: Utilization, averageUtilization: 70}}}}\n"
    )
}

fn rules(names: &[String]) -> String {
    let mut text =
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: apps\nspec:\n  groups:\n    - \
                    name: apps\n      rules:\n"
            .to_owned();
    for name in names {
        _ = writeln!(text, "        - alert: Down\n          expr: sum(up{{job=\"{name}\"}}) by (namespace) < 1");
        text.push_str("          for: 5m\n          labels: {severity: critical}\n");
    }
    text
}

fn overlay(resources: &[String], number: usize, name: &str) -> String {
    let mut text = kustomization(resources);
    _ = writeln!(text, "namespace: {name}\nimages:\n  - name: registry.example.com/app-00\n    newTag: 1.{number}.0");
    text.push_str("patches:\n  - path: replicas.yaml\n");
    text
}

fn replicas(count: usize) -> String {
    format!("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-01\nspec:\n  replicas: {count}\n")
}

fn flux(name: &str) -> String {
    format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  \
         interval: 10m\n  path: ./environments/{name}\n  prune: true\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n"
    )
}
