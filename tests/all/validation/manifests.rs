//! The seeds of the judge, and the edits that make its manifests.

use crate::common::{files_below, root};
use serde_json::Value;
use std::collections::BTreeMap;

/// Manifests that are accepted, by kind and name.
pub(super) struct Seeds(BTreeMap<String, Value>);

impl Seeds {
    pub(super) fn read() -> Seeds {
        let mut seeds = BTreeMap::new();
        for file in files_below(&root().join("tests/validation-judge/seeds")) {
            let text = std::fs::read_to_string(&file).expect("a seed can be read");
            for document in text.split("\n---\n") {
                let manifest = read(document);
                let [kind, name] = ["/kind", "/metadata/name"].map(|it| manifest.pointer(it).and_then(Value::as_str));
                let name = format!("{}/{}", kind.expect("a kind"), name.expect("a name"));
                assert!(seeds.insert(name, manifest).is_none(), "{}: two seeds of one name", file.display());
            }
        }
        Seeds(seeds)
    }
}

/// A document as JSON, by our own reader, so that numbers and truth values are those of Kubernetes.
fn read(document: &str) -> Value {
    let text: std::sync::Arc<str> = document.into();
    let parsed = edms_lint::yaml::parse(edms_lint::source::SourceId(0), &text, 0..text.len());
    let parsed = parsed.expect("a seed parses").expect("a seed is not empty");
    value(parsed.root())
}

fn value(node: edms_lint::yaml::NodeRef<'_>) -> Value {
    use edms_lint::yaml::scalar::Scalar;
    if node.is_map() {
        return node.entries().map(|it| (it.name().to_owned(), value(it.value))).collect();
    }
    match node.scalar() {
        None => node.items().map(value).collect(),
        Some(Scalar::Str(text)) => text.into(),
        Some(Scalar::Int(number)) => number.into(),
        Some(Scalar::Bool(flag)) => flag.into(),
        Some(Scalar::Float(number)) => number.into(),
        Some(_) => Value::Null,
    }
}

/// The manifest of a case.
pub(super) fn edited(seeds: &Seeds, case: &Value) -> Value {
    let name = case["seed"].as_str().expect("a case has a seed");
    let mut manifest = seeds.0.get(name).unwrap_or_else(|| panic!("no seed {name}")).clone();
    for edit in case["edits"].as_array().expect("a case has edits") {
        let path = edit["at"].as_array().expect("an edit has a place");
        let (last, way) = path.split_last().expect("an edit is below the root");
        let put = match edit.get("copy").and_then(Value::as_array) {
            Some(from) => at(&mut manifest, from).clone(),
            None => edit.get("put").cloned().unwrap_or_default(),
        };
        let is_dropped = edit["drop"].as_bool() == Some(true);
        match (at(&mut manifest, way), is_dropped) {
            (Value::Object(fields), true) => drop(fields.remove(key(last))),
            (Value::Object(fields), false) => drop(fields.insert(key(last).to_owned(), put)),
            (Value::Array(items), true) => drop(items.remove(index(last))),
            (Value::Array(items), false) if index(last) == items.len() => items.push(put),
            (Value::Array(items), false) => items[index(last)] = put,
            (other, _) => panic!("{other} holds nothing"),
        }
    }
    manifest
}

/// What is at a path.
fn at<'v>(value: &'v mut Value, path: &[Value]) -> &'v mut Value {
    let mut at = value;
    for step in path {
        at = match at {
            Value::Array(items) => &mut items[index(step)],
            Value::Object(fields) => fields.get_mut(key(step)).expect("the way is there"),
            other => panic!("{other} holds nothing"),
        };
    }
    at
}

fn key(step: &Value) -> &str {
    step.as_str().expect("a key is a text")
}

fn index(step: &Value) -> usize {
    usize::try_from(step.as_u64().expect("an index is a number")).expect("an index is small")
}
