//! What kustomize notes in the objects that it makes.

use crate::yaml::NodeRef;

/// What `buildMetadata` of the root asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four switches of kustomize that depend on nothing")]
pub(super) struct Metadata {
    /// Whether kustomize notes in annotations where objects come from.
    pub(super) traces: bool,
    pub(super) shows_origin: bool,
    pub(super) shows_transformers: bool,
    pub(super) labels: bool,
}

impl Metadata {
    /// Reads the switches of a kustomization.
    pub(super) fn read(root: NodeRef<'_>) -> Metadata {
        let has = |option: &str| root.items_at(&["buildMetadata"]).any(|it| it.text() == option);
        Metadata {
            traces: root.items_at(&["buildMetadata"]).next().is_some(),
            shows_origin: has("originAnnotations"),
            shows_transformers: has("transformerAnnotations"),
            labels: has("managedByLabel"),
        }
    }
}
