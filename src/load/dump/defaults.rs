//! What a server writes into an object where its author wrote nothing: fields that have their API's default, and those
//! that it alone assigns. They are taken out, so that no rule takes them for somebody's intent.
//!
//! Sources: kubernetes/kubernetes `pkg/apis/*/v1/defaults.go` and `v1beta1`, `v2` beside them; the definitions and the
//! webhook of CloudNativePG (`api/v1/cluster_types.go`, `internal/webhook/v1/cluster_webhook.go`); the definitions of
//! prometheus-operator.

use super::tables::{self, Field, Is};
use crate::model::{ImageName, is_live};
use crate::yaml::{Document, Entry, NodeRef, json};

/// Lists nest no deeper; a bound keeps the stack from hostile ones.
const MAX_LISTS: usize = 8;

/// Takes what a server wrote out of the live objects of a document.
pub(in crate::load) fn strip(document: &mut Document) {
    let mut live = Vec::new();
    find_live(document.root(), MAX_LISTS, &mut live);
    let mut gone = Vec::new();
    for at in live {
        let object = document.node(at);
        let before = gone.len();
        let text = |key: &str| object.get(key).map(NodeRef::text).unwrap_or_default();
        let group = text("apiVersion").split_once('/').map_or("", |it| it.0);
        take(object, tables::ANY, &mut gone);
        if let Some(fields) = tables::of(group, text("kind")) {
            take(object, fields, &mut gone);
        }
        let kept = placement(object);
        let own = gone.split_off(before);
        gone.extend(own.into_iter().filter(|it| !kept.contains(it)));
    }
    // Whoever takes out a map takes out what is in it.
    gone.sort_unstable();
    gone.dedup();
    document.without(&gone);
}

/// What tells where a pod of a controller is, and whether it is ready: no rule judges such a pod, and a drill asks where
/// it is.
fn placement(object: NodeRef<'_>) -> Vec<u32> {
    let is_pod = object.get("kind").is_some_and(|it| it.text() == "Pod");
    let is_owned = object.at(&["metadata", "ownerReferences"]).is_some();
    let node = object.at(&["spec"]).and_then(|it| it.entry("nodeName"));
    let found = [node, object.entry("status")].into_iter().flatten().filter(|_| is_pod && is_owned);
    found.map(|it| it.key.id()).collect()
}

fn find_live(node: NodeRef<'_>, depth: usize, live: &mut Vec<u32>) {
    if is_live(node) {
        live.push(node.id());
    } else if depth > 0 {
        let items = if node.is_seq() { Some(node) } else { node.get("items").filter(|it| it.is_seq()) };
        items.into_iter().flat_map(NodeRef::items).for_each(|it| find_live(it, depth - 1, live));
    }
}

/// Notes the keys of a map's fields that a server wrote; whether nothing else is in it.
fn take(map: NodeRef<'_>, fields: &[Field], gone: &mut Vec<u32>) -> bool {
    let mut is_all = map.is_map();
    for entry in map.entries() {
        let field = fields.iter().find(|it| it.0 == entry.name());
        if field.is_some_and(|it| is_written(map, entry, it.1, gone)) {
            gone.push(entry.key.id());
        } else {
            is_all = false;
        }
    }
    is_all
}

fn is_written(map: NodeRef<'_>, entry: Entry<'_>, is: Is, gone: &mut Vec<u32>) -> bool {
    let value = entry.value;
    match is {
        Is::Value(default) if value.is_map() || value.is_seq() => json::to_string(value) == default,
        Is::Value(default) => value.text() == default,
        Is::Assigned => true,
        Is::Empty => value.is_map() && value.entries().next().is_none(),
        Is::Map(fields) => value.is_map() && value.entries().next().is_some() && take(value, fields, gone),
        Is::Within(fields) => {
            take(value, fields, gone);
            false
        }
        Is::Each(fields) => {
            for item in value.items() {
                take(item, fields, gone);
            }
            false
        }
        Is::Like(other) => map.get(other).is_some_and(|it| it.text() == value.text()),
        Is::Address => value.text() != "None",
        Is::PullPolicy => map.get("image").is_some_and(|it| value.text() == pull_policy(it.text())),
    }
}

/// What the server writes for an image (`SetDefaults_Container`).
fn pull_policy(image: &str) -> &'static str {
    let image = ImageName::read(image);
    let is_pinned = image.digest.is_some() || image.tag.is_some_and(|it| it != "latest");
    if is_pinned { "IfNotPresent" } else { "Always" }
}
