//! The `data` of Secrets, which is base64.

/// What a value of a Secret's `data` says, if it is text.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in text.bytes().filter(|it| !it.is_ascii_whitespace() && *it != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn text_comes_back() {
        assert_eq!(decode("cG9zdGdyZXM=").as_deref(), Some("postgres"));
        assert_eq!(decode("UEdEQVRB\n").as_deref(), Some("PGDATA"));
        assert_eq!(decode("").as_deref(), Some(""));
        assert_eq!(decode("${SECRET}"), None);
    }
}
