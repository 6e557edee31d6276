//! `configMapGenerator` and `secretGenerator`: objects that no file holds, with hashes behind their names.

use super::build::Builder;
use super::hash::name_hash;
use super::id::Id;
use super::key_values::base64;
use super::limits::weight;
use super::resource::{Behavior, Resource};
use super::resources::Resources;
use super::respell::texts;
use super::{Refusal, UNKNOWN, locate};
use crate::source::{SourceId, Span};
use crate::yaml::NodeRef;
use crate::yaml::tree::{Content, Tree, TreeEntry};
use std::collections::HashMap;
use std::sync::Arc;

/// What one generator makes.
struct Generated {
    tree: Tree,
    behavior: Behavior,
    needs_hash: bool,
}

impl Builder<'_> {
    /// Adds what the generators of a kustomization make.
    pub(super) fn generate(&mut self, at: usize, resources: &mut Resources) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        let general = document.root().get("generatorOptions");
        for (key, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
            for node in document.root().items_at(&[key]) {
                self.generate_one(at, kind, node, general, resources);
            }
        }
    }

    /// Adds what one generator makes.
    pub(super) fn generate_one(
        &mut self,
        at: usize,
        kind: &str,
        node: NodeRef<'_>,
        general: Option<NodeRef<'_>>,
        resources: &mut Resources,
    ) {
        if self.copies.are_too_many() {
            return;
        }
        let source = node.document().source();
        let files = node.items_at(&["files"]).chain(node.items_at(&["envs"]));
        if let Some(file) = files.into_iter().find(|it| it.text().contains("://")) {
            return self.unseen(at, format!("a generated {kind} is not seen: {} is on a server", file.text()));
        }
        if let Some(path) = (kind == "Secret").then(|| self.absent_secret(at, node)).flatten() {
            // Secrets are made where they are needed, and kept out of repositories.
            self.built.refusal.get_or_insert_with(|| format!("{path}: there is no such file"));
            return self.unseen(at, format!("a generated Secret is not seen: {path} is not here"));
        }
        self.keep_sources_inside(at, node);
        let generated = self.generated(at, kind, node, general);
        let absorbed = generated.and_then(|it| {
            let span = node.first_line();
            self.spend("generators", weight(&it.tree)).map_err(|message| Refusal { message, span })?;
            self.absorb(it, source, span, resources)
        });
        if let Err(refusal) = absorbed {
            self.refused(refusal);
        }
    }

    /// The first file of a generator that is not here.
    fn absent_secret<'n>(&self, at: usize, node: NodeRef<'n>) -> Option<&'n str> {
        let dir = self.graph.kustomizations[at].dir;
        sources(node).map(|it| it.0).find(|it| locate(self.graph.store, dir, it).is_none())
    }

    /// Tells of files outside of the kustomization's folder.
    fn keep_sources_inside(&mut self, at: usize, node: NodeRef<'_>) {
        if self.graph.is_of_flux {
            return;
        }
        let dir = self.graph.kustomizations[at].dir;
        for (path, place) in sources(node) {
            if let Some(real) = locate(self.graph.store, dir, path) {
                self.keep_inside(at, &real, path, place.first_line());
            }
        }
    }

    fn generated(
        &self,
        at: usize,
        kind: &str,
        node: NodeRef<'_>,
        general: Option<NodeRef<'_>>,
    ) -> Result<Generated, Refusal> {
        let span = node.first_line();
        // A generator of its own in a file has its name in its metadata.
        let named = |key: &str| {
            let own = node.entry(key).filter(|it| !it.value.text().is_empty());
            own.or_else(|| node.get("metadata")?.entry(key)).and_then(TreeEntry::of).map(TreeEntry::into_text)
        };
        let Some(name) = named("name") else {
            return Err(Refusal { message: format!("the generator of a {kind} has no name"), span });
        };
        let behavior = match node.str_at(&["behavior"]).unwrap_or_default() {
            "replace" => Behavior::Replace,
            "merge" => Behavior::Merge,
            _ => Behavior::Create,
        };
        let options = Options { own: node.get("options"), general };
        let mut metadata = Tree::map(span);
        metadata.put(name);
        if let Some(namespace) = named("namespace") {
            metadata.put(namespace);
        }
        for key in ["labels", "annotations"] {
            let map = options.map(key, span);
            if !map.entries().is_empty() {
                metadata.put(TreeEntry::made(key, map));
            }
        }
        let mut tree = Tree::map(span);
        tree.put(entry("apiVersion", "v1", span));
        tree.put(entry("kind", kind, span));
        tree.put(TreeEntry { key_span: span, ..TreeEntry::made("metadata", metadata) });
        if kind == "Secret" {
            let of_type = node.entry("type").filter(|it| !it.value.text().is_empty()).and_then(TreeEntry::of);
            tree.put(of_type.map_or_else(|| entry("type", "Opaque", span), TreeEntry::into_text));
            tree.put(TreeEntry::made("data", Tree::map(span)));
        }
        let (mut data, mut binary) = (Vec::new(), Vec::new());
        for (key, value) in self.key_values(at, node)? {
            let (map, text) = match String::from_utf8(value.bytes) {
                Ok(text) if kind == "Secret" => (&mut data, base64(text.as_bytes())),
                Ok(text) => (&mut data, text),
                Err(error) if kind == "Secret" => (&mut data, base64(error.as_bytes())),
                Err(error) => (&mut binary, base64(error.as_bytes())),
            };
            map.push(entry(&key, &text, value.span));
        }
        let mut maps = [("data", data), ("binaryData", binary)];
        // The one with the first key goes first.
        maps.sort_by(|one, other| one.1.first().map(|it| &it.key).cmp(&other.1.first().map(|it| &it.key)));
        for (key, entries) in maps.into_iter().filter(|it| !it.1.is_empty()) {
            tree.put(TreeEntry::made(key, Tree { span, content: Content::Map(entries) }));
        }
        if options.is_set("immutable") {
            tree.put(TreeEntry::made("immutable", Tree { span, content: Content::Plain("true".into()) }));
        }
        Ok(Generated { tree, behavior, needs_hash: !options.is_set("disableNameSuffixHash") })
    }

    /// Adds a generated object, or merges it into the one that is there.
    fn absorb(
        &mut self,
        generated: Generated,
        source: SourceId,
        span: Span,
        resources: &mut Resources,
    ) -> Result<(), Refusal> {
        let id = Id::of(&generated.tree);
        let title = || format!("{} {}", id.kind, id.name);
        let mut there = resources.named(&id.name);
        there.retain(|it| resources[*it].is_or_was(&id));
        let refuse = |message: String| Err(Refusal { message, span });
        match (there.as_slice(), generated.behavior) {
            ([], Behavior::Create) => {
                let Some(mut resource) = Resource::made(generated.tree, source) else { return Ok(()) };
                resource.is_generated = true;
                resource.needs_hash = generated.needs_hash;
                resources.push(resource);
                Ok(())
            }
            // What it changes is not seen, and so neither is what comes of it.
            ([], _) if self.has_unseen => Ok(()),
            ([], _) => refuse(format!("there is no {} to merge with or replace", title())),
            ([_], Behavior::Create) => {
                refuse(format!("there is a {} already; its behavior must be merge or replace", title()))
            }
            ([at], behavior) => {
                let resource = resources.one(*at);
                if self.may_change("generators", resource, span) {
                    merge_into(resource, generated, behavior);
                }
                Ok(())
            }
            _ => refuse(format!("more than one object is, or was, {}", title())),
        }
    }

    /// Puts the hashes behind the names of what generators made.
    pub(super) fn hash_names(resources: &mut [Resource]) {
        for resource in resources.iter_mut().filter(|it| it.needs_hash) {
            let is_known = matches!(resource.id.kind.as_str(), "ConfigMap" | "Secret");
            let Some(tree) = resource.edit() else { continue };
            let hash = name_hash(tree);
            resource.remember();
            // Of a kind that a patch gave it, kustomize hashes what it holds in memory.
            let name = if is_known { format!("{}-{hash}", resource.id.name) } else { UNKNOWN.to_owned() };
            resource.rename(name);
        }
    }
}

/// The options of a generator, and those of all generators of its kustomization.
struct Options<'a> {
    own: Option<NodeRef<'a>>,
    general: Option<NodeRef<'a>>,
}

impl Options<'_> {
    fn is_set(&self, key: &str) -> bool {
        [self.own, self.general].into_iter().flatten().any(|it| it.bool_at(&[key]) == Some(true))
    }

    /// A map of texts; what the generator says itself goes first.
    fn map(&self, key: &str, span: Span) -> Tree {
        let mut map = Tree::map(span);
        for options in [self.general, self.own].into_iter().flatten() {
            let entries = options.get(key).into_iter().flat_map(NodeRef::entries);
            entries.filter_map(TreeEntry::of).for_each(|it| map.put(it.into_text()));
        }
        map
    }
}

/// The paths of the files of a generator, with their places.
fn sources(node: NodeRef<'_>) -> impl Iterator<Item = (&str, NodeRef<'_>)> {
    let files = node.items_at(&["files"]).map(|it| (it.text().split_once('=').map_or(it.text(), |it| it.1), it));
    let variables = node.items_at(&["envs"]).chain(node.get("env")).map(|it| (it.text(), it));
    files.chain(variables).filter(|it| !it.0.is_empty())
}

/// Text that stands at a generator.
fn entry(key: &str, text: &str, span: Span) -> TreeEntry {
    TreeEntry::made(key, Tree::text(text, span))
}

/// Gives an object that is there the content of a generated one.
fn merge_into(there: &mut Resource, generated: Generated, behavior: Behavior) {
    let (needs_hash, mut tree) = (generated.needs_hash, generated.tree);
    let Some(old) = there.edit() else { return };
    let mut metadata = Tree::map(tree.span);
    for key in ["name", "namespace"] {
        let entry = old.get("metadata").and_then(|it| it.entries().iter().find(|it| &*it.key == key));
        if let Some(it) = entry {
            metadata.put(it.clone());
        }
    }
    for key in ["labels", "annotations"] {
        let map = merged([old, &tree].map(|it| it.at(&["metadata", key])), tree.span);
        if let Some(it) = map {
            metadata.put(TreeEntry::made(key, it));
        }
    }
    if behavior == Behavior::Merge {
        if old.text_at(&["kind"]) == Some("Secret") {
            encode_texts(old);
        }
        for key in ["data", "binaryData"] {
            let map = merged([old.get(key), tree.get(key)], tree.span);
            tree.remove(key);
            if let Some(it) = map {
                tree.put(TreeEntry::made(key, it));
            }
        }
    }
    tree.put(TreeEntry::made("metadata", metadata));
    *old = tree;
    // The hash is asked for by both, or there is none.
    there.needs_hash &= needs_hash;
    there.identify();
}

/// Two maps of texts as one, the second first; none if both are empty.
fn merged(maps: [Option<&Tree>; 2], span: Span) -> Option<Tree> {
    let mut entries: Vec<TreeEntry> = Vec::new();
    let mut known: HashMap<Box<str>, usize> = HashMap::new();
    for entry in maps.into_iter().flatten().flat_map(Tree::entries) {
        if let Some(at) = known.get(&entry.key) {
            entries[*at] = entry.clone();
        } else {
            known.insert(entry.key.clone(), entries.len());
            entries.push(entry.clone());
        }
    }
    let mut merged = Tree { span, content: Content::Map(entries) };
    texts(&mut merged);
    Some(merged).filter(|it| !it.entries().is_empty())
}

/// Moves the texts of a Secret to its data, as the API server does.
fn encode_texts(secret: &mut Tree) {
    let Some(texts) = secret.remove("stringData") else { return };
    if secret.get("data").is_none() {
        let span = secret.span;
        secret.put(TreeEntry::made("data", Tree::map(span)));
    }
    let Some(data) = secret.get_mut("data") else { return };
    for text in texts.value.entries() {
        let value = base64(text.value.scalar().unwrap_or_default().as_bytes());
        let value = Tree { span: text.value.span, content: Content::Text(value.into()) };
        data.put(TreeEntry { value, ..text.clone() });
    }
}
