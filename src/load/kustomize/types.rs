//! The types that kustomize knows while it builds a root: its own, and those that a file of `openapi` describes.
//!
//! From `kyaml/openapi`: a file takes the place of kustomize's own types, unless those were needed before it came.

use super::id::Id;
use super::schema::Schema;
use crate::model::typed::is_served;
use crate::yaml::Document;
use std::sync::Arc;

/// What kustomize had read of its own types before a file described some.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Own {
    #[default]
    Unread,
    /// It noted that it needs them, and reads them behind the file.
    Due,
    Read,
}

/// The types that are known.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// The first file that a kustomization names.
    described: Option<Arc<Document>>,
    own: Own,
}

impl Types {
    /// Whether a file described types.
    pub(super) fn are_described(&self) -> bool {
        self.described.is_some()
    }

    /// Takes what a file describes; the first one counts.
    pub(super) fn describe(&mut self, document: Option<Arc<Document>>) {
        if self.described.is_none() {
            self.described = document;
        }
    }

    /// Takes in what was met elsewhere, where no file described types.
    pub(super) fn join(&mut self, other: &Types) {
        if self.described.is_none() {
            self.own = self.own.max(other.own);
        }
    }

    /// Notes that an object came: where its type is not known, kustomize wants to know whether it has a namespace.
    pub(super) fn meet(&mut self, id: &Id) {
        if matches!(Schema::of(&id.group, &id.version, &id.kind), Schema::Unknown) {
            self.meet_unknown();
        }
    }

    /// Notes that an object came whose type is not among Kubernetes' own.
    pub(super) fn meet_unknown(&mut self) {
        if self.described.is_none() {
            self.own = self.own.max(Own::Due);
        }
    }

    /// The type of an object that a patch is merged into. Where that is not known, the one that the patch names counts.
    pub(super) fn of_merge(&mut self, object: &Id, patch: &Id) -> Schema<'_> {
        if self.described.is_none() {
            self.own = Own::Read;
        }
        let schema = self.of(object);
        if is_known(object, schema) { schema } else { self.of(patch) }
    }

    fn of(&self, id: &Id) -> Schema<'_> {
        let own = Schema::of(&id.group, &id.version, &id.kind);
        let Some(definitions) = self.described.as_ref().and_then(|it| it.root().get("definitions")) else { return own };
        let described = Schema::described(definitions, &id.group, &id.version, &id.kind);
        match self.own {
            Own::Unread => described.unwrap_or(Schema::Unknown),
            Own::Due if is_known(id, own) => own,
            Own::Due | Own::Read => described.unwrap_or(own),
        }
    }
}

fn is_known(id: &Id, schema: Schema<'_>) -> bool {
    match schema {
        Schema::Unknown => false,
        Schema::Object => is_served(&id.group, &id.version, &id.kind),
        _ => true,
    }
}
