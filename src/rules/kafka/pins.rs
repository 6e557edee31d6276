//! What pinned operators support, in words for messages.

use crate::index::kafka::operator::Installation;
use crate::index::kafka::releases;

/// The versions of Kafka that an installation runs; `None` if that is not known.
pub(super) fn supported_by(installation: &Installation<'_>) -> Option<Vec<String>> {
    if let Some(versions) = &installation.versions {
        return Some(versions.clone());
    }
    let mut supported: Vec<String> = Vec::new();
    let candidates = installation.releases();
    for release in &candidates {
        for version in &releases::of(*release)?.versions {
            if !supported.iter().any(|it| it == version) {
                supported.push((*version).to_owned());
            }
        }
    }
    (!candidates.is_empty()).then_some(supported)
}

/// The first and the last known release that runs a version of Kafka.
pub(super) fn supporters(version: &str) -> Option<(String, String)> {
    let mut found = releases::all().iter().filter(|it| it.versions.contains(&version)).map(|it| it.release);
    let first = found.next()?;
    Some((first.to_string(), found.next_back().unwrap_or(first).to_string()))
}
