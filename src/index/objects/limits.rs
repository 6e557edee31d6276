//! What a LimitRange gives to containers that ask for nothing.

use crate::index::Objects;
use crate::model::Object;

impl Objects<'_> {
    /// Whether a LimitRange in the namespace of an object sets `defaultRequest` or `default` of a resource.
    pub fn limit_default(&self, object: &Object, kind: &str, what: &str) -> bool {
        self.of_kind("", "LimitRange")
            .filter(|it| self.nearness(object, it) == crate::index::Nearness::Same)
            .flat_map(|it| it.node().items_at(&["spec", "limits"]))
            .any(|it| it.str_at(&["type"]) == Some("Container") && it.at(&[kind, what]).is_some())
    }
}
