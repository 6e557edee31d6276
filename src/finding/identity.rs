//! Which object something is about, without copies of its texts.

use super::Subject;
use super::names::{TypeName, shared_namespace};
use crate::yaml::Document;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// The identity of a written object. It shares its texts, because there are many of them.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The document.
    pub document: Arc<Document>,
    /// Its kind, in a version of a group.
    pub type_name: Arc<TypeName>,
    /// The node of the name, if it has one.
    pub name: Option<NonZeroU32>,
    namespace: Option<Arc<str>>,
}

impl Identity {
    /// The identity of an object in a document: its name stands at a node there.
    pub fn new(
        document: Arc<Document>,
        type_name: Arc<TypeName>,
        name: Option<NonZeroU32>,
        namespace: Option<&str>,
    ) -> Identity {
        Identity { document, type_name, name, namespace: namespace.map(shared_namespace) }
    }

    /// API group, empty for the core group.
    pub fn group(&self) -> &str {
        self.type_name.group()
    }

    /// API version without the group, as in `v1beta2`.
    pub fn version(&self) -> &str {
        self.type_name.version()
    }

    /// Kind.
    pub fn kind(&self) -> &str {
        self.type_name.kind()
    }

    /// The name, empty if there is none.
    pub fn name(&self) -> &str {
        self.name.map_or("", |it| self.document.node(it.get()).text())
    }

    /// The namespace as written.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// What puts identities in order: as their subjects stand.
    pub fn key(&self) -> (&str, &str, Option<&str>, &str) {
        (self.group(), self.kind(), self.namespace(), self.name())
    }

    /// The same with texts of its own.
    pub fn subject(&self) -> Subject {
        Subject {
            group: self.group().to_owned(),
            kind: self.kind().to_owned(),
            namespace: self.namespace().map(str::to_owned),
            name: self.name().to_owned(),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.subject().fmt(f)
    }
}
