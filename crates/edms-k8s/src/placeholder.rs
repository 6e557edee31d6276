//! Texts that a later step replaces, so that nobody knows the value yet.

use edms_yaml::Entry;

/// How a value begins that SOPS has encrypted (getsops/sops, `aes/cipher.go`).
const ENCRYPTED: &str = "ENC[AES256_GCM,";

/// Whether a text is, or holds, a placeholder of `envsubst` and Flux, of Helm, or of kustomize, is one that somebody
/// fills in by hand, as `<the address of the server>`, or was encrypted by SOPS.
pub fn is_placeholder(text: &str) -> bool {
    // Most texts hold none of these signs, and one pass tells.
    text.bytes().any(|it| matches!(it, b'$' | b'{' | b'<'))
        && (text.contains("${") || text.contains("{{") || text.contains("$(") || is_blank(text))
        || text.starts_with(ENCRYPTED)
}

/// Whether a field is what SOPS writes about an encrypted file beside the object's own fields, and takes away again when it
/// decrypts it (getsops/sops, `stores/stores.go`).
pub fn is_of_sops(field: Entry<'_>) -> bool {
    field.name() == "sops" && field.value.get("mac").is_some()
}

/// Whether a value may be filled in before it is applied where neither `$` nor `<` can stand in the end: besides what is
/// a placeholder anywhere, `api.$DOMAIN`, as `envsubst` takes it, `__NAMESPACE__`, and `api.<your domain>`.
pub fn may_be_filled_in(text: &str) -> bool {
    // Nearly all texts of a manifest are asked, and most hold none of these signs.
    if !text.bytes().any(|it| matches!(it, b'$' | b'{' | b'<' | b'_')) {
        return text.starts_with(ENCRYPTED);
    }
    let is_variable = |it: &str| it.bytes().take_while(|it| it.is_ascii_uppercase() || *it == b'_').count() > 1;
    let is_part = |it: &str| {
        let it = it.trim_start();
        it.starts_with(|it: char| it.is_ascii_alphabetic()) && it.contains('>')
    };
    let is_capital = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    let marked = text.split_once("__").and_then(|it| it.1.rsplit_once("__")).map(|it| it.0);
    if marked.is_some_and(|it| !it.is_empty() && it.chars().all(is_capital)) {
        return true;
    }
    is_placeholder(text) || text.split('$').skip(1).any(is_variable) || text.split('<').skip(1).any(is_part)
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
        for text in [
            "${A}",
            "a-{{ .b }}",
            "$(A)",
            "<ADD THE LUN>",
            "<your-bucket>",
            "ENC[AES256_GCM,data:x,iv:y,tag:z,type:int]",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["", "<", "<>", "a<b>", "<1>", "<p>a</p>", "< 5", "a > b"] {
            assert!(!is_placeholder(text), "{text}");
        }
        for text in [
            "api.$DOMAIN",
            "api.<your domain>",
            "$DB_NAME-svc",
            "__NAMESPACE__",
            "api-__REGION1_NS__-x",
            "<< namespace >>",
        ] {
            assert!(may_be_filled_in(text) && !is_placeholder(text), "{text}");
        }
        for text in ["API.example.com", "a__b", "__", "____", "a$", "a$b", "a<", "a > b < c"] {
            assert!(!may_be_filled_in(text), "{text}");
        }
    }
}
