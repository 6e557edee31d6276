//! Whether two objects share a namespace, when manifests often leave it out.

use super::Objects;
use crate::model::{Object, is_placeholder};
use std::collections::BTreeSet;

/// What is known of two objects' namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// They are in the same namespace.
    Same,
    /// They may be: it satisfies a reference, and never violates one.
    Unknown,
    /// They are not.
    Different,
}

/// Whether a text, mostly that of a namespace, is filled in later.
pub(in crate::index) fn is_template(text: &str) -> bool {
    is_placeholder(text)
}

/// The only namespace that the objects of an environment write, if there is just one.
pub(super) fn only_namespace(objects: &[Object]) -> Option<&str> {
    let written: BTreeSet<&str> = objects.iter().filter_map(Object::namespace).collect();
    if written.len() == 1 { written.into_iter().next() } else { None }
}

impl Objects<'_> {
    /// Relates the namespaces of two objects of this environment.
    pub fn nearness(&self, one: &Object, other: &Object) -> Nearness {
        match (one.namespace(), other.namespace()) {
            (Some(a), Some(b)) if a == b => Nearness::Same,
            (Some(a), Some(b)) if is_template(a) || is_template(b) => Nearness::Unknown,
            (Some(_), Some(_)) => Nearness::Different,
            (None, None) => Nearness::Same,
            (Some(written), None) => self.absent_against(written, one, other),
            (None, Some(written)) => self.absent_against(written, other, one),
        }
    }

    /// Relates an object without a namespace to one that writes it.
    fn absent_against(&self, written: &str, writer: &Object, silent: &Object) -> Nearness {
        let is_default = written == "default" && !silent.is_governed;
        let is_only = self.only_namespace == Some(written);
        if is_default || is_only || self.folder(writer) == self.folder(silent) {
            Nearness::Same
        } else {
            Nearness::Unknown
        }
    }
}
