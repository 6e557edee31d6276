//! Annotations with orders, for what has no comments: JSON, and what kustomize writes.
//!
//! `ignore.edms-lint.dev/RULE: "until=2027-01-31: reason"`, a key for each rule.

use crate::model::{Object, PodTemplate, WorkloadKind};
use crate::yaml::{Entry, NodeRef};

/// What stands before the rule's id.
pub(super) const PREFIX: &str = "ignore.edms-lint.dev/";

/// An annotation that holds an order.
pub(super) struct Annotation<'o> {
    /// The name of the rule.
    pub(super) name: &'o str,
    /// All annotations beside it.
    pub(super) map: NodeRef<'o>,
    /// The annotation.
    pub(super) entry: Entry<'o>,
    /// Whether it stands on a pod template.
    pub(super) is_on_pods: bool,
}

/// The annotations of an object that hold orders. Those of a pod template cover the object that makes the pods: it is
/// what findings are about.
pub(super) fn of(object: &Object) -> impl Iterator<Item = Annotation<'_>> {
    let own = object.node();
    let template = WorkloadKind::of(object).and_then(|it| PodTemplate::of(object, it)).map(PodTemplate::node);
    let template = template.filter(|it| *it != own);
    // What another object of the run made says what that one says.
    let is_own = !object.is_made();
    let maps = std::iter::once((own, false))
        .chain(template.map(|it| (it, true)))
        .filter(move |_| is_own)
        .filter_map(|(node, is_on_pods)| Some((node.at(&["metadata", "annotations"])?, is_on_pods)));
    maps.flat_map(|(map, is_on_pods)| {
        map.entries().filter_map(move |entry| {
            let name = entry.key.text().strip_prefix(PREFIX)?;
            Some(Annotation { name, map, entry, is_on_pods })
        })
    })
}
