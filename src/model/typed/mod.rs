//! Whether an object fits its type: Kubernetes' own types, read from our tree so that errors have places.

mod decode;
mod kinds;
mod literals;

use crate::source::Span;
use crate::yaml::de::ReadError;
use crate::yaml::{NodeRef, Path};
use decode::{Decoder, Gathered};

/// What reading an object into its type showed.
#[derive(Debug, Default)]
pub struct TypedResult {
    /// The first value that does not fit; what stands behind it was not looked at.
    pub error: Option<ReadError>,
    /// The keys that the type does not know, in the order of the file.
    pub unknown_fields: Vec<Unknown>,
}

/// A key that the type of its map does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The key.
    pub key_span: Span,
    /// The way to it from the object.
    pub path: Path,
    /// The key's text.
    pub name: String,
    /// The field that was probably meant.
    pub suggestion: Option<String>,
}

/// Reads the object at `node` as the API server would, or nothing where the kind is not one of
/// Kubernetes' own or the version not one that the compiled-in API serves.
pub fn check(node: NodeRef<'_>, group: &str, version: &str, kind: &str) -> Option<TypedResult> {
    let kind = kinds::find(group, version, kind)?;
    let gathered = Gathered::default();
    let error = (kind.decode)(Decoder::new(node, &gathered)).err().map(|error| error.at(node, None).finish());
    let unknown = gathered.unknown.into_inner();
    let unknown_fields = unknown.into_iter().map(|it| Unknown {
        key_span: it.key.span(),
        path: node.path_to(it.key),
        name: it.key.text().to_owned(),
        suggestion: it.suggestion.map(str::to_owned),
    });
    Some(TypedResult { error, unknown_fields: unknown_fields.collect() })
}
