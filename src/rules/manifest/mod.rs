//! Rules on manifests as such.

pub(super) mod duplicate_object;
pub(super) mod manifest_duplicate_key;
pub(super) mod manifest_invalid;
pub(super) mod manifest_syntax;
pub(super) mod manifest_unknown_field;
pub(super) mod removed_api_version;
