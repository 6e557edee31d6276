//! Which PostgreSQL an image holds, told by its tag.

use crate::model::{ImageName, is_placeholder, leading_number};

/// The major version that an image's tag tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Major {
    /// This one.
    Is(u32),
    /// The newest: the tag names no version.
    Newest,
    /// Not told.
    Unknown,
}

/// Reads the major version from a tag: `15-alpine`, `16.4`, `latest-pg15`, `pg17`; `bookworm` has none.
pub(super) fn major(image: &str) -> Major {
    if is_placeholder(image) {
        return Major::Unknown;
    }
    let image = ImageName::read(image);
    let name = image.name();
    let Some(tag) = image.tag else {
        return if image.digest.is_some() { Major::Unknown } else { Major::Newest };
    };
    if let Some((_, rest)) = tag.split_once("pg") {
        return number(rest).map_or(Major::Unknown, Major::Is);
    }
    let is_versioned_alike = matches!(name, "postgres" | "postgresql" | "postgis" | "postgresql-repmgr");
    match number(tag) {
        Some(major) if is_versioned_alike && (6..100).contains(&major) => Major::Is(major),
        Some(_) => Major::Unknown,
        None if ["latest", "alpine", "bookworm", "trixie", "bullseye"].iter().any(|it| tag.starts_with(it)) => {
            Major::Newest
        }
        None => Major::Unknown,
    }
}

fn number(text: &str) -> Option<u32> {
    leading_number(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{Major, major};

    #[test]
    fn tags_tell_versions() {
        assert_eq!(major("postgres:15-alpine"), Major::Is(15));
        assert_eq!(major("postgres"), Major::Newest);
        assert_eq!(major("postgres:alpine3.22"), Major::Newest);
        assert_eq!(major("timescale/timescaledb:2.17.2-pg16"), Major::Is(16));
        assert_eq!(major("registry:5000/postgres:9.6"), Major::Is(9));
        assert_eq!(major("postgres:${TAG}"), Major::Unknown);
    }
}
