//! Which object something is about, without copies of its texts.

use super::Subject;
use crate::yaml::Document;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

/// The identity of a written object: positions in its document, because there are many of them.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The document.
    pub document: Arc<Document>,
    /// The node of `apiVersion`.
    pub api_version: u32,
    /// The node of `kind`.
    pub kind: u32,
    /// The node of the name, if it has one.
    pub name: Option<NonZeroU32>,
    /// The node of the namespace, if one is written.
    pub namespace: Option<NonZeroU32>,
}

impl Identity {
    fn text(&self, node: u32) -> &str {
        self.document.node(node).text()
    }

    /// API group, empty for the core group.
    pub fn group(&self) -> &str {
        self.text(self.api_version).split_once('/').map_or("", |it| it.0)
    }

    /// API version without the group, as in `v1beta2`.
    pub fn version(&self) -> &str {
        let text = self.text(self.api_version);
        text.split_once('/').map_or(text, |it| it.1)
    }

    /// Kind.
    pub fn kind(&self) -> &str {
        self.text(self.kind)
    }

    /// The name, empty if there is none.
    pub fn name(&self) -> &str {
        self.name.map_or("", |it| self.text(it.get()))
    }

    /// The namespace as written.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.map(|it| self.text(it.get()))
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
