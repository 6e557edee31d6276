//! Which files hold instructions for kustomize.

use super::super::documents::{NOTHING, ReadFile};
use super::super::item::{DocumentKind, Item, is_kustomization_name};
use crate::source::Span;
use crate::yaml::Document;
use crate::yaml::tree::Tree;
use std::sync::Arc;

impl ReadFile {
    /// The instructions for kustomize, if this file is where kustomize looks for them. It reads the first
    /// document only; one that is no YAML, or empty, holds no instructions, but is still meant for kustomize.
    pub(in super::super) fn kustomization(&self) -> Option<(Arc<Document>, DocumentKind)> {
        if !is_kustomization_name(self.file_name()) {
            return None;
        }
        let first = self.documents.first();
        if self.is_empty() || first.is_some_and(|it| it.is_broken) {
            let nothing = Tree::map(Span { source: self.source, start: 0, end: 0 });
            let document = Arc::new(nothing.freeze(self.source, Vec::new()));
            return Some((document, DocumentKind::Kustomization));
        }
        let first = first?;
        let is_one = matches!(first.kind, DocumentKind::Kustomization | DocumentKind::Component);
        first.document.clone().filter(|_| is_one).map(|it| (it, first.kind))
    }

    /// Whether there is nothing but comments and nulls in it.
    fn is_empty(&self) -> bool {
        let is_nothing = |it: &Item| it.content.as_ref().err().is_some_and(|it| NOTHING.contains(&it.as_str()));
        self.documents.iter().all(|it| match &it.document {
            Some(document) => document.root().is_null(),
            None => !it.is_broken && it.items.iter().all(is_nothing),
        })
    }
}
