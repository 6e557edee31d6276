//! How much a kustomization may make of what is written: small files that copy copies grow without bound.

/// The most objects of a root: kustomizations that use each other twice double with each level.
pub(super) const MAX_OBJECTS: usize = 50_000;
/// The most values that the patches and replacements of a root copy.
pub(super) const MAX_COPIED: usize = 1_000_000;

/// What is said of patches or replacements that copy more.
pub(super) fn too_many_copies(of: &str) -> String {
    format!("the {of} copy more than {MAX_COPIED} values: the rest is not applied")
}
