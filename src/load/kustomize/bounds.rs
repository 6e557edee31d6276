//! What the instructions of a root may cost: patches copy the objects that they change, which may grow with every one, and
//! texts are copied into many objects.

use super::build::Builder;
use super::limits::{BYTES, MAX_COPIED, SHORT, too_many_copies};
use super::resource::Resource;
use crate::source::Span;

/// No more values than this are copied by the patches of a root.
pub(super) const MAX_CLONED: usize = 20_000_000;

impl Builder<'_> {
    /// Whether a patch may still change an object. What the first one that may not would change is told there, and
    /// nobody knows what becomes of the objects of this one and of those behind it.
    pub(super) fn may_change(&mut self, resource: &mut Resource, span: Span) -> bool {
        let is_first = self.cloned <= MAX_CLONED;
        if is_first {
            self.cloned = self.cloned.saturating_add(resource.edit().map_or(0, |it| it.size()));
        }
        if self.cloned <= MAX_CLONED {
            return true;
        }
        resource.is_open = true;
        if is_first {
            let most = MAX_CLONED / 1_000_000;
            let message = format!(
                "patches up to here copy more than {most} million values: this one and the rest are not applied"
            );
            self.problem_with_help(message, span, Some("put the values into the object itself".to_owned()));
        }
        false
    }

    /// Counts what is copied.
    ///
    /// # Errors
    /// What is to be said once that is too much.
    pub(super) fn spend(&mut self, of: &str, weight: usize) -> Result<(), String> {
        self.copied = self.copied.saturating_add(weight);
        if self.has_spent_all() { Err(too_many_copies(of)) } else { Ok(()) }
    }

    /// Counts texts that are put into each of so many objects.
    ///
    /// # Errors
    /// What is to be said once that is too much.
    pub(super) fn spend_text(&mut self, of: &str, bytes: usize, objects: usize) -> Result<(), String> {
        if bytes < SHORT { Ok(()) } else { self.spend(of, (bytes / BYTES).saturating_mul(objects)) }
    }

    /// Whether too much was copied, which was told then.
    pub(super) fn has_spent_all(&self) -> bool {
        self.copied > MAX_COPIED
    }
}
