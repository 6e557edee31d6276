//! Which files can hold orders: most hold none, and one look at a file tells.

use crate::source::{SourceId, Sources};
use crate::yaml::Document;
use std::collections::HashMap;

/// What every order in a comment begins with, and every annotation that is one holds, misspelt ones too.
pub(super) const MARK: &str = "edms";

/// The files that were looked at.
pub(super) struct MarkedFiles<'s> {
    pub(super) sources: &'s Sources,
    seen: HashMap<SourceId, bool>,
}

impl<'s> MarkedFiles<'s> {
    pub(super) fn new(sources: &'s Sources) -> MarkedFiles<'s> {
        MarkedFiles { sources, seen: HashMap::new() }
    }

    /// Whether a document may hold orders. One that was put together may have them from another file.
    pub(super) fn may_hold_orders(&mut self, document: &Document) -> bool {
        let (sources, source) = (self.sources, document.source());
        let is_marked = self.seen.entry(source).or_insert_with(|| sources.get(source).text().contains(MARK));
        *is_marked || document.is_composed()
    }
}
