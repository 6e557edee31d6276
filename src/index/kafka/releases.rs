//! What each release of the Strimzi operator runs, and on what.

use crate::index::kafka::Release;
use crate::model;
use std::sync::LazyLock;

/// A release of the operator.
#[derive(Clone, Debug)]
pub struct ReleaseFacts {
    /// The release.
    pub release: Release,
    /// The versions of Kafka that it runs, oldest first.
    pub versions: Vec<&'static str>,
    /// The one that it runs where none is asked for.
    pub default: &'static str,
    /// The oldest Kubernetes that it runs on, where its notes tell.
    pub kubernetes: Option<(u64, u64)>,
}

static RELEASES: LazyLock<Vec<ReleaseFacts>> = LazyLock::new(|| {
    let lines = include_str!("strimzi-releases.tsv").lines().filter(|it| !it.starts_with('#'));
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<ReleaseFacts> {
    let mut cells = line.split('\t');
    let release = parse_release(cells.next()?)?;
    let versions: Vec<&str> = cells.next()?.split(' ').collect();
    let default = versions.iter().find_map(|it| it.strip_suffix('*'))?;
    let versions = versions.into_iter().map(|it| it.trim_end_matches('*')).collect();
    let kubernetes = model::release(cells.next()?);
    Some(ReleaseFacts { release, versions, default, kubernetes })
}

/// All known releases, oldest first.
pub fn all() -> &'static [ReleaseFacts] {
    &RELEASES
}

/// What is known of a release; nothing of one that is newer than the table.
pub fn of(release: Release) -> Option<&'static ReleaseFacts> {
    RELEASES.iter().find(|it| it.release == release)
}

/// An exact release, as in `0.45.1`.
pub fn parse_release(text: &str) -> Option<Release> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts = text.splitn(3, '.').map(|it| it.parse::<u64>().ok());
    let release = (parts.next()??, parts.next()??, parts.next()??);
    Some(release)
}

/// `0.45.1`.
pub fn name(release: Release) -> String {
    format!("{}.{}.{}", release.0, release.1, release.2)
}

/// The known releases that a range of versions admits, and whether it admits newer ones than the table has.
/// `None` if it cannot be read.
pub fn in_range(text: &str) -> Option<(Vec<Release>, bool)> {
    let parts: Vec<&str> = text.split([' ', ',']).filter(|it| !it.is_empty()).collect();
    let comparators: Vec<String> = parts.iter().map(|it| comparator(it)).collect();
    let wanted = semver::VersionReq::parse(&comparators.join(",")).ok()?;
    let fits = |it: &Release| wanted.matches(&semver::Version::new(it.0, it.1, it.2));
    let known: Vec<Release> = RELEASES.iter().map(|it| it.release).collect();
    let last = *known.last()?;
    let newer = [(last.0, last.1, last.2 + 1), (last.0, last.1 + 1, 0), (last.0 + 1, 0, 0)];
    let is_open = newer.iter().any(fits);
    Some((known.into_iter().filter(fits).collect(), is_open))
}

/// Charts take a version with parts left out for all that begin so; `semver` would take it for a caret.
fn comparator(text: &str) -> String {
    let text = text.trim_start_matches('v');
    let is_bare = text.starts_with(|it: char| it.is_ascii_digit());
    match (is_bare, text.split('.').count()) {
        (true, 1 | 2) => format!("{text}.*"),
        (true, _) if !text.ends_with(['x', 'X', '*']) => format!("={text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!(all().len() > 50);
        assert!(all().is_sorted_by_key(|it| it.release));
        assert!(all().iter().all(|it| it.versions.contains(&it.default)));
        assert_eq!(of((0, 45, 1)).map(|it| it.default), Some("3.9.1"));
        assert_eq!(of((0, 51, 0)).and_then(|it| it.kubernetes), Some((1, 30)));
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
