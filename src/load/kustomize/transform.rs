//! The transformers of one kustomization, in the order in which kustomize runs them.

use super::build::Builder;
use super::fields::{Field, put_all, visit};
use super::resource::{Id, Resource};
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Entry, NodeRef};
use std::sync::Arc;

/// Kinds without a namespace. kustomize takes what it does not know for namespaced.
const CLUSTER_KINDS: &[(&str, &[&str])] = &[
    ("", &["Namespace", "Node", "PersistentVolume", "ComponentStatus"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("storage.k8s.io", &["StorageClass", "CSIDriver", "CSINode", "VolumeAttachment"]),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingWebhookConfiguration",
            "ValidatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
        ],
    ),
    ("certificates.k8s.io", &["CertificateSigningRequest"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("networking.k8s.io", &["IngressClass"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("policy", &["PodSecurityPolicy"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
];

/// Kinds that neither a prefix nor a suffix renames.
const FIXED_NAMES: &[&str] = &["CustomResourceDefinition", "APIService", "Namespace"];

/// Kinds whose `spec.replicas` the field `replicas` sets.
const SCALED: [&str; 4] = ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"];

impl Builder<'_> {
    /// Runs all transformers of a kustomization over the objects.
    pub(super) fn transform(&mut self, at: usize, resources: &mut Vec<Resource>) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        let root = document.root();
        self.strategic_patches(at, resources);
        self.patches(at, "patches", resources);
        if let Some(entry) = root.entry("namespace").filter(|it| !it.value.text().is_empty()) {
            self.namespace(entry, resources);
        }
        let text = |key: &str| root.get(key).map(NodeRef::text).unwrap_or_default();
        self.affix(text("namePrefix"), text("nameSuffix"), resources);
        self.labels(at, resources);
        self.annotations(at, resources);
        self.patches(at, "patchesJson6902", resources);
        self.replicas(at, resources);
        self.images(at, resources);
        self.follow_names(resources);
        self.tell_unseen(at);
    }

    fn namespace(&mut self, entry: Entry<'_>, resources: &mut [Resource]) {
        let Some(namespace) = TreeEntry::of(entry).map(TreeEntry::into_text) else { return };
        for resource in resources {
            let id = resource.id.clone();
            let Some(tree) = resource.edit() else {
                self.rigid(resource);
                continue;
            };
            set_namespace(tree, &id, &namespace);
            let id = Id::of(tree);
            resource.identify(id);
        }
    }

    fn affix(&mut self, prefix: &str, suffix: &str, resources: &mut [Resource]) {
        if prefix.is_empty() && suffix.is_empty() {
            return;
        }
        for resource in resources.iter_mut().filter(|it| !FIXED_NAMES.contains(&it.id.kind.as_str())) {
            resource.rename(format!("{prefix}{}{suffix}", resource.id.name));
        }
    }

    fn replicas(&mut self, at: usize, resources: &mut [Resource]) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        for node in document.root().items_at(&["replicas"]) {
            let (Some(name), Some(count)) = (node.get("name").map(NodeRef::text), node.entry("count")) else {
                continue;
            };
            let Some(entry) = TreeEntry::of(count).map(|it| it.named("replicas")) else { continue };
            let mut found = false;
            for resource in resources.iter_mut().filter(|it| it.is_named(name)) {
                if !SCALED.contains(&resource.id.kind.as_str()) {
                    continue;
                }
                found = true;
                let field = [Field { group: "", version: "", kind: "", path: "spec", is_made: true }];
                put_all(std::slice::from_mut(resource), &field, std::slice::from_ref(&entry), entry.key_span);
                resource.heed(document.comments());
            }
            if !found && !self.has_unseen {
                self.problem(
                    format!("no Deployment, StatefulSet or ReplicaSet is named {name}"),
                    node.place(&["name"]),
                );
            }
        }
    }

    /// Says what else the kustomization does that is not done here.
    fn tell_unseen(&mut self, at: usize) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        let is_used = |key: &str| document.root().items_at(&[key]).next().is_some();
        let charts = is_used("helmCharts") || is_used("helmChartInflationGenerator");
        if charts {
            self.unseen(at, "what its helmCharts make is not seen".to_owned());
        }
        if is_used("generators") {
            self.unseen(at, "what its generators make is not seen".to_owned());
        }
        let changing = [
            ("transformers", "what its transformers change is not seen"),
            ("replacements", "what its replacements change is not seen"),
            ("vars", "its vars stay as $(NAME) and count as unknown"),
            ("configurations", "its configurations of transformers are not heeded"),
        ];
        for (key, words) in changing {
            if is_used(key) {
                self.remark(at, words);
            }
        }
    }
}

/// Whether objects of a kind have no namespace.
pub(in super::super) fn is_cluster_wide(group: &str, kind: &str) -> bool {
    CLUSTER_KINDS.iter().any(|(of, kinds)| *of == group && kinds.contains(&kind))
}

fn set_namespace(tree: &mut Tree, id: &Id, namespace: &TreeEntry) {
    let at = namespace.key_span;
    if id.kind == "Namespace" && id.group.is_empty() {
        let name = TreeEntry { key: "name".into(), ..namespace.clone() };
        visit(tree, "metadata", true, at, &mut |it| it.put(name.clone()));
    }
    if !is_cluster_wide(&id.group, &id.kind) {
        visit(tree, "metadata", true, at, &mut |it| it.put(namespace.clone()));
    }
    let referring = match (id.group.as_str(), id.kind.as_str()) {
        ("apiregistration.k8s.io", "APIService") => "spec/service",
        ("apiextensions.k8s.io", "CustomResourceDefinition") => "spec/conversion/webhook/clientConfig/service",
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            visit(tree, "subjects", false, at, &mut |list| subjects(list, namespace));
            return;
        }
        _ => return,
    };
    visit(tree, referring, false, at, &mut |it| it.put(namespace.clone()));
}

/// Of the subjects of a binding, those named `default` move; those that are objects of the kustomization
/// follow them when references do.
fn subjects(list: &mut Tree, namespace: &TreeEntry) {
    for subject in list.items_mut() {
        if subject.text_at(&["name"]) == Some("default") && matches!(subject.content, Content::Map(_)) {
            subject.put(namespace.clone());
        }
    }
}
