//! The hash of a ConfigMap or Secret that kustomize puts behind its name: SHA-256 of its content as JSON,
//! by the rules of `api/hasher`.

use crate::yaml::scalar::Scalar;
use crate::yaml::tree::{Content, Tree};

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
    let hex: String = sha256(json.as_bytes()).iter().map(|it| format!("{it:02x}")).collect();
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

/// SHA-256 (FIPS 180-4).
fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut state: [u32; 8] =
        [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    let bits = (bytes.len() as u64).wrapping_mul(8);
    let mut blocks = bytes.chunks_exact(64);
    for block in &mut blocks {
        compress(&mut state, block);
    }
    let mut rest = blocks.remainder().to_vec();
    rest.push(0x80);
    let zeros = (120 - rest.len() % 64) % 64;
    rest.extend(std::iter::repeat_n(0, zeros));
    rest.extend(bits.to_be_bytes());
    for block in rest.chunks_exact(64) {
        compress(&mut state, block);
    }
    let mut digest = [0; 32];
    for (place, word) in digest.chunks_exact_mut(4).zip(state) {
        place.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

fn compress(state: &mut [u32; 8], block: &[u8]) {
    let mut words = [0u32; 64];
    for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
    }
    for at in 16..64 {
        let (early, late) = (words[at - 15], words[at - 2]);
        let one = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
        let two = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
        words[at] = words[at - 16].wrapping_add(one).wrapping_add(words[at - 7]).wrapping_add(two);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (word, constant) in words.iter().zip(ROUNDS) {
        let mix = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let first = h.wrapping_add(mix).wrapping_add(choice).wrapping_add(constant).wrapping_add(*word);
        let mix = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let second = mix.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
    }
    for (word, new) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *word = word.wrapping_add(new);
    }
}

const ROUNDS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        sha256(text.as_bytes()).iter().map(|it| format!("{it:02x}")).collect()
    }

    /// The examples of the standard, and lengths around that of a block.
    #[test]
    fn sums_are_those_of_the_standard() {
        assert_eq!(hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(hex(&"a".repeat(55)), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
        assert_eq!(hex(&"a".repeat(64)), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    }
}
