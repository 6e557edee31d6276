//! Rules on manifests as such.

pub(super) mod duplicate_object;
pub(super) mod manifest_syntax;
