//! How kubectl prints objects: as YAML with sorted keys, as JSON, in one list or in several.

use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// `kubectl get -o yaml` of several objects.
pub(crate) fn yaml(objects: &[Value]) -> String {
    let mut out = String::new();
    block(&sorted(&list(objects.to_vec())), 0, &mut out);
    out
}

/// `kubectl get -o json`.
pub(crate) fn as_json(objects: &[Value]) -> String {
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    serde::Serialize::serialize(&sorted(&list(objects.to_vec())), &mut serializer).expect("memory takes all");
    String::from_utf8(out).expect("JSON is UTF-8") + "\n"
}

/// A list of lists, one for each kind.
pub(crate) fn nested(objects: &[Value]) -> String {
    let mut kinds: Vec<&str> = objects.iter().map(|it| super::text(&it["kind"])).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let of = |kind: &str| {
        let items: Vec<Value> = objects.iter().filter(|it| it["kind"] == kind).cloned().collect();
        json!({"apiVersion": "v1", "kind": format!("{kind}List"), "metadata": {}, "items": items})
    };
    let lists: Vec<Value> = kinds.into_iter().map(of).collect();
    yaml(&lists)
}

/// One document for each object.
pub(crate) fn documents(objects: &[Value]) -> String {
    let mut out = String::new();
    for object in objects {
        out.push_str("---\n");
        block(&sorted(object), 0, &mut out);
    }
    out
}

fn list(items: Vec<Value>) -> Value {
    json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}})
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_by_key(|it| it.0);
            Value::Object(entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// A collection in block style, as sigs.k8s.io/yaml writes it.
fn block(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(map) => {
            for (at, (key, child)) in map.iter().enumerate() {
                if at > 0 || !out.ends_with("- ") {
                    out.push_str(&" ".repeat(indent));
                }
                _ = write!(out, "{}:", scalar(&json!(key)));
                below(child, indent, out);
            }
        }
        Value::Array(items) => {
            for item in items {
                out.push_str(&" ".repeat(indent));
                out.push_str("- ");
                match item {
                    Value::Object(map) if !map.is_empty() => block(item, indent + 2, out),
                    _ => _ = writeln!(out, "{}", scalar(item)),
                }
            }
        }
        _ => {}
    }
}

fn below(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            out.push('\n');
            block(value, indent + 2, out);
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            block(value, indent, out);
        }
        other => _ = writeln!(out, " {}", scalar(other)),
    }
}

fn scalar(value: &Value) -> String {
    let Value::String(text) = value else { return value.to_string() };
    let is_plain = text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'/' | b'-' | b'_'))
        && text.starts_with(|it: char| it.is_ascii_alphabetic())
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if is_plain { text.clone() } else { value.to_string() }
}
