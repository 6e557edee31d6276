//! What each release of the Strimzi operator runs, and on what.

use crate::model::{Version, VersionRange};
use std::sync::LazyLock;

/// A release of the operator.
#[derive(Clone, Debug)]
pub struct ReleaseFacts {
    /// The release.
    pub release: Version,
    /// The versions of Kafka that it runs, oldest first.
    pub versions: Vec<&'static str>,
    /// The one that it runs where none is asked for.
    pub default: &'static str,
    /// The oldest Kubernetes that it runs on, where its notes tell.
    pub kubernetes: Option<Version>,
}

static RELEASES: LazyLock<Vec<ReleaseFacts>> = LazyLock::new(|| {
    let lines = include_str!("strimzi-releases.tsv").lines().filter(|it| !it.starts_with('#'));
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<ReleaseFacts> {
    let mut cells = line.split('\t');
    let release = Version::exact(cells.next()?)?;
    let versions: Vec<&str> = cells.next()?.split(' ').collect();
    let default = versions.iter().find_map(|it| it.strip_suffix('*'))?;
    let versions = versions.into_iter().map(|it| it.trim_end_matches('*')).collect();
    let kubernetes = Version::read(cells.next()?);
    Some(ReleaseFacts { release, versions, default, kubernetes })
}

/// All known releases, oldest first.
pub fn all() -> &'static [ReleaseFacts] {
    &RELEASES
}

/// What is known of a release; nothing of one that is newer than the table.
pub fn of(release: Version) -> Option<&'static ReleaseFacts> {
    RELEASES.iter().find(|it| it.release == release)
}

/// The known releases that a range of versions admits, and whether it admits newer ones than the table has.
/// `None` if it cannot be read.
pub fn in_range(text: &str) -> Option<(Vec<Version>, bool)> {
    let range = VersionRange::read(text)?;
    let fits = |it: &Version| range.admits(*it);
    let known: Vec<Version> = RELEASES.iter().map(|it| it.release).collect();
    let last = *known.last()?;
    let Version { major, minor, patch } = last;
    let newer =
        [Version::new(major, minor, patch + 1), Version::new(major, minor + 1, 0), Version::new(major + 1, 0, 0)];
    let is_open = newer.iter().any(fits);
    Some((known.into_iter().filter(fits).collect(), is_open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!(all().len() > 50);
        assert!(all().is_sorted_by_key(|it| it.release));
        assert!(all().iter().all(|it| it.versions.contains(&it.default)));
        assert_eq!(of(Version::new(0, 45, 1)).map(|it| it.default), Some("3.9.1"));
        assert_eq!(of(Version::new(0, 51, 0)).and_then(|it| it.kubernetes), Some(Version::new(1, 30, 0)));
    }

    #[test]
    fn ranges_are_read_as_charts_take_them() {
        let known = |text| in_range(text).map(|it| it.0.len());
        assert_eq!(known("0.45.x"), Some(3));
        assert_eq!(known("0.45"), Some(3));
        assert_eq!(known("~0.46.0"), Some(2));
        assert_eq!(known("=0.45.0"), Some(1));
        assert_eq!(known(">=0.45.0 <0.47.0"), Some(5));
        assert_eq!(in_range(">=1.0.0").map(|it| it.1), Some(true));
        assert_eq!(in_range("0.45.x").map(|it| it.1), Some(false));
        assert_eq!(in_range("latest"), None);
    }
}
