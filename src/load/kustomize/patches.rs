//! Patches of a kustomization: found, read, and applied to what they mean.

use super::build::{Builder, Use};
use super::inline::parse_inline;
use super::merge::merge_object;
use super::resource::{Id, Resource};
use super::schema::Schema;
use super::select::Selector;
use super::{Target, json_patch};
use crate::model::Change;
use crate::source::Span;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Comment, Document, NodeRef};
use std::sync::Arc;

/// A patch that was read.
struct Patch<'a> {
    trees: Vec<Tree>,
    /// The comments in its text.
    comments: Vec<Comment>,
    /// Those of the kustomization, if the text stands there.
    around: &'a [Comment],
    /// Where the kustomization names it.
    span: Span,
    /// What it means; without one, a patch says it itself.
    target: Option<Selector>,
    may_rename: bool,
    may_change_kind: bool,
}

impl Builder<'_> {
    /// Applies `patchesStrategicMerge`: paths or texts.
    pub(super) fn strategic_patches(&mut self, at: usize, resources: &mut Vec<Resource>) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        for node in document.root().items_at(&["patchesStrategicMerge"]) {
            let is_text = node.text().contains('\n');
            let read = if is_text { self.inline_patch(node, &document) } else { self.patch_file(at, node) };
            let Some((trees, comments)) = read else { continue };
            let (span, around) = (node.first_line(), if is_text { document.comments() } else { &[] });
            let (may_rename, may_change_kind) = (false, false);
            self.apply(&Patch { trees, comments, around, span, target: None, may_rename, may_change_kind }, resources);
        }
    }

    /// Applies `patches` or `patchesJson6902`.
    pub(super) fn patches(&mut self, at: usize, key: &str, resources: &mut Vec<Resource>) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        for node in document.root().items_at(&[key]) {
            let read = match (node.at(&["path"]), node.at(&["patch"])) {
                (Some(path), None) => self.patch_file(at, path),
                (None, Some(text)) => self.inline_patch(text, &document),
                _ => {
                    self.problem("a patch needs either `path` or `patch`", node.first_line());
                    None
                }
            };
            let Some((trees, comments)) = read else { continue };
            let target = match node.at(&["target"]).map(|it| Selector::read(it).ok_or(it)) {
                None => None,
                Some(Ok(selector)) => Some(selector),
                Some(Err(target)) => {
                    self.problem("the target holds something that is no regular expression", target.first_line());
                    continue;
                }
            };
            let is_file = node.get("path").is_some();
            let span = node.place(&[if is_file { "path" } else { "patch" }]);
            let around = if is_file { &[] } else { document.comments() };
            let may_rename = node.bool_at(&["options", "allowNameChange"]) == Some(true);
            let may_change_kind = node.bool_at(&["options", "allowKindChange"]) == Some(true);
            self.apply(&Patch { trees, comments, around, span, target, may_rename, may_change_kind }, resources);
        }
    }

    fn inline_patch(&mut self, node: NodeRef<'_>, document: &Document) -> Option<(Vec<Tree>, Vec<Comment>)> {
        let text = self.sources.get(document.source()).text();
        match parse_inline(node, text) {
            Ok(read) => Some(read),
            Err(error) => {
                self.problem(format!("the patch is not YAML: {}", error.message), error.span);
                None
            }
        }
    }

    fn patch_file(&mut self, at: usize, node: NodeRef<'_>) -> Option<(Vec<Tree>, Vec<Comment>)> {
        let kustomization = &self.graph.kustomizations[at];
        let file = match self.graph.resolve(kustomization.dir, node.text()) {
            Target::File(file) => file,
            Target::Remote => {
                self.unseen(at, format!("the patch {} is not here", node.text()));
                return None;
            }
            Target::Missing(reason) => {
                self.problem(format!("{}: {reason}", node.text()), node.first_line());
                return None;
            }
            Target::Kustomization(_) | Target::Directory => {
                self.problem(format!("{}: a folder, where a patch is needed", node.text()), node.first_line());
                return None;
            }
        };
        self.built.uses.insert(file, Use::Patch(kustomization.file));
        let read = &self.graph.files[file];
        if read.documents.iter().any(|it| it.document.is_none()) {
            self.built.problems.extend(read.problems.iter().cloned());
        }
        let documents = || read.documents.iter().filter_map(|it| it.document.as_ref());
        let trees = documents().filter_map(|it| Tree::of(it.root())).collect();
        Some((trees, documents().flat_map(|it| it.comments().iter().copied()).collect()))
    }

    /// Applies a patch of either form to what it means.
    fn apply(&mut self, patch: &Patch<'_>, resources: &mut Vec<Resource>) {
        for tree in &patch.trees {
            let meant: Vec<usize> = match &patch.target {
                Some(selector) => (0..resources.len()).filter(|it| selector.matches(&resources[*it])).collect(),
                None if matches!(tree.content, Content::List(_)) => {
                    self.problem("a JSON patch needs a target", patch.span);
                    continue;
                }
                None => {
                    let id = Id::of(tree);
                    let meant: Vec<usize> = (0..resources.len()).filter(|it| is_meant(&id, &resources[*it])).collect();
                    if meant.is_empty() && !self.has_unseen {
                        let message = format!("no object matches the patch of {} {}", id.kind, id.name);
                        self.problem(message, patch.span);
                    }
                    meant
                }
            };
            for it in meant {
                self.apply_to(&mut resources[it], tree, patch);
            }
        }
        resources.retain(|it| !it.is_deleted);
    }

    fn apply_to(&mut self, resource: &mut Resource, tree: &Tree, patch: &Patch<'_>) {
        let Some(mut patched) = resource.edit().map(|it| it.clone()) else {
            self.rigid(resource);
            return;
        };
        if matches!(tree.content, Content::List(_)) {
            match json_patch::apply(&mut patched, tree) {
                Ok(()) => {
                    resource.replace(patched);
                    // Each operation speaks for itself.
                    let changes = tree.items().iter().map(|it| Change { span: it.span, is_object: false });
                    resource.changes.extend(changes);
                }
                Err(refusal) => self.problem(refusal.message, refusal.span),
            }
        } else {
            let schema = Schema::of(&resource.id.group, &resource.id.kind);
            if !merge_object(&mut patched, tree, schema) {
                resource.is_deleted = true;
                self.built.gone.insert(resource.span(), "deleted by a patch");
                return;
            }
            keep_identity(&mut patched, resource, patch);
            resource.replace(patched);
            resource.changes.push(Change { span: tree.span, is_object: true });
        }
        resource.heed(&patch.comments);
        resource.heed(patch.around);
    }
}

/// Whether a patch without a target means this object, under the name that it has or one that it had.
fn is_meant(id: &Id, resource: &Resource) -> bool {
    let names = resource.past.iter().map(|it| (&it.0, &it.1)).chain([(&resource.id.name, &resource.id.namespace)]);
    let is_named = |(name, namespace): (&String, &Option<String>)| {
        *name == id.name && (id.namespace.is_none() || *namespace == id.namespace)
    };
    resource.id.kind == id.kind && resource.id.group == id.group && names.into_iter().any(is_named)
}

/// A patch names its object by kind and name, and by that changes neither, unless it is allowed to.
fn keep_identity(patched: &mut Tree, resource: &mut Resource, patch: &Patch<'_>) {
    let Some(before) = resource.edit() else { return };
    let entry = |tree: &Tree, key: &str| tree.entries().iter().find(|it| &*it.key == key).cloned();
    if !patch.may_change_kind {
        for key in ["apiVersion", "kind"] {
            put_back(patched, entry(before, key), key);
        }
    }
    let metadata = before.get("metadata");
    let was = |key: &str| metadata.and_then(|it| entry(it, key));
    let (name, namespace) = (was("name"), was("namespace"));
    if patched.get("metadata").is_none() {
        let span = patched.span;
        patched.put(TreeEntry::made("metadata", Tree::map(span)));
    }
    let Some(metadata) = patched.get_mut("metadata") else { return };
    if !patch.may_rename {
        put_back(metadata, name, "name");
    }
    put_back(metadata, namespace, "namespace");
}

fn put_back(map: &mut Tree, entry: Option<TreeEntry>, key: &str) {
    match entry {
        Some(entry) => map.put(entry),
        None => drop(map.remove(key)),
    }
}
