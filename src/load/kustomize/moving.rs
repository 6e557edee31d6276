//! Puts objects into other namespaces without trees of their own.

use super::moved::{Moved, Templates};
use super::resource::Resource;
use crate::model::Object;
use crate::yaml::Alike;
use crate::yaml::tree::TreeEntry;
use std::sync::Arc;

impl Resource {
    /// Puts the object into a namespace, without a tree of its own, if nothing of it was changed yet and nothing else tells
    /// its namespace.
    pub(super) fn move_to(&mut self, entry: &Arc<TreeEntry>, templates: &Templates, alike: &Alike) -> bool {
        let Some(written) = self.as_written().filter(|it| it.is_named && self.moved.is_none()) else { return false };
        let Some(namespace) = entry.value.scalar() else { return false };
        let Some(template) = templates.of(written, entry, alike) else { return false };
        let Some(moved) = Moved::new(&template, entry) else { return false };
        self.id.namespace = Some(namespace.to_owned());
        self.moved = Some(moved);
        true
    }

    /// The object in its file, where it was moved and nothing else.
    pub(super) fn only_moved(&self) -> Option<&Object> {
        self.as_written().filter(|_| self.moved.is_some())
    }
}
