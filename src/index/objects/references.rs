//! The ConfigMaps and Secrets that pods name, and those that something makes out of sight.

use crate::index::{Objects, Unclassified};
use crate::model::{Object, PodTemplate};
use crate::yaml::NodeRef;

/// One reference of a pod to a ConfigMap or Secret without which it does not start.
#[derive(Clone, Copy, Debug)]
pub struct ConfigReference<'a> {
    /// The object with the pod template.
    pub object: &'a Object,
    /// `ConfigMap` or `Secret`.
    pub kind: &'static str,
    /// The map that holds the name.
    pub node: NodeRef<'a>,
    /// The key of the name in it.
    pub name_key: &'static str,
    /// The name.
    pub name: &'a str,
    /// Of the entries that are asked for by name, where, and which.
    pub key: Option<(NodeRef<'a>, &'a str)>,
}

impl<'a> Objects<'a> {
    /// The references of a workload's pods that are not optional, in order.
    pub fn config_references(&self, workload: &Unclassified<'a>) -> Vec<ConfigReference<'a>> {
        let mut found = Vec::new();
        let Some(template) = workload.template else { return found };
        // A template of another object is that one's affair.
        if PodTemplate::of(workload.object, workload.kind).is_none() {
            return found;
        }
        let object = workload.object;
        let mut add = |kind, node: Option<NodeRef<'a>>, name_key, key: Option<(NodeRef<'a>, &'a str)>| {
            let Some(node) = node.filter(|it| it.bool_at(&["optional"]) != Some(true)) else { return };
            let Some(name) = node.get(name_key).map(NodeRef::text).filter(|it| !it.is_empty()) else { return };
            found.push(ConfigReference { object, kind, node, name_key, name, key });
        };
        for container in template.init_containers().chain(template.containers()) {
            for source in container.node().items_at(&["envFrom"]) {
                add("ConfigMap", source.at(&["configMapRef"]), "name", None);
                add("Secret", source.at(&["secretRef"]), "name", None);
            }
            for variable in container.node().items_at(&["env"]) {
                for (kind, field) in [("ConfigMap", "configMapKeyRef"), ("Secret", "secretKeyRef")] {
                    let node = variable.at(&["valueFrom", field]);
                    let key = node.and_then(|it| Some((it, it.get("key")?.text())));
                    add(kind, node, "name", key);
                }
            }
        }
        for volume in template.volumes() {
            let projected = volume.items_at(&["projected", "sources"]);
            let mut sources = vec![("ConfigMap", volume.at(&["configMap"]), "name")];
            sources.push(("Secret", volume.at(&["secret"]), "secretName"));
            for source in projected {
                sources.push(("ConfigMap", source.at(&["configMap"]), "name"));
                sources.push(("Secret", source.at(&["secret"]), "name"));
            }
            for (kind, node, name_key) in sources {
                add(kind, node, name_key, None);
                for item in node.into_iter().flat_map(|it| it.items_at(&["items"])) {
                    add(kind, node, name_key, item.get("key").map(|it| (item, it.text())));
                }
            }
        }
        found
    }

    /// Whether a ConfigMap or Secret holds more than its manifest shows: a generator reads files for it, or
    /// something fills it in.
    pub fn has_unseen_entries(&self, object: &Object) -> bool {
        let file = self.source_name(object.name_span());
        let file = file.rsplit('/').next().unwrap_or(file);
        let is_generated = matches!(file, "kustomization.yaml" | "kustomization.yml" | "Kustomization");
        let node = object.node();
        let is_empty = ["data", "binaryData", "stringData"].iter().all(|it| node.at(&[it]).is_none());
        let is_filled = node.at(&["metadata", "annotations"]).is_some_and(|it| {
            it.entries().any(|it| {
                it.name().contains("inject") || it.name().contains("reflector") || it.name().contains("replicat")
            })
        });
        is_generated
            || is_empty
            || is_filled
            || object.kind() == "Secret" && node.str_at(&["type"]) == Some("kubernetes.io/service-account-token")
    }
}
