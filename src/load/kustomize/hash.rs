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
        if is_optional && value.is_none_or(|it| it.scalar().is_some()) {
            return;
        }
        write_text(key, &mut json);
        json.push(':');
        match value.map(|it| &it.content) {
            Some(Content::Map(_)) => write(value.expect("it is a map"), &mut json),
            // kustomize reads it as a map, and there is none.
            Some(Content::List(_)) => json.push_str("null"),
            Some(Content::Plain(text) | Content::Text(text)) => write_text(text, &mut json),
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
            // Go reads every number of JSON as a float.
            #[expect(clippy::cast_precision_loss, reason = "as in Go")]
            Some(Scalar::Int(value)) => json.push_str(&number(value as f64)),
            #[expect(clippy::cast_precision_loss, reason = "as in Go")]
            Some(Scalar::UInt(value)) => json.push_str(&number(value as f64)),
            Some(Scalar::Float(value)) => json.push_str(&number(value)),
        },
    }
}

/// A number as Go writes it in JSON.
fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    if text.contains("e-") { text } else { text.replace('e', "e+") }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::yaml::parse;
    use std::sync::Arc;

    fn hash(data: &str) -> String {
        let text: Arc<str> = format!("{{kind: ConfigMap, data: {data}}}").into();
        let document = parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("holds a document");
        name_hash(&Tree::of(document.root()).expect("small"))
    }

    /// What kustomize 5.8 puts behind the name.
    #[test]
    fn what_stands_in_the_place_of_texts_counts_too() {
        let floats = "{x: '1', d: 1.5, e: 1e21, f: 12345678901234567890123, g: 0.0000001}";
        let cases = [
            ("null", "g886t7dd28"),
            ("[a]", "dk855m5d49"),
            ("{NEW: null, x: debug}", "67ttdc8ch9"),
            ("{NEW: 8, x: debug}", "5bkh6ddd5d"),
            (floats, "bht45bgb2k"),
        ];
        for (data, expected) in cases {
            assert_eq!(hash(data), expected, "{data}");
        }
    }
}
