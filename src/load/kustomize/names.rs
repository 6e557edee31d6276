//! References by name: when an object gets another name, those that speak of it follow.
//!
//! The table is kustomize's `namereference.go`, without annotations and kinds that no rule reads. References
//! in custom resources stay as they are, as they do in kustomize: there they really dangle.

use super::build::Builder;
use super::fields::visit;
use super::resource::{Id, Resource};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use std::collections::HashMap;

/// References in a pod's `spec`, and the kind that they mean.
const IN_PODS: &[(&str, &str)] = &[
    ("volumes/configMap/name", "ConfigMap"),
    ("volumes/projected/sources/configMap/name", "ConfigMap"),
    ("containers/env/valueFrom/configMapKeyRef/name", "ConfigMap"),
    ("containers/envFrom/configMapRef/name", "ConfigMap"),
    ("initContainers/env/valueFrom/configMapKeyRef/name", "ConfigMap"),
    ("initContainers/envFrom/configMapRef/name", "ConfigMap"),
    ("volumes/secret/secretName", "Secret"),
    ("volumes/projected/sources/secret/name", "Secret"),
    ("containers/env/valueFrom/secretKeyRef/name", "Secret"),
    ("containers/envFrom/secretRef/name", "Secret"),
    ("initContainers/env/valueFrom/secretKeyRef/name", "Secret"),
    ("initContainers/envFrom/secretRef/name", "Secret"),
    ("imagePullSecrets/name", "Secret"),
    ("serviceAccountName", "ServiceAccount"),
    ("volumes/persistentVolumeClaim/claimName", "PersistentVolumeClaim"),
    ("priorityClassName", "PriorityClass"),
];

/// References elsewhere: the kind that holds it, the path, the kind that it means.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("StatefulSet", "spec/serviceName", "Service"),
    ("StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName", "StorageClass"),
    ("Ingress", "spec/rules/http/paths/backend/service/name", "Service"),
    ("Ingress", "spec/rules/http/paths/backend/serviceName", "Service"),
    ("Ingress", "spec/defaultBackend/service/name", "Service"),
    ("Ingress", "spec/backend/serviceName", "Service"),
    ("Ingress", "spec/tls/secretName", "Secret"),
    ("Ingress", "spec/ingressClassName", "IngressClass"),
    ("APIService", "spec/service/name", "Service"),
    ("ValidatingWebhookConfiguration", "webhooks/clientConfig/service/name", "Service"),
    ("MutatingWebhookConfiguration", "webhooks/clientConfig/service/name", "Service"),
    ("ServiceAccount", "imagePullSecrets/name", "Secret"),
    ("PersistentVolumeClaim", "spec/storageClassName", "StorageClass"),
    ("PersistentVolumeClaim", "spec/volumeName", "PersistentVolume"),
    ("PersistentVolume", "spec/storageClassName", "StorageClass"),
];

/// Where a kind keeps the `spec` of its pods.
fn pod_spec(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "Pod" => "spec",
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" => {
            "spec/template/spec"
        }
        "CronJob" => "spec/jobTemplate/spec/template/spec",
        _ => return None,
    })
}

/// Objects by kind and name.
struct Names {
    /// By the names that they have.
    now: HashMap<(String, String), Vec<Option<String>>>,
    /// By names that they had: the name and namespace now.
    before: HashMap<(String, String), Vec<(String, Option<String>)>>,
}

impl Names {
    fn of(resources: &[Resource]) -> Names {
        let mut names = Names { now: HashMap::new(), before: HashMap::new() };
        for it in resources {
            let Id { kind, name, namespace, .. } = &it.id;
            names.now.entry((kind.clone(), name.clone())).or_default().push(namespace.clone());
            for (past, _) in &it.past {
                let there = names.before.entry((kind.clone(), past.clone())).or_default();
                // With a new namespace and a new name it had the old name twice.
                let now = (name.clone(), namespace.clone());
                if !there.contains(&now) {
                    there.push(now);
                }
            }
        }
        names
    }

    /// The name now, and its namespace, of what a name meant. None if it means something as it stands, or
    /// nothing, or one of several.
    fn follow(&self, kind: &str, name: &str, from: &Option<String>) -> Option<&(String, Option<String>)> {
        let key = (kind.to_owned(), name.to_owned());
        let near = |namespace: &Option<String>| namespace == from || namespace.is_none() || from.is_none();
        if self.now.get(&key).is_some_and(|it| it.iter().any(near)) {
            return None;
        }
        let candidates = self.before.get(&key)?;
        let mut nearest = candidates.iter().filter(|it| it.1 == *from);
        match (nearest.next(), nearest.next(), candidates.as_slice()) {
            (Some(one), None, _) | (None, _, [one]) => Some(one),
            _ => None,
        }
    }
}

impl Builder<'_> {
    /// Makes references follow the names of what they mean.
    pub(super) fn follow_names(&mut self, resources: &mut [Resource]) {
        let is_renamed = |it: &Resource| it.past.iter().any(|past| past.0 != it.id.name || past.1 != it.id.namespace);
        if !resources.iter().any(is_renamed) {
            return;
        }
        let names = Names::of(resources);
        for resource in resources {
            let Id { kind, namespace, .. } = resource.id.clone();
            let references = references(&kind);
            let is_binding = kind.ends_with("RoleBinding");
            let is_scaler = kind == "HorizontalPodAutoscaler";
            if references.is_empty() && !is_binding && !is_scaler {
                continue;
            }
            let Some(tree) = resource.edit() else { continue };
            let span = tree.span;
            for (path, target) in references {
                visit(tree, &path, false, span, &mut |it| rename(it, &names, target, &namespace));
            }
            if is_scaler {
                visit(tree, "spec/scaleTargetRef", false, span, &mut |it| scale_target(it, &names, &namespace));
            }
            if is_binding {
                visit(tree, "subjects", false, span, &mut |list| {
                    list.items_mut().iter_mut().for_each(|it| subject(it, &names));
                });
                visit(tree, "roleRef", false, span, &mut |it| role(it, &names, &namespace));
            }
        }
    }
}

fn references(kind: &str) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    if let Some(spec) = pod_spec(kind) {
        found.extend(IN_PODS.iter().map(|(path, target)| (format!("{spec}/{path}"), *target)));
    }
    let own = ELSEWHERE.iter().filter(|it| it.0 == kind);
    found.extend(own.map(|(_, path, target)| ((*path).to_owned(), *target)));
    found
}

fn rename(scalar: &mut Tree, names: &Names, kind: &str, namespace: &Option<String>) {
    let Some(name) = scalar.scalar() else { return };
    if let Some((new, _)) = names.follow(kind, name, namespace) {
        scalar.content = Content::Text(new.as_str().into());
    }
}

/// A reference that names the kind itself.
fn scale_target(target: &mut Tree, names: &Names, namespace: &Option<String>) {
    let Some(kind) = target.text_at(&["kind"]).map(str::to_owned) else { return };
    // Of other kinds kustomize knows nothing.
    if matches!(kind.as_str(), "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController")
        && let Some(name) = target.get_mut("name")
    {
        rename(name, names, &kind, namespace);
    }
}

fn role(reference: &mut Tree, names: &Names, namespace: &Option<String>) {
    let Some(kind) = reference.text_at(&["kind"]).map(str::to_owned) else { return };
    if let Some(name) = reference.get_mut("name") {
        rename(name, names, &kind, namespace);
    }
}

/// A subject that is a service account of the same kustomization follows it into its namespace.
fn subject(subject: &mut Tree, names: &Names) {
    if subject.text_at(&["kind"]) != Some("ServiceAccount") {
        return;
    }
    let (Some(name), written) = (subject.text_at(&["name"]), subject.text_at(&["namespace"])) else { return };
    let key = ("ServiceAccount".to_owned(), name.to_owned());
    let written = written.map(str::to_owned);
    let is_there = names.now.get(&key).is_some_and(|it| it.contains(&written));
    let (true, Some((new, namespace))) = (!is_there, only(names.before.get(&key))) else { return };
    if let Some(place) = subject.get_mut("name") {
        place.content = Content::Text(new.as_str().into());
    }
    if let Some(namespace) = namespace {
        let span = subject.span;
        subject.put(TreeEntry::made("namespace", Tree::text(namespace, span)));
    }
}

fn only<T>(candidates: Option<&Vec<T>>) -> Option<&T> {
    match candidates.map(Vec::as_slice) {
        Some([one]) => Some(one),
        _ => None,
    }
}
