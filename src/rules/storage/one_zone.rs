//! Classes that make all their volumes in one zone.

use crate::model::Object;
use crate::rules::words::is_open;
use crate::source::Span;
use crate::yaml::NodeRef;
use std::collections::BTreeSet;

/// The one zone to which a class is pinned, and where that is written.
pub(super) fn pinned_zone(class: &Object) -> Option<(&str, Span)> {
    let node = class.node();
    if let Some(topologies) = node.at(&["allowedTopologies"]) {
        let expressions = topologies.items().flat_map(|it| it.items_at(&["matchLabelExpressions"]));
        let of_zones = expressions.filter(|it| it.str_at(&["key"]).is_some_and(|it| it.ends_with("/zone")));
        let values: Vec<NodeRef<'_>> = of_zones.flat_map(|it| it.items_at(&["values"])).collect();
        let distinct: BTreeSet<&str> = values.iter().map(|it| it.text()).collect();
        let is_open = distinct.iter().any(|it| is_open(it));
        let only = distinct.first().filter(|_| distinct.len() == 1 && !is_open)?;
        return Some((only, class.place(&["allowedTopologies"]).span));
    }
    // Parameters of the drivers that were built in.
    for key in ["zone", "zones"] {
        let Some(value) = node.at(&["parameters"]).and_then(|it| it.get(key)).map(NodeRef::text) else { continue };
        if !value.contains(',') && !is_open(value) {
            return Some((value, class.place(&["parameters", key]).span));
        }
    }
    None
}
