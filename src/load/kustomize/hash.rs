//! The hash of a ConfigMap or Secret that kustomize puts behind its name: SHA-256 of its content as JSON,
//! by the rules of `api/hasher`.

use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Content, Tree};
use sha2::{Digest as _, Sha256};

/// The hash of an object, ten letters.
pub(super) fn name_hash(object: &Tree) -> String {
    let kind = object.text_at(&["kind"]).unwrap_or_default();
    let mut json = String::from("{");
    let mut add = |key: &str, is_optional: bool| {
        let value = object.get(key);
        if is_optional && !value.is_some_and(|it| matches!(it.content, Content::Map(_))) {
            return;
        }
        write_text(key, &mut json);
        json.push(':');
        match value {
            Some(value) => write(value, &mut json),
            None => json.push_str("\"\""),
        }
        json.push(',');
    };
    // The keys in their order.
    if kind == "ConfigMap" {
        add("binaryData", true);
    }
    add("data", false);
    json.push_str("\"kind\":");
    write_text(kind, &mut json);
    // kustomize looks for the name in a field that is never there.
    json.push_str(",\"name\":\"\"");
    if kind == "Secret" {
        if let Some(texts) = object.get("stringData").filter(|it| matches!(it.content, Content::Map(_))) {
            json.push_str(",\"stringData\":");
            write(texts, &mut json);
        }
        json.push_str(",\"type\":");
        write_text(object.text_at(&["type"]).unwrap_or_default(), &mut json);
    }
    json.push('}');
    let hex = format!("{:x}", Sha256::digest(json.as_bytes()));
    let letters = hex.chars().take(10).map(|it| match it {
        '0' => 'g',
        '1' => 'h',
        '3' => 'k',
        'a' => 'm',
        'e' => 't',
        other => other,
    });
    letters.collect()
}

fn write(tree: &Tree, json: &mut String) {
    match &tree.content {
        Content::Map(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by(|one, other| one.key.cmp(&other.key));
            json.push('{');
            for (at, entry) in entries.into_iter().enumerate() {
                if at > 0 {
                    json.push(',');
                }
                write_text(&entry.key, json);
                json.push(':');
                write(&entry.value, json);
            }
            json.push('}');
        }
        Content::List(items) => {
            json.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    json.push(',');
                }
                write(item, json);
            }
            json.push(']');
        }
        Content::Plain(text) | Content::Text(text) => match tree.typed() {
            Some(Scalar::Str(_)) | None => write_text(text, json),
            Some(Scalar::Null) => json.push_str("null"),
            Some(Scalar::Bool(value)) => json.push_str(if value { "true" } else { "false" }),
            Some(Scalar::Int(value)) => json.push_str(&value.to_string()),
            Some(Scalar::UInt(value)) => json.push_str(&value.to_string()),
            Some(Scalar::Float(value)) => json.push_str(&value.to_string()),
        },
    }
}

/// A text as Go writes it in JSON: HTML and two separators are escaped.
fn write_text(text: &str, json: &mut String) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                json.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            other => json.push(other),
        }
    }
    json.push('"');
}
