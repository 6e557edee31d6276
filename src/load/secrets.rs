//! The values of Secrets, which no report shows.

use super::documents::ReadFile;
use crate::model::Object;
use crate::source::Span;
use crate::yaml::NodeRef;

/// Where an object keeps a copy of itself as it was applied.
const COPY: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Where the values of a file's Secrets stand, and the copies of them.
pub(super) fn values(file: &ReadFile) -> Vec<Span> {
    let objects = file.items().filter_map(|it| it.content.as_ref().ok());
    objects.filter(|it| it.is("", "Secret")).flat_map(of_secret).collect()
}

fn of_secret(secret: &Object) -> Vec<Span> {
    let node = secret.node();
    let mut values = Vec::new();
    // A key that stands twice has two values, one of which nobody reads.
    let entries = node.written_entries().filter(|it| matches!(it.name(), "data" | "stringData"));
    for map in entries.map(|it| it.value) {
        if map.is_map() {
            values.extend(map.written_entries().map(|it| it.value.span()));
        } else {
            values.push(map.span());
        }
    }
    values.extend(node.at(&["metadata", "annotations", COPY]).map(NodeRef::span));
    values
}
