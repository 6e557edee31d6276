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

/// The text that a base64 text stands for, line breaks and blanks ignored; bytes that are not UTF-8
/// become U+FFFD, as in Go's JSON.
pub(super) fn decode_base64(text: &str) -> Option<String> {
    let mut bits = 0u32;
    let mut held = 0;
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut digits = 0;
    let mut padding = 0;
    for byte in text.bytes().filter(|it| !it.is_ascii_whitespace()) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        digits += 1;
        bits = bits << 6 | u32::from(digit);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or(0));
        }
    }
    ((digits + padding) % 4 == 0 && padding <= 2).then(|| String::from_utf8_lossy(&bytes).into_owned())
}
