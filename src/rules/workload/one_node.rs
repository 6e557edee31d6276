//! What ties all pods of a workload to one node, so that a volume of one node is no obstacle to them.

use crate::config::Durability;
use crate::index::{SharedClaim, SingleNode, Workload};
use crate::model::NodePin;
use crate::rule::Context;
use crate::source::Span;

/// Why all pods run on one node, and where that is written, if it is.
pub(super) struct Tie {
    pub(super) reason: String,
    pub(super) span: Option<Span>,
}

/// The tie of a workload's pods to one node, if there is one.
pub(super) fn tie<'a>(workload: &Workload<'a>, claim: &SharedClaim<'a>, cx: &Context<'a>) -> Option<Tie> {
    let index = cx.index();
    let spec = workload.template?.spec()?;
    if let Some(pin) = NodePin::of(spec) {
        return Some(Tie { reason: "its pods name their node".to_owned(), span: Some(pin.at.place(&[pin.key])) });
    }
    if let Some(SingleNode(span)) = index.single_node() {
        return Some(Tie { reason: "the cluster has one node".to_owned(), span });
    }
    let fact = index.claim_fact(claim.object?)?;
    (fact.durability == Some(Durability::NodeLocal)).then_some(Tie { reason: fact.reason, span: fact.span })
}

/// Whether a volume is a folder of a file server, for which nobody checks that one node alone mounts it.
pub(super) fn is_file_share<'a>(claim: &SharedClaim<'a>, cx: &Context<'a>) -> bool {
    let fact = claim.object.and_then(|it| cx.index().claim_fact(it));
    fact.is_some_and(|it| it.durability == Some(Durability::File))
}
