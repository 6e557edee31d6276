//! How long keys of JSON are.

/// How many bytes there are from the start of a key to its colon, in the map where that is most. What is no JSON may say
/// anything.
pub(super) fn longest(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut longest) = (0, 0);
    while let Some(start) = bytes[at..].iter().position(|it| *it == b'"').map(|it| at + it) {
        let Some(end) = end_of_string(bytes, start + 1) else { break };
        let blanks = bytes[end..].iter().take_while(|it| it.is_ascii_whitespace()).count();
        if bytes.get(end + blanks) == Some(&b':') {
            longest = longest.max(end + blanks - start);
        }
        at = end;
    }
    longest
}

/// What stands behind the quote that ends a string.
fn end_of_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|it| matches!(it, b'"' | b'\\'))?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::longest;

    #[test]
    fn keys_are_measured_to_their_colons() {
        for (text, expected) in [
            ("", 0),
            (r#"{"a": "bcdefgh", "bc" : 1}"#, 5),
            (r#"{"a\"b": ["long text without a colon"]}"#, 6),
            ("{\"a\"\n\n:1}", 5),
            (r#"["a\\"]"#, 0),
            (r#"{"a": "b\"#, 3),
            (r#"{"a"#, 0),
        ] {
            assert_eq!(longest(text), expected, "{text}");
        }
    }
}
