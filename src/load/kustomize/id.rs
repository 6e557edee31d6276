//! What tells an object from others while kustomize builds.

use super::scope::is_cluster_wide;
use crate::yaml::tree::Tree;

/// The namespace of what has none.
pub(super) const NOWHERE: &str = "_non_namespaceable_";

/// What tells an object from others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Id {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) namespace: Option<String>,
}

impl Id {
    /// The identity that a tree writes down.
    pub(super) fn of(tree: &Tree) -> Id {
        let text = |keys: &[&str]| tree.text_at(keys).unwrap_or_default().to_owned();
        let version = text(&["apiVersion"]);
        let (group, version) = version.split_once('/').unwrap_or(("", &version));
        Id {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: text(&["kind"]),
            name: text(&["metadata", "name"]),
            namespace: Some(text(&["metadata", "namespace"])).filter(|it| !it.is_empty()),
        }
    }

    /// Becomes the identity that a tree writes down, which is most often what it is.
    pub(super) fn follow(&mut self, tree: &Tree) {
        let text = |keys: &[&str]| tree.text_at(keys).unwrap_or_default();
        let version = text(&["apiVersion"]);
        let (group, version) = version.split_once('/').unwrap_or(("", version));
        let parts = [
            (&mut self.group, group),
            (&mut self.version, version),
            (&mut self.kind, text(&["kind"])),
            (&mut self.name, text(&["metadata", "name"])),
        ];
        for (own, text) in parts.into_iter().filter(|it| it.0 != it.1) {
            text.clone_into(own);
        }
        let namespace = Some(text(&["metadata", "namespace"])).filter(|it| !it.is_empty());
        if self.namespace.as_deref() != namespace {
            self.namespace = namespace.map(str::to_owned);
        }
    }

    /// Whether it has no namespace, as far as kustomize knows.
    pub(super) fn is_cluster_wide(&self) -> bool {
        is_cluster_wide(&self.group, &self.version, &self.kind)
    }

    /// The namespace that is compared: none is `default`.
    pub(super) fn place(&self) -> &str {
        if self.is_cluster_wide() { NOWHERE } else { self.namespace.as_deref().unwrap_or("default") }
    }

    /// The same identity with the namespace that is compared.
    pub(super) fn effective(&self) -> Id {
        Id { namespace: Some(self.place().to_owned()), ..self.clone() }
    }
}
