//! Annotations with orders, for what has no comments: JSON, and what kustomize writes.
//!
//! `ignore.edms-lint.dev/RULE: "until=2027-01-31: reason"`, a key for each rule.

use crate::model::Object;
use crate::yaml::{Entry, NodeRef};

/// What stands before the rule's id.
pub(super) const PREFIX: &str = "ignore.edms-lint.dev/";

/// The annotations of an object that hold orders, each with the rule's name.
pub(super) fn of(object: &Object) -> impl Iterator<Item = (&str, Entry<'_>)> {
    let annotations = object.node().at(&["metadata", "annotations"]);
    annotations.into_iter().flat_map(NodeRef::entries).filter_map(|it| Some((it.key.text().strip_prefix(PREFIX)?, it)))
}
