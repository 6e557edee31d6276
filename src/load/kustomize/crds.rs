//! What descriptions of custom resources (`crds`) say of names, labels and annotations in them.
//!
//! The rules are those of `api/internal/accumulator/loadconfigfromcrds.go`.

use super::config::{Config, Reference};
use super::fields::Field;
use crate::yaml::NodeRef;

/// How deep descriptions refer to each other at most.
const MAX_DEPTH: usize = 16;

/// Reads a file of descriptions, by the names of their types.
pub(super) fn read(root: NodeRef<'_>) -> Result<Config, String> {
    let mut config = Config::default();
    for entry in root.entries() {
        let properties =
            entry.value.at(&["Schema", "properties"]).or_else(|| entry.value.at(&["schema", "properties"]));
        let is_object =
            properties.is_some_and(|it| ["kind", "apiVersion", "metadata"].iter().all(|key| it.get(key).is_some()));
        if is_object {
            let kind = entry.name().rsplit('.').next().unwrap_or_default();
            walk(root, entry.name(), kind, &mut Vec::new(), &mut config)?;
        }
    }
    Ok(config)
}

fn walk(root: NodeRef<'_>, name: &str, kind: &str, path: &mut Vec<String>, config: &mut Config) -> Result<(), String> {
    if path.len() >= MAX_DEPTH {
        return Ok(());
    }
    let Some(described) = root.get(name) else { return Ok(()) };
    let schema = described.get("Schema").or_else(|| described.get("schema"));
    for property in schema.and_then(|it| it.get("properties")).into_iter().flat_map(NodeRef::entries) {
        path.push(property.name().to_owned());
        let says = |key: &str| property.value.get(key).map(NodeRef::text);
        let field = |path: &[String]| Field::new("", kind, &path.join("/"), false);
        if says("x-kubernetes-annotation").is_some() {
            config.common_annotations.push(field(path));
        }
        if says("x-kubernetes-label-selector").is_some() {
            config.common_labels.push(field(path));
        }
        if says("x-kubernetes-identity").is_some() {
            config.name_prefix.push(field(path));
        }
        let meant = says("x-kubernetes-object-ref-api-version").zip(says("x-kubernetes-object-ref-kind"));
        if let Some((version, meant)) = meant {
            let mut path = path.clone();
            path.push(says("x-kubernetes-object-ref-name-key").unwrap_or("name").to_owned());
            let fields = vec![field(&path)];
            config.add_reference(&Reference {
                group: String::new(),
                version: version.to_owned(),
                kind: meant.to_owned(),
                fields,
            })?;
        }
        if let Some(reference) = says("$ref") {
            walk(root, reference, kind, path, config)?;
        }
        path.pop();
    }
    Ok(())
}
