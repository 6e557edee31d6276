//! Texts that a later step replaces, so that nobody knows the value yet.

/// Whether a text is, or holds, a placeholder of `envsubst` and Flux, of Helm, or of kustomize.
pub fn is_placeholder(text: &str) -> bool {
    // Most texts hold neither sign, and one pass tells.
    text.bytes().any(|it| matches!(it, b'$' | b'{'))
        && (text.contains("${") || text.contains("{{") || text.contains("$("))
}
