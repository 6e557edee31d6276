//! Releases as people and manifests write them.

/// A release of Kubernetes, Kafka or the like, `(major, minor)`.
pub type Release = (u64, u64);

/// The first two parts of `1.30`, `v1.30.2` or `v1.30.2-gke.1`.
pub fn release(text: &str) -> Option<Release> {
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?;
    let digits = minor.find(|it: char| !it.is_ascii_digit()).unwrap_or(minor.len());
    Some((major, minor[..digits].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::release;

    #[test]
    fn releases_are_read_with_what_people_add() {
        for text in ["1.30", "v1.30", "1.30.2", "v1.30.2-gke.1", "1.30+", "1.30-eks"] {
            assert_eq!(release(text), Some((1, 30)), "{text}");
        }
        for text in ["", "1", "v", "latest", "1.x", "one.two"] {
            assert_eq!(release(text), None, "{text}");
        }
    }
}
