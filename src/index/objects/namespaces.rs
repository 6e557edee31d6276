//! Whether two objects share a namespace, when manifests often leave it out.

use crate::index::Objects;
use crate::index::lookup::directory::{Directory, Name};
use crate::model::{Object, is_placeholder};

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

/// Whether a text, mostly that of a namespace, is a template placeholder.
pub(in crate::index) fn is_template(text: &str) -> bool {
    is_placeholder(text)
}

impl<'a> Objects<'a> {
    /// What is filed under a name in the namespace of `from`, the surest first.
    pub(in crate::index) fn look_up(
        &self,
        directory: &Directory<'a>,
        from: &Object,
        name: Name<'_>,
    ) -> Vec<&'a Object> {
        let own = from.namespace();
        let is_exact = own.is_some_and(|it| !is_template(it)) && !self.has_template_namespaces;
        let mut found: Vec<&'a Object> =
            if is_exact { directory.in_namespace(own, name) } else { directory.anywhere(name) };
        found.retain(|it| self.nearness(from, it) != Nearness::Different);
        found.sort_by_key(|it| self.nearness(from, it));
        found
    }

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
