//! Patches of one kustomization that do nothing, or undo each other: kustomize takes them without a word, and the
//! last one counts. Whoever wrote them meant something else, or forgot one of them.

use super::build::Builder;
use super::resource::Resource;
use crate::source::Span;
use crate::yaml::tree::{Content, Tree};
use std::collections::hash_map::Entry;

/// So many are told of one root.
const MOST_TOLD: usize = 20;

/// A field that a patch sets.
struct Setting<'t> {
    path: String,
    span: Span,
    value: &'t str,
}

impl Builder<'_> {
    /// Remembers what a patch of the shape of an object sets in one, and tells what another set before.
    pub(super) fn contest(&mut self, at: usize, resource: &Resource, patch: &Tree) {
        let mut settings = Vec::new();
        gather(patch, String::new(), &mut settings);
        settings
            .retain(|it| !matches!(it.path.as_str(), "apiVersion" | "kind" | "metadata.name" | "metadata.namespace"));
        self.settle(at, resource, settings);
    }

    /// The same of the operations of a JSON patch.
    pub(super) fn contest_operations(&mut self, at: usize, resource: &Resource, operations: &Tree) {
        let mut settings = Vec::new();
        for operation in operations.items() {
            let is_setting = matches!(operation.text_at(&["op"]), Some("add" | "replace"));
            let (Some(path), Some(value)) = (operation.text_at(&["path"]), operation.get("value")) else { continue };
            if is_setting && !path.ends_with("/-") {
                gather(value, path.trim_start_matches('/').replace('/', ".").replace("~1", "/"), &mut settings);
            }
        }
        self.settle(at, resource, settings);
    }

    /// Tells that a patch means nothing that is here. A component is for several kustomizations, not all of which
    /// have what it changes.
    pub(super) fn no_target(&mut self, at: usize, span: Span) {
        if !self.has_unseen && !self.graph.kustomizations[at].is_component {
            let place = self.shown(span);
            self.built.remarks.insert(format!("{place}: no object fits the target, so this patch changes nothing"));
        }
    }

    fn settle(&mut self, at: usize, resource: &Resource, settings: Vec<Setting<'_>>) {
        for Setting { path, span, value } in settings {
            match self.contested.set.entry((at, resource.span(), path)) {
                Entry::Vacant(entry) => _ = entry.insert((span, value.into())),
                Entry::Occupied(mut entry) => {
                    let (before, other) = entry.insert((span, value.into()));
                    if *other == *value || before == span {
                        continue;
                    }
                    let path = entry.key().2.clone();
                    self.contested.told += 1;
                    if self.contested.told <= MOST_TOLD {
                        let (here, there) = (self.shown(span), self.shown(before));
                        let words = format!(
                            "{here}: sets {path} of {}, which {there} sets, too: the later one counts",
                            resource.title()
                        );
                        self.built.remarks.insert(words);
                    } else {
                        self.built
                            .remarks
                            .insert("further fields are set by two patches of one kustomization".to_owned());
                    }
                }
            }
        }
    }

    fn shown(&self, span: Span) -> String {
        format!("{}:{}", self.sources.get(span.source).name(), self.sources.start(span).line)
    }
}

/// The scalars of a patch by their paths. Items of a list are called by their names; others have no path.
fn gather<'t>(tree: &'t Tree, path: String, settings: &mut Vec<Setting<'t>>) {
    match &tree.content {
        Content::Plain(value) | Content::Text(value) => settings.push(Setting { path, span: tree.span, value }),
        Content::Map(entries) => {
            for entry in entries.iter().filter(|it| !it.key.starts_with('$')) {
                let path = if path.is_empty() { entry.key.to_string() } else { format!("{path}.{}", entry.key) };
                gather(&entry.value, path, settings);
            }
        }
        Content::List(items) => {
            for item in items {
                if let Some(name) = item.text_at(&["name"]) {
                    gather(item, format!("{path}[{name}]"), settings);
                }
            }
        }
    }
}
