//! Annotations with orders, for what has no comments: JSON, and what kustomize writes.
//!
//! `ignore.edms-lint.dev/RULE: "until=2027-01-31: reason"`, a key for each rule.

use crate::model::{Object, PodTemplate, WorkloadKind};
use crate::yaml::{Entry, NodeRef};

/// What stands before the rule's id.
pub(super) const PREFIX: &str = "ignore.edms-lint.dev/";

/// The annotations of an object that hold orders, each with the rule's name. Those of a pod template cover the
/// object that makes the pods: it is what findings are about.
pub(super) fn of(object: &Object) -> impl Iterator<Item = (&str, Entry<'_>)> {
    let own = object.node();
    let template = WorkloadKind::of(object).and_then(|it| PodTemplate::of(object, it)).map(PodTemplate::node);
    let template = template.filter(|it| *it != own);
    // What another object of the run made says what that one says.
    let is_own = !object.is_made();
    let annotations = std::iter::once(own)
        .chain(template)
        .filter(move |_| is_own)
        .filter_map(|it| it.at(&["metadata", "annotations"]));
    annotations.flat_map(NodeRef::entries).filter_map(|it| Some((it.key.text().strip_prefix(PREFIX)?, it)))
}
