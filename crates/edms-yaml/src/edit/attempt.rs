//! What one attempt edits.

use super::{Editor, TextEdit};
use crate::source::SourceId;

impl Editor<'_> {
    /// The bytes that the last attempt edits, by text and offset; none if it was refused.
    pub fn last_attempt(&self) -> Vec<(SourceId, TextEdit)> {
        let recent = self.recent.iter().filter_map(|source| Some((*source, self.changes.get(source)?)));
        let own = recent.flat_map(|(source, changes)| {
            let changes = changes.since(self.outermost).filter(|it| it.attempt >= self.attempts);
            changes.flat_map(move |it| it.edits.iter().map(move |edit| (source, edit.clone())))
        });
        let mut edits: Vec<_> = own.collect();
        edits.sort_by_key(|(source, edit)| (*source, edit.range.start));
        edits
    }
}
