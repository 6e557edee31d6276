//! The transformers of one kustomization, in the order in which kustomize runs them.

use super::build::Builder;
use super::config::Config;
use super::fields::{Field, merge};
use super::images::{ImageChange, Named};
use super::limits::length;
use super::plugins::pairs;
use super::resource::Resource;
use super::resources::Resources;
use super::transform::{Namespace, Side, Subjects, affix, put_all};
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::tree::TreeEntry;
use std::sync::Arc;

impl Builder<'_> {
    /// Runs all transformers of a kustomization over the objects.
    pub(super) fn transform(&mut self, at: usize, resources: &mut Resources, config: &Config) {
        let document = Arc::clone(&self.graph.kustomizations[at].document);
        let root = document.root();
        for node in root.items_at(&["patchesStrategicMerge"]) {
            self.strategic_patch(at, node, resources);
        }
        for node in root.items_at(&["patches"]) {
            self.patch(at, node, false, resources);
        }
        self.sweep(resources);
        self.namespace(root, config, resources);
        let affixes =
            [("namePrefix", Side::Before, &config.name_prefix), ("nameSuffix", Side::Behind, &config.name_suffix)];
        for (key, side, fields) in affixes {
            let text = root.get(key).map(NodeRef::text).unwrap_or_default();
            if !text.is_empty() {
                let result = self.spend_text("prefixes and suffixes", text.len(), resources.len());
                let result = result.and_then(|()| affix(text, side, fields, root.place(&[key]), resources));
                self.told(result, root.place(&[key]), resources);
            }
        }
        self.labels(root, config, resources);
        let annotations = pairs(root.get("commonAnnotations"));
        let place = root.place(&["commonAnnotations"]);
        let result = self.spend_text("annotations", length(&annotations), resources.len());
        let result = result.and_then(|()| put_all(&annotations, &config.common_annotations, place, resources));
        self.told(result, place, resources);
        for node in root.items_at(&["patchesJson6902"]) {
            self.patch(at, node, true, resources);
        }
        self.sweep(resources);
        for node in root.items_at(&["replicas"]) {
            let result = self.scale(Some(node), &config.replicas, resources);
            self.told(result, node.place(&["name"]), resources);
            let name = node.get("name").map(NodeRef::text).unwrap_or_default();
            for at in resources.named(name) {
                resources.one(at).heed(document.comments());
            }
        }
        let images: Vec<NodeRef<'_>> = root.items_at(&["images"]).chain(root.items_at(&["imageTags"])).collect();
        let mut named = Named::of(images.len(), &config.images, resources);
        for node in images {
            if let Some(change) = ImageChange::read(node, &self.graph.patterns) {
                if !self.may_compare(named.compared(&change, resources.len()), node.first_line()) {
                    continue;
                }
                let span = node.first_line();
                let bytes = ["newName", "newTag", "digest"].map(|it| node.get(it).map_or(0, |it| it.text().len()));
                let result = self.spend_text("images", bytes.iter().sum(), resources.len());
                let result = result.and_then(|()| {
                    let leaves = &self.graph.leaves;
                    let mut may_change = |it: &mut Resource| self.may_change("images", it, span);
                    change.apply(&config.images, document.comments(), &mut named, leaves, resources, &mut may_change)
                });
                self.told(result, node.first_line(), resources);
            }
        }
        if let Some(node) = root.get("replacements") {
            self.replacements(at, node, resources);
        }
        self.transformers(at, root, resources);
        self.charts(at, root);
        for resource in resources.iter().filter(|it| it.is_rigid) {
            self.rigid(resource);
        }
    }

    /// Ends a step: tells why it was refused, if it was.
    fn told(&mut self, result: Result<(), String>, span: Span, resources: &mut Resources) {
        resources.equalise();
        if let Err(message) = result {
            self.problem(message, span);
        }
    }

    fn namespace(&mut self, root: NodeRef<'_>, config: &Config, resources: &mut Resources) {
        let entry = root.entry("namespace").filter(|it| !it.value.text().is_empty());
        let Some(entry) = entry.and_then(TreeEntry::of) else { return };
        let namespace = Namespace {
            entry: Arc::new(entry.into_text()),
            fields: config.namespace.clone(),
            is_unset_only: false,
            subjects: Subjects::Default,
        };
        let bytes = root.get("namespace").map_or(0, |it| it.text().len());
        let result = self.spend_text("namespaces", bytes, resources.len());
        let result = result.and_then(|()| namespace.apply(Some(self.graph), resources));
        self.told(result, root.place(&["namespace"]), resources);
    }

    /// Applies `labels`, then `commonLabels`.
    fn labels(&mut self, root: NodeRef<'_>, config: &Config, resources: &mut Resources) {
        for label in root.items_at(&["labels"]) {
            let place = label.place(&["pairs"]);
            let labels = pairs(label.get("pairs"));
            let result = self.spend_text("labels", length(&labels), resources.len());
            let result = result
                .and_then(|()| label_fields(label, config))
                .and_then(|fields| put_all(&labels, &fields, place, resources));
            self.told(result, place, resources);
        }
        let place = root.place(&["commonLabels"]);
        let labels = pairs(root.get("commonLabels"));
        let result = self.spend_text("labels", length(&labels), resources.len());
        let result = result.and_then(|()| put_all(&labels, &config.common_labels, place, resources));
        self.told(result, place, resources);
    }
}

/// The fields of an entry of `labels`.
fn label_fields(label: NodeRef<'_>, config: &Config) -> Result<Vec<Field>, String> {
    let is_set = |key: &str| label.bool_at(&[key]) == Some(true);
    let mut fields: Vec<Field> = label.items_at(&["fields"]).map(Field::read).collect();
    merge(&mut fields, &config.labels)?;
    if is_set("includeSelectors") {
        merge(&mut fields, &config.common_labels)?;
        return Ok(fields);
    }
    if is_set("includeTemplates") {
        merge(&mut fields, &config.template_labels)?;
    }
    if is_set("includeVolumeClaimTemplates") {
        merge(&mut fields, &config.claim_labels)?;
    }
    merge(&mut fields, &[Field::any("metadata/labels", true)])?;
    Ok(fields)
}
