//! `configMapGenerator` and `secretGenerator`: objects that no file holds, so that references find them.
//!
//! Their names stay without the hash that kustomize appends, and so do the references.

use super::build::Builder;
use super::resource::Resource;
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::tree::{Tree, TreeEntry};
use std::sync::Arc;

impl Builder<'_> {
    /// Adds what the generators of a kustomization make.
    pub(super) fn generate(&mut self, at: usize, resources: &mut Vec<Resource>) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        for (key, kind) in [("secretGenerator", "Secret"), ("configMapGenerator", "ConfigMap")] {
            for node in document.root().items_at(&[key]) {
                let Some(name) = node.get("name").map(NodeRef::text) else { continue };
                let is_merged = matches!(node.str_at(&["behavior"]), Some("merge" | "replace"));
                let is_there = |it: &Resource| it.id.kind == kind && it.is_named(name);
                if is_merged && let Some(there) = resources.iter_mut().find(|it| is_there(it)) {
                    merge_data(there, node, kind);
                    continue;
                }
                resources.extend(Resource::made(made(kind, name, node), document.source()));
            }
        }
    }
}

/// Text that stands at a generator.
fn entry(key: &str, text: &str, span: Span) -> TreeEntry {
    TreeEntry::made(key, Tree::text(text, span))
}

fn made(kind: &str, name: &str, node: NodeRef<'_>) -> Tree {
    let span = node.first_line();
    let name_entry = node.entry("name");
    let mut metadata = Tree::map(span);
    match name_entry.and_then(TreeEntry::of) {
        Some(written) => metadata.put(written.into_text()),
        None => metadata.put(entry("name", name, span)),
    }
    if let Some(namespace) = node.entry("namespace").and_then(TreeEntry::of) {
        metadata.put(namespace.into_text());
    }
    let mut tree = Tree::map(span);
    tree.put(entry("apiVersion", "v1", span));
    tree.put(entry("kind", kind, span));
    tree.put(TreeEntry { key_span: span, ..TreeEntry::made("metadata", metadata) });
    tree.put(TreeEntry::made(data_key(kind), data(node)));
    tree
}

/// The literal texts of a Secret are not encoded here, so they stand where Kubernetes takes them as they are.
fn data_key(kind: &str) -> &'static str {
    if kind == "Secret" { "stringData" } else { "data" }
}

/// What a generator is given as literals. The contents of files are not read.
fn data(node: NodeRef<'_>) -> Tree {
    let mut data = Tree::map(node.first_line());
    for literal in node.items_at(&["literals"]) {
        if let Some((key, value)) = literal.text().split_once('=') {
            let value = value.trim_matches(['"', '\'']);
            data.put(entry(key, value, literal.first_line()));
        }
    }
    data
}

fn merge_data(there: &mut Resource, node: NodeRef<'_>, kind: &str) {
    let Some(tree) = there.edit() else { return };
    let key = data_key(kind);
    let new = data(node);
    match tree.get_mut(key) {
        Some(data) => new.entries().iter().for_each(|it| data.put(it.clone())),
        None => tree.put(TreeEntry::made(key, new)),
    }
}
