//! Patterns for names: `*` stands for any text.

/// Whether a text fits a pattern.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn globs() {
        assert!(matches("api", "api"));
        assert!(!matches("api", "api2"));
        assert!(matches("api*", "api2"));
        assert!(matches("*/kafka:*", "bitnami/kafka:3"));
        assert!(matches("*", ""));
        assert!(!matches("a*b", "a"));
    }
}
