//! Objects that fixes write beside others.

use crate::model::{Object, PodTemplate, Selector, WorkloadKind};
use crate::rules::words::is_open;
use crate::yaml::scalar::Scalar;
use crate::yaml::{NodeRef, Value};

/// The name of an object as its file has it: a kustomization may give another.
pub(in crate::rules) fn written_name(object: &Object) -> &str {
    object.written.as_ref().map_or_else(|| object.name(), |it| &it.name)
}

/// A new object beside another one: in its namespace, with its labels. Nothing where it would have no name that is known,
/// or where the other one has none.
pub(in crate::rules) fn new_object(
    beside: &Object,
    (api_version, kind): (&str, &str),
    name: &str,
    fields: impl IntoIterator<Item = (&'static str, Value)>,
) -> Option<Value> {
    if name.is_empty() || is_open(name) || !beside.is_named {
        return None;
    }
    let namespace = match &beside.written {
        Some(written) => written.namespace.as_deref(),
        None => beside.namespace(),
    };
    let labels = beside.node().at(&["metadata", "labels"]).and_then(|it| copy(beside, it));
    let metadata = [
        Some(("name", Value::text(name))),
        namespace.map(|it| ("namespace", Value::text(it))),
        labels.filter(|it| *it != Value::Map(Vec::new())).map(|it| ("labels", it)),
    ];
    let head = [
        ("apiVersion", Value::text(api_version)),
        ("kind", Value::text(kind)),
        ("metadata", Value::map(metadata.into_iter().flatten())),
    ];
    Some(Value::map(head.into_iter().chain(fields)))
}

/// A part of an object as its own file has it. What a kustomization adds, it adds to a new object as well. Nothing
/// where a value is a template placeholder or has no plain copy.
pub(in crate::rules) fn copy(object: &Object, node: NodeRef<'_>) -> Option<Value> {
    let file = object.node().span().source;
    if node.is_map() {
        let own = node.entries().filter(|it| it.value.span().source == file);
        let entries: Option<Vec<(String, Value)>> =
            own.map(|it| Some((it.name().to_owned(), copy(object, it.value)?))).collect();
        return entries.map(Value::map);
    }
    if node.is_seq() {
        let items: Option<Vec<Value>> = node.items().map(|it| copy(object, it)).collect();
        return items.map(Value::list);
    }
    match node.scalar()? {
        Scalar::Str(text) if is_open(text) => None,
        Scalar::Str(text) => Some(Value::text(text)),
        _ => Some(Value::plain(node.text())),
    }
}

/// The selector of an object by which it finds its pods, as its own file has it. Nothing where that would select all
/// pods: then a kustomization says which are meant.
pub(in crate::rules) fn copy_selector(object: &Object) -> Option<Value> {
    let written = object.node().at(&["spec", "selector"])?;
    // One that does not find its own controller's pods finds them for nobody.
    let template = WorkloadKind::of(object).and_then(|it| PodTemplate::of(object, it));
    if template.is_some_and(|it| !Selector::read(written).matches(&it.labels())) {
        return None;
    }
    let selector = copy(object, written)?;
    let says = |key: &str| match selector.get(key) {
        Some(Value::Map(entries)) => !entries.is_empty(),
        Some(Value::List(items)) => !items.is_empty(),
        _ => false,
    };
    (says("matchLabels") || says("matchExpressions")).then_some(selector)
}
