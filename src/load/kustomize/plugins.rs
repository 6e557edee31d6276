//! `transformers`, `generators` and `validators`: kustomize's own transformers with configurations of their
//! own, and functions, which are not run.

use super::build::{Builder, Use};
use super::fields::Field;
use super::images::{ImageChange, Named};
use super::inline::parse_inline;
use super::json_patch::is_equal;
use super::resource::Resource;
use super::resources::Resources;
use super::transform::{Namespace, Side, Subjects, add_value, affix, put_all, replicas};
use super::{Refusal, Target};
use crate::source::Span;
use crate::yaml::tree::{Tree, TreeEntry};
use crate::yaml::{Document, NodeRef};
use std::sync::Arc;

/// A configuration of a transformer or generator, where it is named.
struct Plugin {
    document: Arc<Document>,
    /// The node of an item of a list, or the root.
    node: u32,
    span: Span,
}

impl Builder<'_> {
    /// Runs what `transformers` name, in order.
    pub(super) fn transformers(&mut self, at: usize, root: NodeRef<'_>, resources: &mut Resources) {
        for plugin in self.plugins(at, root, "transformers") {
            let node = plugin.document.node(plugin.node);
            if is_own(node) {
                self.run(at, node, plugin.span, resources);
                continue;
            }
            let kind = node.str_at(&["kind"]).unwrap_or("transformer").to_owned();
            self.remark(at, &format!("what the function {kind} changes is not seen: it is not run"));
            self.is_external(&kind);
            self.has_unseen = true;
            for it in resources.iter_mut() {
                it.is_open = true;
            }
        }
        for plugin in self.plugins(at, root, "validators") {
            let node = plugin.document.node(plugin.node);
            if is_own(node) {
                self.validate(at, node, plugin.span, resources);
                continue;
            }
            let kind = node.str_at(&["kind"]).unwrap_or("validator").to_owned();
            self.remark(at, &format!("what the validator {kind} says is not known: it is not run"));
            self.is_external(&kind);
        }
    }

    /// Runs one of kustomize's own transformers as a validator: it may change nothing.
    fn validate(&mut self, at: usize, node: NodeRef<'_>, span: Span, resources: &mut Resources) {
        let before: Vec<Option<Tree>> = resources.iter_mut().map(|it| it.edit().cloned()).collect();
        let count = resources.len();
        self.run(at, node, span, resources);
        let is_changed = |(resource, before): (&mut Resource, &Option<Tree>)| match (resource.edit(), before) {
            (Some(now), Some(before)) => !is_equal(now, before),
            _ => false,
        };
        if resources.len() != count || resources.iter_mut().zip(&before).any(is_changed) {
            self.problem("a validator changes objects, which kustomize refuses", span);
        }
    }

    /// Adds what `generators` make.
    pub(super) fn generators(&mut self, at: usize, root: NodeRef<'_>, resources: &mut Resources) {
        for plugin in self.plugins(at, root, "generators") {
            let node = plugin.document.node(plugin.node);
            match node.str_at(&["kind"]) {
                Some("ConfigMapGenerator") if is_own(node) => self.generate_one(at, "ConfigMap", node, None, resources),
                Some("SecretGenerator") if is_own(node) => self.generate_one(at, "Secret", node, None, resources),
                kind => {
                    let kind = kind.unwrap_or("of a generator").to_owned();
                    self.unseen(at, format!("what the function {kind} makes is not seen: it is not run"));
                    self.is_external(&kind);
                }
            }
        }
    }

    /// Notes that plain kustomize refuses: functions are run only where its command line allows them, and so it
    /// is no problem of the files.
    fn is_external(&mut self, kind: &str) {
        self.built.refusal.get_or_insert_with(|| format!("the function {kind} needs --enable-alpha-plugins"));
    }

    /// The configurations that a field names: texts, files, or what a kustomization makes.
    fn plugins(&mut self, at: usize, root: NodeRef<'_>, key: &str) -> Vec<Plugin> {
        let mut plugins = Vec::new();
        for entry in root.items_at(&[key]) {
            let span = entry.first_line();
            self.types.meet_unknown();
            if entry.text().contains('\n') {
                let text = self.sources.get(entry.document().source()).text();
                match parse_inline(entry, entry.text(), text) {
                    Ok((trees, _)) => plugins.extend(trees.iter().map(|tree| {
                        let document = Arc::new(tree.freeze(entry.document().source(), Vec::new()));
                        Plugin { node: document.root().id(), document, span }
                    })),
                    Err(error) => self.problem(format!("`{key}` is not YAML: {}", error.message), error.span),
                }
                continue;
            }
            if let Target::Kustomization(other) = self.graph.resolve(self.graph.kustomizations[at].dir, entry.text()) {
                if self.may_enter(other, span) {
                    let made = self.accumulate(other, super::build::Made::default());
                    for object in made.resources.into_iter().filter_map(|it| it.finish(&self.graph.alike)) {
                        let document = Arc::clone(object.document());
                        plugins.push(Plugin { node: object.node().id(), document, span });
                    }
                }
                continue;
            }
            let file = self.graph.kustomizations[at].file;
            for document in self.documents_as(at, entry, Use::Configuration(file)).unwrap_or_default() {
                plugins.push(Plugin { node: document.root().id(), document, span });
            }
        }
        plugins
    }

    /// Runs one of kustomize's own transformers.
    fn run(&mut self, at: usize, node: NodeRef<'_>, span: Span, resources: &mut Resources) {
        let fields: Vec<Field> = node.items_at(&["fieldSpecs"]).map(Field::read).collect();
        let text = |key: &str| node.get(key).map(NodeRef::text).unwrap_or_default().to_owned();
        let affixes = |key: &str, side: Side, resources: &mut Resources| {
            affix(&text(key), side, &fields, node.place(&[]), resources)
        };
        let kind = node.str_at(&["kind"]).unwrap_or_default();
        let result = match kind {
            "PrefixTransformer" => affixes("prefix", Side::Before, resources),
            "SuffixTransformer" => affixes("suffix", Side::Behind, resources),
            "PrefixSuffixTransformer" => {
                affixes("prefix", Side::Before, resources).and_then(|()| affixes("suffix", Side::Behind, resources))
            }
            "LabelTransformer" => put_all(&pairs(node.get("labels")), &fields, span, resources),
            "AnnotationsTransformer" => put_all(&pairs(node.get("annotations")), &fields, span, resources),
            "NamespaceTransformer" => move_all(node, fields, resources),
            "ReplicaCountTransformer" => self.scale(node.get("replica"), &fields, resources),
            "ImageTagTransformer" => {
                let change = node.get("imageTag").and_then(|it| ImageChange::read(it, &self.graph.patterns));
                let (leaves, mut named) = (&self.graph.leaves, Named::default());
                let mut may_change = |it: &mut Resource| self.may_change("images", it, span);
                change.map_or(Ok(()), |it| it.apply(&fields, &[], &mut named, leaves, resources, &mut may_change))
            }
            "ValueAddTransformer" => self.add_values(at, node, resources),
            "ReplacementTransformer" => {
                if let Some(list) = node.get("replacements") {
                    self.replacements(at, list, resources);
                }
                Ok(())
            }
            "PatchTransformer" | "PatchJson6902Transformer" => {
                self.patch(at, node, kind == "PatchJson6902Transformer", resources);
                Ok(())
            }
            "PatchStrategicMergeTransformer" => {
                let paths = node.items_at(&["paths"]).chain(node.get("patches"));
                paths.for_each(|it| self.strategic_patch(at, it, resources));
                Ok(())
            }
            "HashTransformer" => {
                Builder::hash_names(resources);
                Ok(())
            }
            other => Err(format!("kustomize has no transformer {other}")),
        };
        self.sweep(resources);
        resources.equalise();
        if let Err(message) = result {
            self.refused(Refusal { message, span });
        }
    }

    /// Applies an entry of `replicas`.
    pub(super) fn scale(
        &mut self,
        entry: Option<NodeRef<'_>>,
        fields: &[Field],
        resources: &mut Resources,
    ) -> Result<(), String> {
        let Some(node) = entry else { return Ok(()) };
        let name = node.get("name").map(NodeRef::text).unwrap_or_default();
        let Some(count) = node.entry("count").and_then(TreeEntry::of) else { return Ok(()) };
        let is_found = replicas(name, &count.named("replicas"), fields, resources)?;
        if is_found || self.has_unseen {
            return Ok(());
        }
        Err(format!("no Deployment, StatefulSet or ReplicaSet is named {name}"))
    }

    fn add_values(&mut self, at: usize, node: NodeRef<'_>, resources: &mut [Resource]) -> Result<(), String> {
        let dir = self.graph.kustomizations[at].dir;
        let folder = dir.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        let text = node.get("value").map(NodeRef::text).unwrap_or_default().trim();
        let value = Tree::text(if text.is_empty() { &folder } else { text }, node.place(&["value"]));
        for target in node.items_at(&["targets"]) {
            let path = target.get("fieldPath").map(NodeRef::text).unwrap_or_default();
            let selector = target.get("selector").and_then(super::select::Selector::read);
            let position = target.get("filePathPosition").and_then(NodeRef::as_int).unwrap_or(0);
            let position = usize::try_from(position).unwrap_or(0);
            for resource in resources.iter_mut() {
                if selector.as_ref().is_some_and(|it| !it.matches(resource)) {
                    continue;
                }
                if path == "metadata/namespace" && resource.id.is_cluster_wide() {
                    continue;
                }
                if let Some(tree) = resource.edit() {
                    add_value(tree, path, &value, position)?;
                }
                resource.identify();
            }
        }
        Ok(())
    }
}

/// Whether it configures one of kustomize's own.
fn is_own(node: NodeRef<'_>) -> bool {
    node.str_at(&["apiVersion"]) == Some("builtin")
}

/// The entries of a map of texts.
pub(super) fn pairs(map: Option<NodeRef<'_>>) -> Vec<TreeEntry> {
    let entries = map.into_iter().flat_map(NodeRef::entries);
    entries.filter_map(TreeEntry::of).map(TreeEntry::into_text).collect()
}

fn move_all(node: NodeRef<'_>, fields: Vec<Field>, resources: &mut [Resource]) -> Result<(), String> {
    let namespace = node.get("metadata").and_then(|it| it.entry("namespace"));
    let Some(entry) = namespace.filter(|it| !it.value.text().is_empty()).and_then(TreeEntry::of) else {
        return Ok(());
    };
    let subjects = match node.str_at(&["setRoleBindingSubjects"]).unwrap_or_default() {
        "" | "defaultOnly" => Subjects::Default,
        "allServiceAccounts" => Subjects::Accounts,
        "none" => Subjects::None,
        other => return Err(format!("setRoleBindingSubjects cannot be {other}")),
    };
    let is_unset_only = node.bool_at(&["unsetOnly"]) == Some(true);
    Namespace { entry: Arc::new(entry.into_text()), fields, is_unset_only, subjects }.apply(None, resources)
}
