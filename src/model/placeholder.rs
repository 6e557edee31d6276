//! Texts that a later step replaces, so that nobody knows the value yet.

/// Whether a text is, or holds, a placeholder of `envsubst` and Flux, of Helm, or of kustomize, or is one that somebody
/// fills in by hand: `<the address of the server>`.
pub fn is_placeholder(text: &str) -> bool {
    // Most texts hold none of these signs, and one pass tells.
    text.bytes().any(|it| matches!(it, b'$' | b'{' | b'<'))
        && (text.contains("${") || text.contains("{{") || text.contains("$(") || is_blank(text))
}

/// Whether a text is nothing but words in angle brackets.
fn is_blank(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|it| it.strip_suffix('>'));
    inner.is_some_and(|it| {
        it.starts_with(|it: char| it.is_ascii_alphabetic()) && !it.contains(['<', '>', '/', '=', '\n'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_fills_in_is_told_from_what_is_meant() {
        for text in ["${A}", "a-{{ .b }}", "$(A)", "<ADD THE LUN>", "<your-bucket>"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "<", "<>", "a<b>", "<1>", "<p>a</p>", "< 5", "a > b"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }
}
