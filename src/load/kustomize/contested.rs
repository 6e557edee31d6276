//! Patches of one kustomization that do nothing, or undo each other: kustomize takes them without a word, and the
//! last one counts. Whoever wrote them meant something else, or forgot one of them.

use super::resource::Resource;
use crate::source::{Sources, Span};
use crate::yaml::tree::{Content, Tree};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// So many are told of one root.
const MOST_TOLD: usize = 20;

/// A field that a patch sets.
struct Setting<'t> {
    path: String,
    span: Span,
    value: &'t str,
}

/// What the patches of each kustomization of a root set.
#[derive(Default)]
pub(super) struct Contested {
    /// By kustomization, object and field: where it was set, and to what.
    set: HashMap<(usize, Span, String), (Span, Box<str>)>,
    told: usize,
}

impl Contested {
    /// Remembers what a patch of the shape of an object sets in one. Returns what is to be said of fields that another
    /// patch of the same kustomization (`at`) set before.
    pub(super) fn patch(&mut self, sources: &Sources, at: usize, resource: &Resource, patch: &Tree) -> Vec<String> {
        let mut settings = Vec::new();
        gather(patch, String::new(), &mut settings);
        settings
            .retain(|it| !matches!(it.path.as_str(), "apiVersion" | "kind" | "metadata.name" | "metadata.namespace"));
        self.settle(sources, at, resource, settings)
    }

    /// The same of the operations of a JSON patch.
    pub(super) fn operations(&mut self, sources: &Sources, at: usize, resource: &Resource, all: &Tree) -> Vec<String> {
        let mut settings = Vec::new();
        for operation in all.items() {
            let is_setting = matches!(operation.text_at(&["op"]), Some("add" | "replace"));
            let (Some(path), Some(value)) = (operation.text_at(&["path"]), operation.get("value")) else { continue };
            if is_setting && !path.ends_with("/-") {
                gather(value, path.trim_start_matches('/').replace('/', ".").replace("~1", "/"), &mut settings);
            }
        }
        self.settle(sources, at, resource, settings)
    }

    fn settle(&mut self, sources: &Sources, at: usize, resource: &Resource, all: Vec<Setting<'_>>) -> Vec<String> {
        let mut remarks = Vec::new();
        for Setting { path, span, value } in all {
            let mut entry = match self.set.entry((at, resource.span(), path)) {
                Entry::Occupied(entry) => entry,
                Entry::Vacant(entry) => {
                    entry.insert((span, value.into()));
                    continue;
                }
            };
            let (before, other) = entry.insert((span, value.into()));
            if *other == *value || before == span {
                continue;
            }
            self.told += 1;
            if self.told > MOST_TOLD {
                remarks.push("further fields are set by two patches of one kustomization".to_owned());
                continue;
            }
            let (here, there, title) = (shown(sources, span), shown(sources, before), resource.title());
            let path = &entry.key().2;
            remarks.push(format!("{here}: sets {path} of {title}, which {there} sets, too: the later one counts"));
        }
        remarks
    }
}

/// The file and line of a patch.
pub(super) fn shown(sources: &Sources, span: Span) -> String {
    format!("{}:{}", sources.get(span.source).name(), sources.start(span).line)
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
