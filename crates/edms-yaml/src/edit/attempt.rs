//! What one attempt edits.

use super::{Editor, TextEdit};
use crate::source::SourceId;

impl Editor<'_> {
    /// The bytes that the last attempt edits, by text and offset; none if it was refused.
    pub fn last_attempt(&self) -> Vec<(SourceId, TextEdit)> {
        let own = self.changes.iter().flat_map(|(source, changes)| {
            let changes = changes.iter().filter(|it| it.attempt >= self.attempts);
            changes.flat_map(|it| it.edits.iter().map(|edit| (*source, edit.clone())))
        });
        let mut edits: Vec<_> = own.collect();
        edits.sort_by_key(|(source, edit)| (*source, edit.range.start));
        edits
    }
}
