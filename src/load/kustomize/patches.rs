//! Patches of a kustomization: found, read, and applied to what they mean.

use super::build::{Builder, Use};
use super::contested::shown;
use super::id::Id;
use super::identity::Identity;
use super::inline::parse_inline;
use super::limits::length_of;
use super::merge::{DIRECTIVE, merge_object};
use super::resource::Resource;
use super::resources::Resources;
use super::respell::texts;
use super::schema::ListMerge;
use super::select::Selector;
use super::undo::Done;
use super::{Refusal, Target, json_patch, removed, sure};
use crate::model::Change;
use crate::source::Span;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use crate::yaml::{Comment, Document, NodeRef};
use std::collections::HashSet;

/// The texts of a patch.
type Texts = (Vec<Tree>, Vec<Comment>);

/// A patch that was read.
struct Patch<'a> {
    /// The kustomization that names it.
    at: usize,
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
    /// Whether it is one of `patchesJson6902`, before which kustomize notes no name, or of
    /// `patchesStrategicMerge`, of which it makes a copy.
    is_old: bool,
}

impl Builder<'_> {
    /// Applies an entry of `patchesStrategicMerge`: a path or a text.
    pub(super) fn strategic_patch(&mut self, at: usize, node: NodeRef<'_>, resources: &mut Resources) {
        let is_text = node.text().contains('\n') || node.text().trim_start().starts_with('{');
        let read =
            if is_text { self.inline_patch(node, node.text()) } else { self.patch_file(at, node, None, resources) };
        let Some((trees, comments)) = read else { return };
        let patch = Patch {
            at,
            trees,
            comments,
            around: if is_text { node.document().comments() } else { &[] },
            span: node.first_line(),
            target: None,
            may_rename: false,
            may_change_kind: false,
            is_old: true,
        };
        self.apply(&patch, resources);
    }

    /// Applies an entry of `patches` or `patchesJson6902`; `text` is the key of a patch that stands there.
    pub(super) fn patch(&mut self, at: usize, node: NodeRef<'_>, is_old_json: bool, resources: &mut Resources) {
        if !node.is_map() && !node.is_null() {
            return; // That it is no map is told already.
        }
        let target = node.get("target").filter(|it| !it.is_null());
        let selector = match target.map(|it| Selector::read(it).ok_or(it)) {
            None => None,
            Some(Ok(selector)) => Some(selector),
            Some(Err(target)) => {
                return self.problem("the target holds something that is no regular expression", target.first_line());
            }
        };
        if is_old_json && target.is_none_or(|it| it.get("name").is_none_or(|it| it.text().is_empty())) {
            return self.problem("the target of a JSON patch needs a name", node.first_line());
        }
        let given = |key: &str| node.get(key).filter(|it| !it.text().trim().is_empty());
        let text = given("patch").or_else(|| given("jsonOp"));
        let read = match (given("path"), text) {
            (Some(path), None) => self.patch_file(at, path, selector.as_ref(), resources),
            (None, Some(text)) if is_old_json => self.inline_patch(text, text.text()),
            (None, Some(text)) => self.inline_patch(text, text.text().trim_end()),
            _ => return self.problem("a patch needs either `path` or `patch`", node.first_line()),
        };
        let Some((trees, comments)) = read else { return };
        let is_file = given("path").is_some();
        let span = node.place(&[if is_file { "path" } else { "patch" }]);
        let around = if is_file { &[] } else { node.document().comments() };
        let option = |key: &'static str| node.bool_at(&["options", key]) == Some(true);
        let (may_rename, may_change_kind) = (option("allowNameChange"), option("allowKindChange"));
        let patch = Patch {
            at,
            trees,
            comments,
            around,
            span,
            target: selector,
            may_rename,
            may_change_kind,
            is_old: is_old_json,
        };
        self.apply(&patch, resources);
    }

    fn inline_patch(&mut self, node: NodeRef<'_>, written: &str) -> Option<Texts> {
        let document: &Document = node.document();
        if !is_json_if_it_must(written) {
            self.problem(NOT_JSON, node.first_line());
            return None;
        }
        let text = self.sources.get(document.source()).text();
        match parse_inline(node, written, text) {
            Ok(read) => Some(read),
            Err(error) => {
                self.problem(format!("the patch is not YAML: {}", error.message), error.span);
                None
            }
        }
    }

    /// The documents of a patch in a file. Where they are not here, what they may change is unknown.
    fn patch_file(
        &mut self,
        at: usize,
        node: NodeRef<'_>,
        target: Option<&Selector>,
        resources: &mut Resources,
    ) -> Option<Texts> {
        let kustomization = &self.graph.kustomizations[at];
        if self.graph.resolve(kustomization.dir, node.text()) == Target::Remote {
            let meant = match target {
                Some(target) => target.meant(resources),
                None => resources.there(),
            };
            for at in meant {
                resources.one(at).is_open = true;
            }
            self.remark(at, &format!("what the patch {} changes is not seen: it is not here", node.text()));
            return None;
        }
        let documents = self.documents(at, node)?;
        if let Target::File(file) = self.graph.resolve(kustomization.dir, node.text()) {
            self.built.uses.insert(file, Use::Patch(kustomization.file));
        }
        let source = documents.first().map(|it| self.sources.get(it.source()).text());
        if !source.is_none_or(|it| is_json_if_it_must(it)) {
            self.problem(NOT_JSON, node.first_line());
            return None;
        }
        let trees = documents.iter().filter_map(|it| Tree::of(it.root())).collect();
        Some((trees, documents.iter().flat_map(|it| it.comments().iter().copied()).collect()))
    }

    /// Applies a patch of either form to what it means.
    fn apply(&mut self, patch: &Patch<'_>, resources: &mut Resources) {
        let trees: Vec<&Tree> = patch.trees.iter().filter(|it| !it.is_null()).collect();
        let result = match trees.as_slice() {
            [] => Ok(()),
            [first, ..] if matches!(first.content, Content::List(_)) => self.apply_json(patch, first, resources),
            _ if patch.is_old && patch.target.is_some() => {
                Err(Refusal { message: "no list of operations".to_owned(), span: patch.span })
            }
            trees => self.apply_strategic(patch, trees, resources),
        };
        if let Err(refusal) = result {
            self.refused(refusal);
        }
    }

    /// Takes out what patches have deleted.
    pub(super) fn sweep(&mut self, resources: &mut Resources) {
        if resources.iter().any(|it| it.is_deleted) {
            let deleted = resources.iter().filter(|it| it.is_deleted);
            self.built.gone.extend(deleted.map(|it| (it.span(), "deleted by a patch")));
            resources.retain(|it| !it.is_deleted);
        }
    }

    fn apply_json(&mut self, patch: &Patch<'_>, tree: &Tree, resources: &mut Resources) -> Result<(), Refusal> {
        let Some(target) = &patch.target else {
            return Err(Refusal { message: "a JSON patch needs a target".to_owned(), span: patch.span });
        };
        if !self.may_compare(target.compared(resources), patch.span) {
            return Ok(());
        }
        let meant = target.meant(resources);
        if meant.is_empty() {
            self.no_target(patch.at, patch.span);
        }
        let bytes = length_of(tree);
        for at in meant {
            let resource = resources.one(at);
            if !self.may_change("patches", resource, patch.span) {
                continue;
            }
            self.spend_text("patches", bytes, 1).map_err(|message| Refusal { message, span: patch.span })?;
            if !patch.is_old {
                resource.remember();
            }
            if let Some(broken) = resource.broken() {
                return Err(broken);
            }
            let has_notes = resource.has_notes();
            let Some(patched) = resource.edit() else {
                self.rigid(resource);
                continue;
            };
            // kustomize's own annotations are there.
            let mut done = if has_notes { make_annotations(patched) } else { Done::default() };
            let removals = removed::removals(patched, tree);
            let result = json_patch::apply(patched, tree, &mut self.copies, &mut done);
            if let Err(refusal) = result {
                done.undo(patched);
                return Err(refusal);
            }
            resource.identify();
            resource.separate();
            resource.forget_tags();
            self.built.remarks.extend(self.contested.operations(self.sources, patch.at, resource, tree));
            // Each operation stands for itself.
            let changes = tree.items().iter().map(|it| Change { span: it.span, is_object: false });
            resource.changes.extend(changes);
            resource.removals.extend(removals);
            resource.heed(&patch.comments);
            resource.heed(patch.around);
        }
        Ok(())
    }

    fn apply_strategic(
        &mut self,
        patch: &Patch<'_>,
        trees: &[&Tree],
        resources: &mut Resources,
    ) -> Result<(), Refusal> {
        let refuse = |message: String| Err(Refusal { message, span: patch.span });
        for tree in trees {
            let id = Id::of(tree);
            self.types.meet(&id);
            let Id { kind, name, .. } = id;
            if kind.is_empty() || name.is_empty() {
                let missing = if kind.is_empty() { "kind" } else { "metadata.name" };
                return refuse(format!("the patch has no {missing}, which kustomize asks for"));
            }
        }
        if let Some(target) = &patch.target {
            let [tree] = trees else {
                return refuse("a patch with a target may have but one document".to_owned());
            };
            if !self.may_compare(target.compared(resources), patch.span) {
                return Ok(());
            }
            let tree = targeted(tree);
            let meant = target.meant(resources);
            if meant.is_empty() {
                self.no_target(patch.at, patch.span);
            }
            let mut is_other = false;
            for at in meant {
                let before = resources[at].id.clone();
                self.merge(resources.one(at), &tree, patch)?;
                is_other |= resources[at].id != before;
            }
            return if is_other { unique(resources, patch.span) } else { Ok(()) };
        }
        for tree in trees {
            let id = Id::of(tree);
            let mut meant = resources.named(&id.name);
            meant.retain(|it| resources[*it].is_or_was(&id));
            match meant.as_slice() {
                [at] if patch.is_old => self.merge(resources.one(*at), &targeted(tree), patch)?,
                [at] => self.merge(resources.one(*at), tree, patch)?,
                [] if self.has_unseen => {}
                [] => return refuse(not_found(&id, resources)),
                _ => return refuse(format!("more than one object is, or was, {} {}", id.kind, id.name)),
            }
        }
        Ok(())
    }

    /// Tells that a patch means nothing that is here. A component is for several kustomizations, not all of which
    /// have what it changes.
    fn no_target(&mut self, at: usize, span: Span) {
        if !self.has_unseen && !self.graph.kustomizations[at].is_component {
            let place = shown(self.sources, span);
            self.built.remarks.insert(format!("{place}: no object fits the target, so this patch changes nothing"));
        }
    }

    fn merge(&mut self, resource: &mut Resource, tree: &Tree, patch: &Patch<'_>) -> Result<(), Refusal> {
        if patch.may_rename || patch.may_change_kind {
            resource.remember();
        }
        if !self.may_change("patches", resource, patch.span) {
            return Ok(());
        }
        self.spend_text("patches", length_of(tree), 1).map_err(|message| Refusal { message, span: patch.span })?;
        let schema = self.types.of_merge(&resource.id, &Id::of(tree));
        let Some(own) = resource.edit() else {
            self.rigid(resource);
            return Ok(());
        };
        let (identity, removals) = (Identity::of(own), removed::removals(own, tree));
        let is_sure = sure::fits(Some(own), tree, &schema, &ListMerge::Replace);
        let nothing = Tree::map(own.span);
        let before = if is_sure { std::mem::replace(own, nothing) } else { own.clone() };
        let Some(mut patched) = merge_object(before, tree, &schema)? else {
            resource.is_deleted = true;
            return Ok(());
        };
        identity.keep(&mut patched, patch.may_rename, patch.may_change_kind);
        resource.replace(patched);
        if replaces(tree) {
            // What takes the place of a map has nothing in common with others.
            resource.separate();
        }
        resource.equalise();
        resource.settle();
        self.built.remarks.extend(self.contested.patch(self.sources, patch.at, resource, tree));
        resource.changes.push(Change { span: tree.span, is_object: true });
        resource.removals.extend(removals);
        resource.heed(&patch.comments);
        resource.heed(patch.around);
        Ok(())
    }
}

/// Whether a patch puts maps or lists in the place of others.
fn replaces(tree: &Tree) -> bool {
    let is_told = tree.text_at(&[DIRECTIVE]) == Some("replace");
    is_told || tree.entries().iter().any(|it| replaces(&it.value)) || tree.items().iter().any(replaces)
}

const NOT_JSON: &str = "a patch that begins with a bracket is read as JSON, and this is none";

/// Whether kustomize can read a patch that begins with a bracket.
fn is_json_if_it_must(text: &str) -> bool {
    !text.starts_with('[') || serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// Why a patch finds nothing: the nearest miss, if there is one.
fn not_found(id: &Id, resources: &[Resource]) -> String {
    let nothing = format!("no object matches the patch of {} {}", id.kind, id.name);
    let is_near = |it: &&Resource| it.ids().any(|other| other.kind == id.kind && other.name == id.name);
    let there = resources.iter().filter(|it| !it.is_deleted);
    let Some(near) = there.into_iter().find(is_near) else { return nothing };
    if near.id.group != id.group || near.id.version != id.version {
        return format!("{nothing}: its apiVersion is another one");
    }
    format!("{nothing}: its namespace is {}, and the patch is for {}", near.id.place(), id.place())
}

/// A patch as it is applied to a target: its labels and annotations are texts, nulls included.
fn targeted(tree: &Tree) -> Tree {
    let mut tree = tree.clone();
    for key in ["labels", "annotations"] {
        let Some(metadata) = tree.get_mut("metadata") else { continue };
        let Some(map) = metadata.get_mut(key) else { continue };
        texts(map);
        if map.entries().is_empty() {
            metadata.remove(key);
        }
    }
    tree
}

fn make_annotations(tree: &mut Tree) -> Done {
    let (mut done, span) = (Done::default(), tree.span);
    if let Some(metadata) = tree.get_mut("metadata").filter(|it| matches!(it.content, Content::Map(_)))
        && metadata.get("annotations").is_none_or(Tree::is_null)
    {
        done.put(metadata, "/metadata/annotations", TreeEntry::made("annotations", Tree::map(span)));
    }
    done
}

/// No two objects may be the same.
fn unique(resources: &[Resource], span: Span) -> Result<(), Refusal> {
    let mut seen: HashSet<Id> = HashSet::new();
    for resource in resources.iter().filter(|it| !it.is_deleted) {
        if !seen.insert(resource.id.effective()) {
            let message = format!("the patch makes a second {} {}", resource.id.kind, resource.id.name);
            return Err(Refusal { message, span });
        }
    }
    Ok(())
}
