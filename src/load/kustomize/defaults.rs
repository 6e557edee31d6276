//! The fields that kustomize's transformers change by themselves, as `builtinpluginconsts` lists them.

use super::config::{Config, Reference};
use super::fields::Field;
use std::sync::{Arc, LazyLock};

/// Where kinds keep the `spec` of their pods.
const WORKLOADS: &[(&str, &str)] = &[
    ("Deployment", "spec/template/spec"),
    ("ReplicaSet", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
];

/// The same for the references to few things, which know other kinds.
const OTHER_WORKLOADS: &[(&str, &str)] = &[
    ("Pod", "spec"),
    ("StatefulSet", "spec/template/spec"),
    ("Deployment", "spec/template/spec"),
    ("ReplicationController", "spec/template/spec"),
    ("CronJob", "spec/jobTemplate/spec/template/spec"),
    ("Job", "spec/template/spec"),
    ("DaemonSet", "spec/template/spec"),
];

/// Selectors inside pod templates, of Deployments and StatefulSets only.
const PLACEMENT: &[&str] = &[
    "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "topologySpreadConstraints/labelSelector/matchLabels",
];

const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

static DEFAULTS: LazyLock<Arc<Config>> = LazyLock::new(|| Arc::new(defaults()));

/// What kustomize changes by itself.
pub(super) fn standard() -> Arc<Config> {
    Arc::clone(&DEFAULTS)
}

fn defaults() -> Config {
    let mut selectors = selectors();
    selectors.extend(templates("labels"));
    selectors.push(claims());
    Config {
        name_prefix: vec![Field::any("metadata/name", false)],
        name_suffix: vec![Field::any("metadata/name", false)],
        namespace: vec![
            Field::new("", "Namespace", "metadata/name", true),
            Field::new("apiregistration.k8s.io", "APIService", "spec/service/namespace", true),
            Field::new(
                "apiextensions.k8s.io",
                "CustomResourceDefinition",
                "spec/conversion/webhook/clientConfig/service/namespace",
                false,
            ),
        ],
        common_labels: selectors,
        labels: Vec::new(),
        template_labels: templates("labels"),
        claim_labels: vec![claims()],
        common_annotations: templates("annotations"),
        references: references(),
        variables: variables(),
        images: images(),
        replicas: ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"]
            .map(|kind| Field::new("", kind, "spec/replicas", true))
            .to_vec(),
    }
}

/// The labels or annotations of objects and of the pods that they make.
fn templates(map: &str) -> Vec<Field> {
    let template = format!("spec/template/metadata/{map}");
    // Only of labels does kustomize ask for the group of a StatefulSet.
    let group = if map == "labels" { "apps" } else { "" };
    vec![
        Field::any(&format!("metadata/{map}"), true),
        Field::of_version("v1", "ReplicationController", &template, true),
        Field::new("", "Deployment", &template, true),
        Field::new("", "ReplicaSet", &template, true),
        Field::new("", "DaemonSet", &template, true),
        Field::new(group, "StatefulSet", &template, true),
        Field::new("batch", "Job", &template, true),
        Field::new("batch", "CronJob", &format!("spec/jobTemplate/metadata/{map}"), true),
        Field::new("batch", "CronJob", &format!("spec/jobTemplate/spec/template/metadata/{map}"), true),
    ]
}

fn claims() -> Field {
    Field::new("apps", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", true)
}

fn selectors() -> Vec<Field> {
    let network = |path: &str| Field::new("networking.k8s.io", "NetworkPolicy", path, false);
    let mut fields = vec![
        Field::of_version("v1", "Service", "spec/selector", true),
        Field::of_version("v1", "ReplicationController", "spec/selector", true),
        Field::new("", "Deployment", "spec/selector/matchLabels", true),
        Field::new("", "ReplicaSet", "spec/selector/matchLabels", true),
        Field::new("", "DaemonSet", "spec/selector/matchLabels", true),
        Field::new("apps", "StatefulSet", "spec/selector/matchLabels", true),
        Field::new("batch", "Job", "spec/selector/matchLabels", false),
        Field::new("batch", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", false),
        Field::new("policy", "PodDisruptionBudget", "spec/selector/matchLabels", false),
        network("spec/podSelector/matchLabels"),
        network("spec/ingress/from/podSelector/matchLabels"),
        network("spec/egress/to/podSelector/matchLabels"),
    ];
    for kind in ["Deployment", "StatefulSet"] {
        let path = |it: &&str| Field::new("apps", kind, &format!("spec/template/spec/{it}"), false);
        fields.extend(PLACEMENT.iter().map(path));
    }
    fields
}

/// Images in containers of the usual shape; those of any other are found by their keys.
fn images() -> Vec<Field> {
    let paths = [
        "spec/containers[]/image",
        "spec/initContainers[]/image",
        "spec/volumes[]/image/reference",
        "spec/template/spec/containers[]/image",
        "spec/template/spec/initContainers[]/image",
        "spec/template/spec/volumes[]/image/reference",
        "spec/jobTemplate/spec/template/spec/volumes[]/image/reference",
    ];
    paths.map(|path| Field::any(path, true)).to_vec()
}

/// References to ConfigMaps or Secrets in pods.
fn in_pods(paths: &[&str]) -> Vec<Field> {
    let mut fields: Vec<Field> =
        paths.iter().map(|path| Field::of_version("v1", "Pod", &format!("spec/{path}"), false)).collect();
    let others = [("PodTemplate", "template/spec")];
    for (kind, spec) in others.iter().chain(WORKLOADS) {
        fields.extend(paths.iter().map(|path| Field::new("", kind, &format!("{spec}/{path}"), false)));
    }
    fields
}

fn in_other_workloads(path: &str) -> Vec<Field> {
    OTHER_WORKLOADS.iter().map(|(kind, spec)| Field::new("", kind, &format!("{spec}/{path}"), false)).collect()
}

fn of_kinds(fields: &[(&str, &str)]) -> Vec<Field> {
    fields.iter().map(|(kind, path)| Field::new("", kind, path, false)).collect()
}

fn config_maps() -> Vec<Field> {
    let mut fields = in_pods(&[
        "volumes/configMap/name",
        "containers/env/valueFrom/configMapKeyRef/name",
        "initContainers/env/valueFrom/configMapKeyRef/name",
        "containers/envFrom/configMapRef/name",
        "initContainers/envFrom/configMapRef/name",
        "volumes/projected/sources/configMap/name",
    ]);
    fields.extend(of_kinds(&[
        ("Node", "spec/configSource/configMap"),
        ("Role", "rules/resourceNames"),
        ("ClusterRole", "rules/resourceNames"),
        ("Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"),
    ]));
    fields
}

fn secrets() -> Vec<Field> {
    let mut fields = in_pods(&[
        "volumes/secret/secretName",
        "containers/env/valueFrom/secretKeyRef/name",
        "initContainers/env/valueFrom/secretKeyRef/name",
        "containers/envFrom/secretRef/name",
        "initContainers/envFrom/secretRef/name",
        "imagePullSecrets/name",
        "volumes/projected/sources/secret/name",
    ]);
    fields.extend(of_kinds(&[
        ("Ingress", "spec/tls/secretName"),
        ("Ingress", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"),
        ("Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"),
        ("Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"),
        ("ServiceAccount", "imagePullSecrets/name"),
        ("StorageClass", "parameters/secretName"),
        ("StorageClass", "parameters/adminSecretName"),
        ("StorageClass", "parameters/userSecretName"),
        ("StorageClass", "parameters/secretRef"),
        ("Role", "rules/resourceNames"),
        ("ClusterRole", "rules/resourceNames"),
        ("PersistentVolume", "spec/azureFile/secretName"),
    ]));
    let knative = Field::new(
        "serving.knative.dev",
        "Service",
        "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
        false,
    );
    fields.push(Field { version: "v1".to_owned(), ..knative });
    fields
}

fn services() -> Vec<Field> {
    let mut fields = of_kinds(&[
        ("Ingress", "spec/rules/http/paths/backend/serviceName"),
        ("Ingress", "spec/backend/serviceName"),
        ("Ingress", "spec/rules/http/paths/backend/service/name"),
        ("Ingress", "spec/defaultBackend/service/name"),
    ]);
    fields.push(Field::new("apps", "StatefulSet", "spec/serviceName", false));
    fields.push(Field::new("apiregistration.k8s.io", "APIService", "spec/service/name", false));
    fields.push(Field::new(ADMISSION, "ValidatingWebhookConfiguration", "webhooks/clientConfig/service", false));
    fields.push(Field::new(ADMISSION, "MutatingWebhookConfiguration", "webhooks/clientConfig/service", false));
    fields
}

fn references() -> Vec<Reference> {
    let to = |group: &str, version: &str, kind: &str, fields: Vec<Field>| Reference {
        group: group.to_owned(),
        version: version.to_owned(),
        kind: kind.to_owned(),
        fields,
    };
    let role = |kind: &str| Field::new(RBAC, kind, "roleRef/name", false);
    let mut accounts = vec![
        Field::new(RBAC, "RoleBinding", "subjects", false),
        Field::new(RBAC, "ClusterRoleBinding", "subjects", false),
    ];
    accounts.extend(in_other_workloads("serviceAccountName"));
    let mut found: Vec<Reference> = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"]
        .map(|kind| to("", "", kind, of_kinds(&[("HorizontalPodAutoscaler", "spec/scaleTargetRef/name")])))
        .into();
    found.extend([
        to("", "v1", "ConfigMap", config_maps()),
        to("", "v1", "Secret", secrets()),
        to("", "v1", "Service", services()),
        to(RBAC, "", "Role", vec![role("RoleBinding")]),
        to(RBAC, "", "ClusterRole", vec![role("RoleBinding"), role("ClusterRoleBinding")]),
        to("", "v1", "ServiceAccount", accounts),
        to("", "v1", "PersistentVolumeClaim", in_other_workloads("volumes/persistentVolumeClaim/claimName")),
        to(
            "",
            "v1",
            "PersistentVolume",
            of_kinds(&[("PersistentVolumeClaim", "spec/volumeName"), ("ClusterRole", "rules/resourceNames")]),
        ),
        to(
            "storage.k8s.io",
            "v1",
            "StorageClass",
            of_kinds(&[
                ("PersistentVolume", "spec/storageClassName"),
                ("PersistentVolumeClaim", "spec/storageClassName"),
                ("StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
            ]),
        ),
        to("scheduling.k8s.io", "v1", "PriorityClass", in_other_workloads("priorityClassName")),
        // The group holds a version, so that no object is ever meant: as in kustomize.
        to("networking.k8s.io/v1", "v1", "IngressClass", of_kinds(&[("Ingress", "spec/ingressClassName")])),
        to(
            ADMISSION,
            "",
            "ValidatingAdmissionPolicy",
            vec![Field::new(ADMISSION, "ValidatingAdmissionPolicyBinding", "spec/policyName", false)],
        ),
    ]);
    found
}

fn variables() -> Vec<Field> {
    let in_containers = ["args", "command", "env/value", "volumeMounts/mountPath"];
    let pod = [("Pod", "spec")];
    let mut fields = Vec::new();
    for (kind, spec) in pod.iter().chain(WORKLOADS) {
        for containers in ["containers", "initContainers"] {
            let path = |it: &&str| Field::new("", kind, &format!("{spec}/{containers}/{it}"), false);
            fields.extend(in_containers.iter().map(path));
        }
        // The path of a CronJob lacks a step, and so leads nowhere: as in kustomize.
        let volumes = if *kind == "CronJob" { "spec/jobTemplate/spec/template" } else { spec };
        fields.push(Field::new("", kind, &format!("{volumes}/volumes/nfs/server"), false));
    }
    fields.extend(of_kinds(&[
        ("Deployment", "spec/template/metadata/annotations"),
        ("Ingress", "spec/rules/host"),
        ("Ingress", "spec/tls/hosts"),
        ("Ingress", "spec/tls/secretName"),
        ("Service", "spec/ports/port"),
        ("Service", "spec/ports/targetPort"),
        ("StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server"),
        ("PersistentVolume", "spec/nfs/server"),
    ]));
    fields.push(Field::any("metadata/labels", false));
    fields.push(Field::any("metadata/annotations", false));
    fields
}
