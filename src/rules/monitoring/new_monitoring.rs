//! Monitors and alerts that fixes write, with the labels by which the Prometheus of the manifests takes them.

use crate::index::monitoring::Taken;
use crate::index::{Index, Nearness};
use crate::model::{Object, products};
use crate::rules::new_objects::{new_object, written_name};
use crate::source::SourceId;
use crate::yaml::{Value, emit, parse};
use std::sync::Arc;

/// The API version of all that the operator of Prometheus reads.
const API_VERSION: &str = "monitoring.coreos.com/v1";

/// A new object for Prometheus, and whether one is known to take it.
pub(super) struct ForPrometheus {
    pub(super) value: Value,
    /// Whether the manifests hold a Prometheus that takes it.
    pub(super) is_taken: bool,
}

/// A new object for Prometheus beside another one, with the label that it asks for. Nothing where an object of this name
/// is there, or where no label would do.
pub(super) fn for_prometheus(
    beside: &Object,
    kind: &'static str,
    name: &str,
    spec: Value,
    index: &Index<'_>,
) -> Option<ForPrometheus> {
    let mut own = index.of_kind(products::PROMETHEUS, kind).filter(|it| written_name(it) == name);
    if own.any(|it| index.nearness(beside, it) != Nearness::Different) {
        return None;
    }
    let value = new_object(beside, (API_VERSION, kind), name, [("spec", spec)])?;
    match index.taken(&deployed(beside, &value)?) {
        Taken::Yes => Some(ForPrometheus { value, is_taken: true }),
        Taken::Unknown(_) | Taken::NoPrometheus => Some(ForPrometheus { value, is_taken: false }),
        Taken::No { shown, .. } => {
            let [refusal] = shown.as_slice() else { return None };
            let (key, label) = refusal.label.as_ref()?.split_once(": ")?;
            let value = with_label(value, key, label)?;
            let is_taken = matches!(index.taken(&deployed(beside, &value)?), Taken::Yes);
            is_taken.then_some(ForPrometheus { value, is_taken })
        }
    }
}

/// The new object as it is deployed: in the namespace of the one beside it.
fn deployed(beside: &Object, value: &Value) -> Option<Object> {
    let mut value = value.clone();
    if let (Some(namespace), Some(metadata)) = (beside.namespace(), entry(&mut value, "metadata")) {
        set(metadata, "namespace", Value::text(namespace));
    }
    let text: Arc<str> = emit::block(&value, &emit::Style::default()).join("\n").into();
    let document = Arc::new(parse(SourceId(0), &text, 0..text.len()).ok()??);
    let mut object = Object::read(&document, document.root())?;
    object.is_governed = beside.is_governed;
    Some(object)
}

/// The object with one label more; nothing where it has another value.
fn with_label(mut object: Value, key: &str, label: &str) -> Option<Value> {
    let metadata = entry(&mut object, "metadata")?;
    if metadata.get("labels").is_none() {
        set(metadata, "labels", Value::Map(Vec::new()));
    }
    let labels = entry(metadata, "labels")?;
    if labels.get(key).is_some() {
        return None;
    }
    set(labels, key, Value::text(label));
    Some(object)
}

fn entry<'v>(map: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    let Value::Map(entries) = map else { return None };
    entries.iter_mut().find(|it| it.0 == key).map(|it| &mut it.1)
}

fn set(map: &mut Value, key: &str, value: Value) {
    if let Some(there) = entry(map, key) {
        *there = value;
    } else if let Value::Map(entries) = map {
        entries.push((key.to_owned(), value));
    }
}

/// Whether a port is called after what it serves: metrics.
pub(super) fn is_of_metrics(name: &str) -> bool {
    name.split('-').any(|it| ["metrics", "prometheus", "prom"].contains(&it))
}
