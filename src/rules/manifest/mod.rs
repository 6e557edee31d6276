//! Rules on manifests as such.

mod duplicate_object;
mod manifest_duplicate_key;
mod manifest_invalid;
mod manifest_syntax;
mod manifest_unknown_field;
mod removed_api_version;

rules! {
    duplicate_object::DuplicateObject,
    manifest_duplicate_key::ManifestDuplicateKey,
    manifest_invalid::ManifestInvalid,
    manifest_syntax::ManifestSyntax,
    manifest_unknown_field::ManifestUnknownField,
    removed_api_version::RemovedApiVersion,
}
