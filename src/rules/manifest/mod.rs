//! Rules on manifests as such.

mod duplicate_object;
mod invalid_suppression;
mod manifest_duplicate_key;
mod manifest_invalid;
mod manifest_syntax;
mod manifest_unknown_field;
mod removed_api_version;
mod trial;
mod unused_suppression;

pub(crate) use invalid_suppression::EXPIRED;
pub(crate) use unused_suppression::BASELINE;

rules! {
    duplicate_object::DuplicateObject,
    invalid_suppression::InvalidSuppression,
    manifest_duplicate_key::ManifestDuplicateKey,
    manifest_invalid::ManifestInvalid,
    manifest_syntax::ManifestSyntax,
    manifest_unknown_field::ManifestUnknownField,
    removed_api_version::RemovedApiVersion,
    unused_suppression::UnusedSuppression,
}
