//! What ties all pods of a workload to one node, so that a volume of one node is no obstacle to them.

use crate::config::Durability;
use crate::index::{SharedClaim, SingleNode, Workload};
use crate::rule::Context;
use crate::source::Span;
use crate::yaml::NodeRef;

const HOSTNAME: &str = "kubernetes.io/hostname";

/// Why all pods run on one node, and where that is written, if it is.
pub(super) struct Tie {
    pub(super) reason: String,
    pub(super) span: Option<Span>,
}

/// The tie of a workload's pods to one node, if there is one.
pub(super) fn tie<'a>(workload: &Workload<'a>, claim: &SharedClaim<'a>, cx: &Context<'a>) -> Option<Tie> {
    let index = cx.index();
    let spec = workload.template?.spec()?;
    if let Some(span) = named_node(spec) {
        return Some(Tie { reason: "its pods name their node".to_owned(), span: Some(span) });
    }
    if let Some(SingleNode(span)) = index.single_node() {
        return Some(Tie { reason: "the cluster has one node".to_owned(), span });
    }
    let fact = index.claim_fact(claim.object?)?;
    (fact.durability == Some(Durability::NodeLocal)).then_some(Tie { reason: fact.reason, span: fact.span })
}

/// Where a pod's specification names the one node that it may run on.
fn named_node(spec: NodeRef<'_>) -> Option<Span> {
    if spec.at(&["nodeName"]).is_some() {
        return Some(spec.place(&["nodeName"]));
    }
    if spec.at(&["nodeSelector", HOSTNAME]).is_some() {
        return Some(spec.place(&["nodeSelector", HOSTNAME]));
    }
    let keys = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
    let mut terms = spec.items_at(&keys);
    // Each further term is another node that would do.
    let term = terms.next().filter(|_| terms.next().is_none())?;
    let mut expressions = term.items_at(&["matchExpressions"]);
    let names_one = |it: &NodeRef<'_>| {
        it.str_at(&["key"]) == Some(HOSTNAME)
            && it.str_at(&["operator"]) == Some("In")
            && it.items_at(&["values"]).count() == 1
    };
    expressions.find(names_one).map(|it| it.place(&["values"]))
}

/// Whether a volume is a folder of a file server, for which nobody checks that one node alone mounts it.
pub(super) fn is_file_share<'a>(claim: &SharedClaim<'a>, cx: &Context<'a>) -> bool {
    let fact = claim.object.and_then(|it| cx.index().claim_fact(it));
    fact.is_some_and(|it| it.durability == Some(Durability::File))
}
