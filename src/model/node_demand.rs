//! The labels of nodes that pods ask for, so that others are out of the question.

use super::is_placeholder;
use crate::yaml::NodeRef;

/// A label that nodes must have for a pod.
#[derive(Clone, Copy, Debug)]
pub struct NodeDemand<'a> {
    /// What holds it: the selector's map, or an expression of an affinity.
    pub at: NodeRef<'a>,
    /// The key in that map to point at.
    pub shown: &'a str,
    /// The label.
    pub key: &'a str,
    /// The values that do; none where any does.
    pub values: [Option<&'a str>; 2],
}

impl NodeDemand<'_> {
    /// Whether the label has to have just this value.
    pub fn is_just(&self, value: &str) -> bool {
        self.values[0].is_none_or(|it| it.eq_ignore_ascii_case(value)) && self.values[1].is_none()
    }

    /// Whether a template fills one of its values in.
    pub fn is_open(&self) -> bool {
        self.values.into_iter().flatten().any(is_placeholder)
    }
}

/// The alternatives of a required node affinity in a pod's specification.
pub fn node_terms(spec: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    let keys = ["affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"];
    spec.items_at(&keys)
}

/// A label that fits and that every node which a pod may run on must have: in its `nodeSelector`, or in each of the
/// alternatives of its required affinity.
pub fn node_demand<'a>(spec: NodeRef<'a>, fits: impl Fn(&NodeDemand<'a>) -> bool) -> Option<NodeDemand<'a>> {
    let selector = spec.at(&["nodeSelector"]);
    let of_selector = selector.into_iter().flat_map(move |at| {
        at.entries().map(move |it| {
            let (key, value) = (it.key.text(), it.value.text());
            NodeDemand { at, shown: key, key, values: [Some(value), None] }
        })
    });
    if let Some(found) = of_selector.into_iter().find(|it| fits(it)) {
        return Some(found);
    }
    node_demand_of_terms(node_terms(spec), fits)
}

/// The same of alternatives alone.
pub fn node_demand_of_terms<'a>(
    terms: impl Iterator<Item = NodeRef<'a>>,
    fits: impl Fn(&NodeDemand<'a>) -> bool,
) -> Option<NodeDemand<'a>> {
    let mut demands = terms.map(|term| of_term(term, &fits));
    let first = demands.next()??;
    demands.all(|it| it.is_some()).then_some(first)
}

fn of_term<'a>(term: NodeRef<'a>, fits: &impl Fn(&NodeDemand<'a>) -> bool) -> Option<NodeDemand<'a>> {
    term.items_at(&["matchExpressions"]).find_map(|at| {
        let mut values = at.items_at(&["values"]).map(NodeRef::text);
        let values = match at.str_at(&["operator"])? {
            "In" => [values.next(), values.next()],
            "Exists" => [None, None],
            _ => return None,
        };
        let demand = NodeDemand { at, shown: "key", key: at.str_at(&["key"])?, values };
        fits(&demand).then_some(demand)
    })
}

#[cfg(test)]
mod tests {
    use super::node_demand;
    use crate::source::SourceId;
    use crate::yaml::parse;
    use std::sync::Arc;

    fn asks(spec: &str) -> bool {
        let text: Arc<str> = spec.into();
        let document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("is there");
        node_demand(document.root(), |it| it.key == "disk" && it.is_just("fast")).is_some()
    }

    fn by_terms(terms: &str) -> bool {
        let required = "requiredDuringSchedulingIgnoredDuringExecution";
        asks(&format!("affinity: {{nodeAffinity: {{{required}: {{nodeSelectorTerms: [{terms}]}}}}}}"))
    }

    #[test]
    fn what_every_alternative_asks_for_is_demanded() {
        let term = |values: &str| format!("{{matchExpressions: [{{key: disk, operator: In, values: [{values}]}}]}}");
        assert!(asks("nodeSelector: {disk: fast}"));
        assert!(by_terms(&term("fast")));
        assert!(by_terms("{matchExpressions: [{key: disk, operator: Exists}]}"));
        assert!(!by_terms(&term("fast, slow")));
        assert!(!by_terms(&format!("{}, {}", term("fast"), term("slow"))));
        assert!(!by_terms("{matchExpressions: [{key: disk, operator: NotIn, values: [fast]}]}"));
        assert!(!asks("nodeSelector: {disk: slow}") && !asks("tolerations: [{key: disk}]"));
    }
}
