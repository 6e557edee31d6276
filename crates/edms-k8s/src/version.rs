//! Versions as people and manifests write them: of Kubernetes, Kafka, operators and charts.

use std::fmt;
use std::ops::RangeInclusive;

/// A version, as in `0.45.1`. What stands behind its three numbers does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second.
    pub minor: u64,
    /// The third.
    pub patch: u64,
}

impl Version {
    /// A version of three numbers.
    pub const fn new(major: u64, minor: u64, patch: u64) -> Version {
        Version { major, minor, patch }
    }

    /// What is meant by `1.30`, `v1.30.2`, `1.30.2-gke.1` or `1.30+`.
    pub fn read(text: &str) -> Option<Version> {
        let mut parts = without_v(text).split('.');
        let major = parts.next()?.parse().ok()?;
        let minor = leading_number(parts.next()?)?;
        Some(Version { major, minor, patch: parts.next().and_then(leading_number).unwrap_or_default() })
    }

    /// A version of so many numbers, and nothing else: `1.36` of two, `v1.36.2` of three.
    pub fn of_numbers(text: &str, count: RangeInclusive<usize>) -> Option<Version> {
        let numbers: Vec<u64> =
            without_v(text).split('.').map(|it| it.parse::<u16>().ok().map(u64::from)).collect::<Option<_>>()?;
        let is_right = count.contains(&numbers.len()) && text.bytes().all(|it| it != b'+');
        is_right.then(|| {
            let number = |at: usize| numbers.get(at).copied().unwrap_or_default();
            Version::new(number(0), number(1), number(2))
        })
    }

    /// A release and nothing else: `0.45.1` or `v0.45.1`, no range, no candidate.
    pub fn exact(text: &str) -> Option<Version> {
        let version = semver::Version::parse(without_v(text)).ok()?;
        let is_release = version.pre.is_empty() && version.build.is_empty();
        is_release.then_some(Version { major: version.major, minor: version.minor, patch: version.patch })
    }

    /// The first two numbers, by which Kubernetes is known: `1.30`.
    pub fn short(self) -> String {
        format!("{}.{}", self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A range of versions, as charts take it.
#[derive(Clone, Debug)]
pub struct VersionRange(semver::VersionReq);

impl VersionRange {
    /// Reads `0.45.x`, `~0.46.0` or `>=0.45.0 <0.47.0`.
    pub fn read(text: &str) -> Option<VersionRange> {
        let comparators: Vec<String> = parts(text).map(comparator).collect();
        semver::VersionReq::parse(&comparators.join(",")).ok().map(VersionRange)
    }

    /// Whether a version is in it.
    pub fn admits(&self, version: Version) -> bool {
        self.0.matches(&semver::Version::new(version.major, version.minor, version.patch))
    }
}

/// The one major version that a version or a range of versions stands for: `16.2.1`, `^16`, `16.x`, `>=16.1 <17`.
pub fn major_version(text: &str) -> Option<u64> {
    let number = |it: &str| leading_number(without_v(it));
    let mut parts = parts(text);
    match (parts.next()?, parts.next(), parts.next()) {
        (only, None, None) => number(only.trim_start_matches(['^', '~', '='])),
        (first, Some(second), None) => {
            let (least, below) = (number(first.strip_prefix(">=")?)?, number(second.strip_prefix('<')?)?);
            (least.checked_add(1) == Some(below)).then_some(least)
        }
        _ => None,
    }
}

/// The number that a text begins with: 15 of `15-alpine`.
pub fn leading_number(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text[..digits].parse().ok()
}

fn without_v(text: &str) -> &str {
    text.strip_prefix('v').unwrap_or(text)
}

/// The comparators of a range.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',']).filter(|it| !it.is_empty())
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
    fn versions_are_read_with_what_people_add() {
        for text in ["1.30", "v1.30", "1.30+", "1.30-eks"] {
            assert_eq!(Version::read(text), Some(Version::new(1, 30, 0)), "{text}");
        }
        for text in ["1.30.2", "v1.30.2-gke.1", "1.30.2+k3s1"] {
            assert_eq!(Version::read(text), Some(Version::new(1, 30, 2)), "{text}");
        }
        for text in ["", "1", "v", "latest", "1.x", "one.two"] {
            assert_eq!(Version::read(text), None, "{text}");
        }
    }

    #[test]
    fn releases_are_exact() {
        assert_eq!(Version::exact("v0.45.1"), Some(Version::new(0, 45, 1)));
        for text in ["0.45", "0.45.x", "0.45.1-rc1", "0.45.1+1", ">=0.45.1", "99999999999999999999.0.0"] {
            assert_eq!(Version::exact(text), None, "{text}");
        }
        assert_eq!(Version::new(0, 45, 1).to_string(), "0.45.1");
        assert_eq!(Version::new(1, 30, 2).short(), "1.30");
    }

    #[test]
    fn ranges_are_those_of_charts() {
        let admits = |range: &str, version: &str| {
            VersionRange::read(range).zip(Version::exact(version)).is_some_and(|it| it.0.admits(it.1))
        };
        assert!(admits("0.45", "0.45.3") && !admits("0.45", "0.46.0"));
        assert!(admits(">=0.45.0 <0.47.0", "0.46.1") && !admits(">=0.45.0, <0.47.0", "0.47.0"));
        assert!(VersionRange::read("latest").is_none());
    }

    #[test]
    fn versions_have_one_major_number_or_none() {
        for (version, major) in [
            ("16.2.1", Some(16)),
            ("v1.2", Some(1)),
            ("^16", Some(16)),
            ("~16.1", Some(16)),
            ("16.x", Some(16)),
            ("1.*", Some(1)),
            ("0.45.0-rc1", Some(0)),
            (">=16.1.0 <17.0.0", Some(16)),
            (">=16.1.0, <17", Some(16)),
            (">=16.1.0 <18", None),
            (">=16", None),
            ("*", None),
            ("1.x || 2.x", None),
            ("", None),
            ("${VERSION}", None),
        ] {
            assert_eq!(major_version(version), major, "{version}");
        }
    }
}
