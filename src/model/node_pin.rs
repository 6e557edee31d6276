//! The one node that pods may run on, where their specification names it.

use super::node_terms;
use crate::yaml::NodeRef;

/// The label of nodes that holds their name.
pub const HOSTNAME: &str = "kubernetes.io/hostname";

/// A node that a pod's specification names.
#[derive(Clone, Copy, Debug)]
pub struct NodePin<'a> {
    /// What holds the key that names it.
    pub at: NodeRef<'a>,
    /// The key.
    pub key: &'static str,
    /// The node's name.
    pub node: &'a str,
    /// Whether the scheduler is passed over.
    pub is_bound: bool,
}

impl<'a> NodePin<'a> {
    /// The only node that a pod's specification allows, if there is one: `nodeName`, the label of its name, or a
    /// required affinity to it in each of its terms, which are alternatives.
    pub fn of(spec: NodeRef<'a>) -> Option<NodePin<'a>> {
        if let Some(node) = spec.str_at(&["nodeName"]).filter(|it| !it.is_empty()) {
            return Some(NodePin { at: spec, key: "nodeName", node, is_bound: true });
        }
        let selector = spec.at(&["nodeSelector"]);
        if let Some((at, name)) = selector.and_then(|it| Some((it, it.get(HOSTNAME)?))) {
            return Some(NodePin { at, key: HOSTNAME, node: name.text(), is_bound: false });
        }
        let mut pins = node_terms(spec).map(of_term);
        let first = pins.next()??;
        pins.all(|it| it.is_some_and(|it| it.node == first.node)).then_some(first)
    }
}

/// The node that a term of an affinity names; what else the term asks for only makes fewer nodes fit.
fn of_term(term: NodeRef<'_>) -> Option<NodePin<'_>> {
    let labels = term.items_at(&["matchExpressions"]).filter(|it| it.str_at(&["key"]) == Some(HOSTNAME));
    let fields = term.items_at(&["matchFields"]).filter(|it| it.str_at(&["key"]) == Some("metadata.name"));
    labels.chain(fields).find_map(|at| {
        let mut values = at.items_at(&["values"]);
        let (first, second) = (values.next()?, values.next());
        let is_one = at.str_at(&["operator"]) == Some("In") && second.is_none();
        is_one.then_some(NodePin { at, key: "values", node: first.text(), is_bound: false })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::yaml::parse;
    use std::sync::Arc;

    fn node(spec: &str) -> Option<String> {
        let text: Arc<str> = spec.into();
        let document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("is there");
        NodePin::of(document.root()).map(|it| it.node.to_owned())
    }

    fn by_terms(terms: &str) -> Option<String> {
        let required = "requiredDuringSchedulingIgnoredDuringExecution";
        node(&format!("affinity: {{nodeAffinity: {{{required}: {{nodeSelectorTerms: [{terms}]}}}}}}"))
    }

    #[test]
    fn one_node_is_named_in_four_ways() {
        let label = "{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [a]}]}";
        let field = "{matchFields: [{key: metadata.name, operator: In, values: [a]}]}";
        assert_eq!(node("nodeName: a").as_deref(), Some("a"));
        assert_eq!(node("nodeSelector: {kubernetes.io/hostname: a}").as_deref(), Some("a"));
        assert_eq!(by_terms(label).as_deref(), Some("a"));
        assert_eq!(by_terms(field).as_deref(), Some("a"));
        assert_eq!(by_terms(&format!("{label}, {field}")).as_deref(), Some("a"));
    }

    #[test]
    fn several_nodes_are_not_one() {
        let label = |it: &str| format!("{{matchExpressions: [{{key: kubernetes.io/hostname, operator: In, {it}}}]}}");
        assert_eq!(by_terms(&label("values: [a, b]")), None);
        assert_eq!(by_terms(&format!("{}, {}", label("values: [a]"), label("values: [b]"))), None);
        assert_eq!(by_terms(&format!("{}, {{}}", label("values: [a]"))), None);
        assert_eq!(node("nodeName: ''"), None);
        assert_eq!(node("nodeSelector: {disk: fast}"), None);
    }
}
