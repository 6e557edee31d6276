//! Which fields the transformers change: kustomize's own, and those of `configurations` and `crds`.

use super::fields::{Field, merge};
use crate::yaml::NodeRef;
use std::sync::Arc;

/// Fields that hold the name of an object of this type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) group: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) fields: Vec<Field>,
}

/// The fields of each transformer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Config {
    pub(super) name_prefix: Vec<Field>,
    pub(super) name_suffix: Vec<Field>,
    pub(super) namespace: Vec<Field>,
    pub(super) common_labels: Vec<Field>,
    pub(super) labels: Vec<Field>,
    pub(super) template_labels: Vec<Field>,
    pub(super) claim_labels: Vec<Field>,
    pub(super) common_annotations: Vec<Field>,
    pub(super) references: Vec<Reference>,
    pub(super) variables: Vec<Field>,
    pub(super) images: Vec<Field>,
    pub(super) replicas: Vec<Field>,
}

/// The keys of a configuration of transformers.
const KEYS: [&str; 12] = [
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "templateLabels",
    "volumeClaimTemplateLabels",
    "commonAnnotations",
    "varReference",
    "images",
    "replicas",
    "nameReference",
];

impl Config {
    /// Reads a configuration that kustomize takes.
    pub(super) fn read(root: NodeRef<'_>) -> Config {
        let mut config = Config::default();
        for entry in root.entries() {
            let key = entry.name();
            if key == "nameReference" {
                config.references = entry.value.items().map(reference).collect();
            } else if let Some(list) = config.list(key) {
                *list = entry.value.items().map(Field::read).collect();
            }
        }
        config
    }

    fn list(&mut self, key: &str) -> Option<&mut Vec<Field>> {
        Some(match key {
            "namePrefix" => &mut self.name_prefix,
            "nameSuffix" => &mut self.name_suffix,
            "namespace" => &mut self.namespace,
            "commonLabels" => &mut self.common_labels,
            "labels" => &mut self.labels,
            "templateLabels" => &mut self.template_labels,
            "volumeClaimTemplateLabels" => &mut self.claim_labels,
            "commonAnnotations" => &mut self.common_annotations,
            "varReference" => &mut self.variables,
            "images" => &mut self.images,
            "replicas" => &mut self.replicas,
            _ => return None,
        })
    }

    /// Adds what another says.
    pub(super) fn merge(&mut self, other: &Config) -> Result<(), String> {
        let mut other = other.clone();
        for key in KEYS {
            if let (Some(into), Some(new)) = (self.list(key), other.list(key)) {
                merge(into, new)?;
            }
        }
        for reference in &other.references {
            self.add_reference(reference)?;
        }
        Ok(())
    }

    /// Adds fields that hold the names of objects of one type.
    pub(super) fn add_reference(&mut self, new: &Reference) -> Result<(), String> {
        let is_same = |it: &&mut Reference| (&it.group, &it.version, &it.kind) == (&new.group, &new.version, &new.kind);
        if let Some(there) = self.references.iter_mut().find(is_same) {
            return merge(&mut there.fields, &new.fields);
        }
        self.references.push(new.clone());
        Ok(())
    }
}

/// Adds what `other` says to a configuration that may be shared.
pub(super) fn merge_shared(config: &mut Arc<Config>, other: &Arc<Config>) -> Result<(), String> {
    // Almost always both are kustomize's own.
    if Arc::ptr_eq(config, other) {
        return Ok(());
    }
    Arc::make_mut(config).merge(other)
}

fn reference(node: NodeRef<'_>) -> Reference {
    let text = |key: &str| node.get(key).map(|it| it.text().to_owned()).unwrap_or_default();
    Reference {
        group: text("group"),
        version: text("version"),
        kind: text("kind"),
        fields: node.items_at(&["fieldSpecs"]).map(Field::read).collect(),
    }
}
