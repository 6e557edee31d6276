//! Classes that make all their volumes in one zone.

use crate::model::Object;
use crate::rules::words::is_open;
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::BTreeSet;

/// Parameters of the drivers that were built in.
const PARAMETERS: [&str; 2] = ["zone", "zones"];

/// The one zone to which a class is pinned, and where that is written.
pub(super) fn pinned_zone(class: &Object) -> Option<(&str, Span)> {
    let node = class.node();
    if let Some(topologies) = node.at(&["allowedTopologies"]) {
        let distinct = zones(topologies);
        let is_open = distinct.iter().any(|it| is_open(it));
        let only = distinct.first().filter(|_| distinct.len() == 1 && !is_open)?;
        return Some((only, class.place(&["allowedTopologies"]).span));
    }
    for key in PARAMETERS {
        let Some(value) = node.at(&["parameters"]).and_then(|it| it.get(key)).map(NodeRef::text) else { continue };
        if !value.contains(',') && !is_open(value) {
            return Some((value, class.place(&["parameters", key]).span));
        }
    }
    None
}

/// Whether a zone of a class is a template placeholder.
pub(super) fn has_open_zones(class: &Object) -> bool {
    let (topologies, parameters) = (class.node().at(&["allowedTopologies"]), class.node().at(&["parameters"]));
    let of_parameters = PARAMETERS.iter().filter_map(|it| parameters?.get(it)).map(NodeRef::text);
    topologies.map(zones).unwrap_or_default().into_iter().chain(of_parameters).any(is_open)
}

fn zones(topologies: NodeRef<'_>) -> BTreeSet<&str> {
    let expressions = topologies.items().flat_map(|it| it.items_at(&["matchLabelExpressions"]));
    let of_zones = expressions.filter(|it| it.str_at(&["key"]).is_some_and(|it| it.ends_with("/zone")));
    of_zones.flat_map(|it| it.items_at(&["values"])).map(NodeRef::text).collect()
}
