//! The parts of a document, and what becomes of each.

use super::partial;
use crate::finding::{DocumentOutcome, DocumentStatus, Title};
use crate::model::{Object, Problem, is_known};
use crate::source::Span;
use crate::yaml::{Document, NodeRef};
use std::sync::Arc;

/// An object or other part of a document, and what becomes of it where it is read plainly.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// Its first line.
    pub(super) span: Span,
    /// What it is.
    pub(super) title: Title,
    /// The object, or why there is none.
    pub(super) content: Result<Object, String>,
    /// Why nobody deploys the object as it stands, unless it was named.
    pub(super) patch: Option<&'static str>,
}

impl Item {
    /// A part that is no object.
    pub(super) fn other(span: Span, title: &'static str, reason: impl Into<String>) -> Item {
        Item { span, title: Title::Text(title), content: Err(reason.into()), patch: None }
    }

    /// The object that is deployed where nothing puts it together with others.
    pub(super) fn plain_object(&self) -> Option<&Object> {
        self.content.as_ref().ok().filter(|_| self.patch.is_none())
    }

    /// What becomes of it there.
    pub(super) fn plain_fate(&self) -> DocumentStatus {
        self.patch.map_or_else(|| self.fate(), |it| DocumentStatus::Skipped(it.to_owned()))
    }

    /// What becomes of it where it is deployed, patched or not.
    pub(super) fn fate(&self) -> DocumentStatus {
        match &self.content {
            Ok(object) if is_known(object.group(), object.kind()) => DocumentStatus::Checked,
            Ok(_) => DocumentStatus::Unknown,
            Err(reason) => DocumentStatus::Skipped(reason.clone()),
        }
    }
}

/// What kind of document it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentKind {
    /// Objects, or nothing that is known.
    Plain,
    /// A kustomization.
    Kustomization,
    /// A kustomization that only others can use.
    Component,
    /// A `List`.
    List,
}

/// The parts of a document, and what is wrong with them.
#[derive(Clone, Debug)]
pub(super) struct Classified {
    pub(super) kind: DocumentKind,
    pub(super) items: Vec<Item>,
    pub(super) problems: Vec<Problem>,
}

/// A node as an object, or why it is none.
pub(super) fn item(document: &Arc<Document>, node: NodeRef<'_>, reason: &str) -> Item {
    let span = node.first_line();
    match Object::read(document, node) {
        Some(object) => {
            let (title, patch) = (object.short_title(), partial::why(&object));
            Item { span, title, content: Ok(object), patch }
        }
        None => Item::other(span, "document", reason),
    }
}

/// What becomes of a part of a document where it is deployed as it stands.
pub(super) fn account(item: &Item) -> DocumentOutcome {
    DocumentOutcome { span: item.span, title: item.title.clone(), fate: item.plain_fate() }
}

/// Whether kustomize takes a file of this name for its instructions.
pub fn is_kustomization_name(file_name: &str) -> bool {
    KUSTOMIZATION_NAMES.contains(&file_name)
}

/// The names of kustomize's instructions.
pub(super) const KUSTOMIZATION_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
