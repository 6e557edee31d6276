//! A node as JSON, as `sigs.k8s.io/yaml` converts it.

use super::NodeRef;
use super::scalar::Scalar;
use std::fmt::Write as _;

/// The node as one line of JSON, keys in the order they are written.
pub fn to_string(node: NodeRef<'_>) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: NodeRef<'_>, out: &mut String) {
    let Some(scalar) = node.scalar() else { return write_collection(node, out) };
    match scalar {
        Scalar::Null => out.push_str("null"),
        Scalar::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        Scalar::Int(value) => _ = write!(out, "{value}"),
        Scalar::UInt(value) => _ = write!(out, "{value}"),
        // A document that holds one is refused; composed ones and front matter are not asked.
        Scalar::Float(value) if !value.is_finite() => out.push_str("null"),
        Scalar::Float(value) => _ = write!(out, "{value}"),
        Scalar::Str(text) => write_string(text, out),
    }
}

fn write_collection(node: NodeRef<'_>, out: &mut String) {
    let is_map = node.is_map();
    out.push(if is_map { '{' } else { '[' });
    if is_map {
        for (at, entry) in node.entries().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_string(entry.key.text(), out);
            out.push(':');
            write(entry.value, out);
        }
    } else {
        for (at, item) in node.items().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write(item, out);
        }
    }
    out.push(if is_map { '}' } else { ']' });
}

fn write_string(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
