//! Which Kubernetes the environment's clusters run, as far as the configuration or manifests of clusters tell.

use crate::index::Objects;
use crate::model::{ImageName, Object, Place, Version, products};

impl<'a> Objects<'a> {
    /// The versions of Kubernetes that the environment's clusters are made with, each with its place, in order:
    /// the images of kind's nodes, eksctl's `metadata.version`, Cluster API's `spec.version`.
    pub fn kubernetes_versions(&self) -> Vec<(&'a Object, Place, Version)> {
        let mut found = Vec::new();
        for object in self.of_kind(products::KIND, "Cluster") {
            for node in object.node().items_at(&["nodes"]) {
                let tag = node.str_at(&["image"]).and_then(|it| ImageName::read(it).tag);
                let version = tag.filter(|it| it.starts_with('v')).and_then(Version::read);
                found.extend(version.map(|it| (object, object.place_in(node, &["image"]), it)));
            }
        }
        let named = [
            (products::EKSCTL, "ClusterConfig", &["metadata", "version"] as &[&str]),
            (products::CLUSTER_API_CONTROL_PLANES, "KubeadmControlPlane", &["spec", "version"]),
        ];
        for (group, kind, keys) in named {
            for object in self.of_kind(group, kind) {
                let version = object.node().at(keys).and_then(|it| Version::read(it.text()));
                found.extend(version.map(|it| (object, object.place(keys), it)));
            }
        }
        found
    }
}

impl Objects<'_> {
    /// The Kubernetes that the configuration names.
    pub fn configured_kubernetes(&self) -> Option<Version> {
        self.config().cluster.kubernetes.map(|it| it.0)
    }

    /// The newest Kubernetes that manifests of clusters name: what it refuses fails there, whatever the others do.
    pub fn newest_kubernetes(&self) -> Option<Version> {
        self.kubernetes_versions().into_iter().map(|it| it.2).max()
    }

    /// Whether the configuration or the manifests say that every cluster runs an older Kubernetes than this.
    pub fn is_older_than(&self, version: Version) -> bool {
        if let Some(configured) = self.configured_kubernetes() {
            return configured < version;
        }
        let found = self.kubernetes_versions();
        !found.is_empty() && found.iter().all(|it| it.2 < version)
    }
}
