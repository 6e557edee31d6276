//! Which Kubernetes the environment's clusters run, as far as manifests of clusters tell.

use crate::index::Objects;
use crate::model::{Object, Place, Release, release};

impl<'a> Objects<'a> {
    /// The versions of Kubernetes that the environment's clusters are made with, each with its place, in order:
    /// the images of kind's nodes, eksctl's `metadata.version`, Cluster API's `spec.version`.
    pub fn kubernetes_versions(&self) -> Vec<(&'a Object, Place, Release)> {
        let mut found = Vec::new();
        for object in self.of_kind("kind.x-k8s.io", "Cluster") {
            for node in object.node().items_at(&["nodes"]) {
                let tag = node.str_at(&["image"]).and_then(|it| it.rsplit_once(":v"));
                let version = tag.and_then(|it| release(it.1.split('@').next().unwrap_or_default()));
                found.extend(version.map(|it| (object, object.place_in(node, &["image"]), it)));
            }
        }
        let named = [
            ("eksctl.io", "ClusterConfig", &["metadata", "version"] as &[&str]),
            ("controlplane.cluster.x-k8s.io", "KubeadmControlPlane", &["spec", "version"]),
        ];
        for (group, kind, keys) in named {
            for object in self.of_kind(group, kind) {
                let version = object.node().at(keys).and_then(|it| release(it.text()));
                found.extend(version.map(|it| (object, object.place(keys), it)));
            }
        }
        found
    }
}

impl Objects<'_> {
    /// Whether the configuration or the manifests say that every cluster runs an older Kubernetes than this.
    pub fn is_older_than(&self, version: Release) -> bool {
        if let Some((written, _)) = &self.config().cluster.kubernetes {
            return release(written).is_some_and(|it| it < version);
        }
        let found = self.kubernetes_versions();
        !found.is_empty() && found.iter().all(|it| it.2 < version)
    }
}
