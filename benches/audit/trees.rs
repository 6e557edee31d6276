//! Generated manifests: applications of four objects each, in two shapes.

use std::fmt::Write as _;
use std::path::Path;

/// How the objects are laid out.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// As people write them.
    FilePerApplication,
    /// As `helm template` prints them.
    OneFile,
}

impl Shape {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Shape::FilePerApplication => "file per application",
            Shape::OneFile => "one file",
        }
    }
}

/// Objects of one application.
const OBJECTS: usize = 4;

/// A folder of manifests that goes away with its value.
pub(crate) struct Tree(tempfile::TempDir);

impl Tree {
    pub(crate) fn generate(objects: usize, shape: Shape) -> Tree {
        let folder = tempfile::tempdir().expect("there is room for files");
        let mut all = String::new();
        for number in 0..objects / OBJECTS {
            let text = application_of(number, Some(&format!("team-{}", number % 20)));
            match shape {
                Shape::FilePerApplication => {
                    std::fs::write(folder.path().join(format!("app-{number:05}.yaml")), text).expect("can be written");
                }
                Shape::OneFile => all.push_str(&text),
            }
        }
        if matches!(shape, Shape::OneFile) {
            std::fs::write(folder.path().join("all.yaml"), all).expect("can be written");
        }
        Tree(folder)
    }

    /// A repository of Flux with so many environments, a few applications that all of them deploy, and so many that only
    /// one of them does.
    pub(crate) fn of_flux(environments: usize, own: usize) -> Tree {
        let folder = tempfile::tempdir().expect("there is room for files");
        crate::gitops::write(folder.path(), environments, own);
        Tree(folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }
}

/// A Deployment, its Service, its HorizontalPodAutoscaler and its PodDisruptionBudget.
pub(crate) fn application_of(number: usize, namespace: Option<&str>) -> String {
    let name = format!("service-{number}");
    let namespace = namespace.map(|it| format!("  namespace: {it}\n")).unwrap_or_default();
    let head = |api: &str, kind: &str| {
        format!(
            "---\napiVersion: {api}\nkind: {kind}\nmetadata:\n  name: {name}\n{namespace}  labels:\n    \
             app.kubernetes.io/name: {name}\n    app.kubernetes.io/part-of: shop\n"
        )
    };
    let mut text = head("apps/v1", "Deployment");
    _ = write!(
        text,
        "spec:\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n  template:\n    \
         metadata:\n      labels:\n        app.kubernetes.io/name: {name}\n        app.kubernetes.io/part-of: shop\n    \
         spec:\n      containers:\n        - name: {name}\n          image: registry.example.com/shop/{name}:1.{number}.0\n          \
         ports:\n            - name: http\n              containerPort: 8080\n          env:\n            - name: LOG_LEVEL\n              \
         value: \"info\"\n            - name: KAFKA_BROKERS\n              value: kafka-kafka-bootstrap:9092\n          \
         resources:\n            requests:\n              cpu: 100m\n              memory: 128Mi\n            limits:\n              \
         memory: 256Mi\n          readinessProbe:\n            httpGet:\n              path: /ready\n              port: http\n            \
         periodSeconds: 10\n          livenessProbe:\n            httpGet:\n              path: /live\n              port: http\n            \
         periodSeconds: 20\n      topologySpreadConstraints:\n        - maxSkew: 1\n          topologyKey: kubernetes.io/hostname\n          \
         whenUnsatisfiable: ScheduleAnyway\n          labelSelector:\n            matchLabels:\n              app.kubernetes.io/name: {name}\n"
    );
    text.push_str(&head("v1", "Service"));
    _ = write!(
        text,
        "spec:\n  selector:\n    app.kubernetes.io/name: {name}\n  ports:\n    - name: http\n      port: 80\n      targetPort: http\n"
    );
    text.push_str(&head("autoscaling/v2", "HorizontalPodAutoscaler"));
    _ = write!(
        text,
        "spec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: {name}\n  minReplicas: 3\n  \
         maxReplicas: 10\n  metrics:\n    - type: Resource\n      resource:\n        name: cpu\n        target:\n          \
         type: Utilization\n          averageUtilization: 70\n"
    );
    text.push_str(&head("policy/v1", "PodDisruptionBudget"));
    _ = write!(
        text,
        "spec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: {name}\n"
    );
    text
}
