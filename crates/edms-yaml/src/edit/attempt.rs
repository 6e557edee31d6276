//! What one attempt edits.

use super::finish::in_order;
use super::{Editor, TextEdit};
use crate::source::SourceId;
use std::collections::BTreeSet;

impl Editor<'_> {
    /// The bytes that the last attempt edits, by text and offset, in the order in which they come into the text; none if
    /// it was refused.
    pub fn last_attempt(&self) -> Vec<(SourceId, TextEdit)> {
        let recent: BTreeSet<SourceId> = self.recent.iter().copied().collect();
        let mut edits = Vec::new();
        for source in recent {
            let Some(changes) = self.changes.get(&source) else { continue };
            let own = changes.since(self.outermost).filter(|it| it.attempt >= self.attempts);
            edits.extend(in_order(own).into_iter().map(|it| (source, it)));
        }
        edits
    }
}
