//! Files that a kustomization names besides its resources, within the bounds that kustomize sets, and what those
//! say that configure transformers and describe types.

use super::super::text::MAX_BYTES;
use super::build::{Builder, Use};
use super::config::Config;
use super::{Refusal, Target, check, crds, locate};
use crate::source::Span;
use crate::yaml::{Document, NodeRef};
use std::sync::Arc;

impl Builder<'_> {
    /// The documents of a file that a kustomization names. None, and a problem, if there are none to read.
    pub(super) fn documents(&mut self, at: usize, node: NodeRef<'_>) -> Option<Vec<Arc<Document>>> {
        self.documents_as(at, node, Use::Configuration(self.graph.kustomizations[at].file))
    }

    /// The same; `usage` is what the file is to the root.
    pub(super) fn documents_as(&mut self, at: usize, node: NodeRef<'_>, usage: Use) -> Option<Vec<Arc<Document>>> {
        let (text, span) = (node.text(), node.first_line());
        let file = match self.graph.resolve(self.graph.kustomizations[at].dir, text) {
            Target::File(file) => file,
            Target::Remote => {
                self.unseen(at, format!("{text} is not here, and what it changes is not seen"));
                return None;
            }
            Target::Missing(reason) => {
                self.problem(format!("{text}: {reason}"), span);
                return None;
            }
            Target::Kustomization(_) | Target::Directory => {
                self.problem(format!("{text}: a folder, where a file is needed"), span);
                return None;
            }
        };
        self.keep_inside(at, &self.graph.files[file].real, text, span);
        self.built.uses.insert(file, usage);
        let read = &self.graph.files[file];
        if read.documents.iter().any(|it| it.is_broken) {
            let first = read.problems.first().map_or("it cannot be read", |it| it.message.as_str());
            self.built.refusal.get_or_insert_with(|| format!("{}: {first}", read.name));
            self.built.problems.extend(read.problems.iter().cloned());
        }
        let documents = read.documents.iter().filter_map(|it| it.document.clone());
        Some(documents.filter(|it| !it.root().is_null()).collect())
    }

    /// Reads what a kustomization says of transformers.
    pub(super) fn configure(&mut self, at: usize, root: NodeRef<'_>, config: &mut Arc<Config>) {
        for key in ["configurations", "crds"] {
            for node in root.items_at(&[key]) {
                let file = self.graph.kustomizations[at].file;
                for document in self.documents_as(at, node, Use::Configuration(file)).unwrap_or_default() {
                    let read = if key == "crds" {
                        crds::read(document.root())
                    } else {
                        check::configuration(&document).map(|it| Config::read(it.root()))
                    };
                    let merged = read.and_then(|it| Arc::make_mut(config).merge(&it));
                    merged.unwrap_or_else(|message| self.problem(message, node.first_line()));
                }
            }
        }
    }

    /// Reads the description of types; the first one counts.
    pub(super) fn describe(&mut self, at: usize, root: NodeRef<'_>) {
        let Some(openapi) = root.get("openapi") else { return };
        if let Some(version) = openapi.get("version").filter(|it| it.text() != "v1.21.2") {
            self.problem("kustomize brings no description of this version", version.first_line());
        }
        let Some(path) = openapi.get("path").filter(|_| !self.types.are_described()) else { return };
        let file = self.graph.kustomizations[at].file;
        let mut documents = self.documents_as(at, path, Use::Configuration(file)).unwrap_or_default();
        self.types.describe(documents.drain(..).next());
    }

    /// The bytes of a file that a kustomization names.
    pub(super) fn load(&self, at: usize, text: &str, span: Span) -> Result<Vec<u8>, Refusal> {
        let refuse = |reason: &str| Err(Refusal { message: format!("{text}: {reason}"), span });
        let dir = self.graph.kustomizations[at].dir;
        let Some(real) = locate(self.graph.store, dir, text) else { return refuse("there is no such file") };
        match self.graph.store.read(&real) {
            Ok(bytes) if bytes.len() as u64 > MAX_BYTES => refuse("too large to be read"),
            Ok(bytes) => Ok(bytes),
            Err(_) => refuse("it cannot be read"),
        }
    }

    /// Tells of an entry that leads to nothing that can be used.
    pub(super) fn refuse(&mut self, at: usize, text: &str, span: Span, target: &Target) {
        match target {
            Target::Remote => self.unseen(at, format!("{text} is not here, and what it holds is not seen")),
            Target::Missing(reason) => self.problem(format!("{text}: {reason}"), span),
            Target::Directory => self.problem(format!("{text}: a folder without a kustomization"), span),
            Target::File(_) | Target::Kustomization(_) => {
                self.problem(format!("{text}: a file, where a folder is needed"), span);
            }
        }
        // What is missing may hold what patches and references mean; one story is enough.
        self.has_unseen = true;
    }
}
