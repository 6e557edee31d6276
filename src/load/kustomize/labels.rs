//! `labels`, `commonLabels` and `commonAnnotations`: which maps of which kinds they go to.
//!
//! The tables are those of kustomize's `builtinpluginconsts`.

use super::build::Builder;
use super::fields::{Field, put_all};
use super::resource::Resource;
use crate::yaml::NodeRef;
use crate::yaml::tree::TreeEntry;
use std::sync::Arc;

const fn field(group: &'static str, kind: &'static str, path: &'static str, is_made: bool) -> Field {
    Field { group, version: "", kind, path, is_made }
}

/// The labels of pod templates.
const TEMPLATES: &[Field] = &[
    Field {
        group: "",
        version: "v1",
        kind: "ReplicationController",
        path: "spec/template/metadata/labels",
        is_made: true,
    },
    field("", "Deployment", "spec/template/metadata/labels", true),
    field("", "ReplicaSet", "spec/template/metadata/labels", true),
    field("", "DaemonSet", "spec/template/metadata/labels", true),
    field("apps", "StatefulSet", "spec/template/metadata/labels", true),
    field("batch", "Job", "spec/template/metadata/labels", true),
    field("batch", "CronJob", "spec/jobTemplate/metadata/labels", true),
    field("batch", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", true),
];

/// The same for annotations.
const TEMPLATE_ANNOTATIONS: &[Field] = &[
    Field {
        group: "",
        version: "v1",
        kind: "ReplicationController",
        path: "spec/template/metadata/annotations",
        is_made: true,
    },
    field("", "Deployment", "spec/template/metadata/annotations", true),
    field("", "ReplicaSet", "spec/template/metadata/annotations", true),
    field("", "DaemonSet", "spec/template/metadata/annotations", true),
    field("", "StatefulSet", "spec/template/metadata/annotations", true),
    field("batch", "Job", "spec/template/metadata/annotations", true),
    field("batch", "CronJob", "spec/jobTemplate/metadata/annotations", true),
    field("batch", "CronJob", "spec/jobTemplate/spec/template/metadata/annotations", true),
];

/// Selectors.
const SELECTORS: &[Field] = &[
    Field { group: "", version: "v1", kind: "Service", path: "spec/selector", is_made: true },
    Field { group: "", version: "v1", kind: "ReplicationController", path: "spec/selector", is_made: true },
    field("", "Deployment", "spec/selector/matchLabels", true),
    field("", "ReplicaSet", "spec/selector/matchLabels", true),
    field("", "DaemonSet", "spec/selector/matchLabels", true),
    field("apps", "StatefulSet", "spec/selector/matchLabels", true),
    field("batch", "Job", "spec/selector/matchLabels", false),
    field("batch", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", false),
    field("policy", "PodDisruptionBudget", "spec/selector/matchLabels", false),
    field("networking.k8s.io", "NetworkPolicy", "spec/podSelector/matchLabels", false),
    field("networking.k8s.io", "NetworkPolicy", "spec/ingress/from/podSelector/matchLabels", false),
    field("networking.k8s.io", "NetworkPolicy", "spec/egress/to/podSelector/matchLabels", false),
];

/// Selectors inside pod templates, of Deployments and StatefulSets only.
const PLACEMENT: &[&str] = &[
    "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
    "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
    "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
];

const OWN: Field = field("", "", "metadata/labels", true);
const OWN_ANNOTATIONS: Field = field("", "", "metadata/annotations", true);
const CLAIMS: Field = field("apps", "StatefulSet", "spec/volumeClaimTemplates/metadata/labels", true);

/// Everywhere that a label goes which selectors ask for too.
fn with_selectors() -> Vec<Field> {
    let mut fields = vec![OWN, CLAIMS];
    fields.extend_from_slice(TEMPLATES);
    fields.extend_from_slice(SELECTORS);
    for kind in ["Deployment", "StatefulSet"] {
        fields.extend(PLACEMENT.iter().map(|path| field("apps", kind, path, false)));
    }
    fields
}

impl Builder<'_> {
    /// Applies `labels`, then `commonLabels`.
    pub(super) fn labels(&mut self, at: usize, resources: &mut [Resource]) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        let root = document.root();
        for label in root.items_at(&["labels"]) {
            let is_set = |key: &str| label.bool_at(&[key]) == Some(true);
            let fields = if is_set("includeSelectors") {
                with_selectors()
            } else {
                let mut fields = vec![OWN];
                if is_set("includeTemplates") {
                    fields.extend_from_slice(TEMPLATES);
                }
                if is_set("includeVolumeClaimTemplates") {
                    fields.push(CLAIMS);
                }
                fields
            };
            if label.at(&["fields"]).is_some() {
                let message = "labels with `fields` of their own are put only where kustomize puts them by itself";
                self.remark(at, message);
            }
            self.put(label.at(&["pairs"]), &fields, resources);
        }
        self.put(root.at(&["commonLabels"]), &with_selectors(), resources);
    }

    /// Applies `commonAnnotations`.
    pub(super) fn annotations(&mut self, at: usize, resources: &mut [Resource]) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        let mut fields = vec![OWN_ANNOTATIONS];
        fields.extend_from_slice(TEMPLATE_ANNOTATIONS);
        self.put(document.root().at(&["commonAnnotations"]), &fields, resources);
    }

    fn put(&mut self, pairs: Option<NodeRef<'_>>, fields: &[Field], resources: &mut [Resource]) {
        let Some(pairs) = pairs else { return };
        let entries: Vec<TreeEntry> = pairs.entries().filter_map(TreeEntry::of).map(TreeEntry::into_text).collect();
        if entries.is_empty() {
            return;
        }
        for resource in put_all(resources, fields, &entries, pairs.first_line()) {
            self.rigid(resource);
        }
    }
}
