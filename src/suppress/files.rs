//! Which files can hold orders: most hold none, and one look at a file tells.

use crate::source::Sources;
use crate::yaml::Document;
use std::sync::OnceLock;

/// What every order in a comment begins with, and every annotation that is one holds, misspelt ones too.
pub(super) const MARK: &str = "edms";

/// The files of a run, each of which is looked at once.
pub(crate) struct MarkedFiles<'s> {
    pub(super) sources: &'s Sources,
    seen: Box<[OnceLock<bool>]>,
}

impl<'s> MarkedFiles<'s> {
    pub(crate) fn new(sources: &'s Sources) -> MarkedFiles<'s> {
        MarkedFiles { sources, seen: sources.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Whether a document may hold orders. One that was put together may have them from another file.
    pub(super) fn may_hold_orders(&self, document: &Document) -> bool {
        let source = document.source();
        let look = || self.sources.get(source).text().contains(MARK);
        document.is_composed() || self.seen.get(source.0 as usize).map_or_else(look, |it| *it.get_or_init(look))
    }
}
