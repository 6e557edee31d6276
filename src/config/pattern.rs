//! Patterns for names: `*` stands for any text.

use std::collections::BTreeSet;

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

/// What a text has to begin or end with to fit a pattern: the longer of the ends at which the pattern is literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End<'p> {
    /// It is just this.
    Whole(&'p str),
    /// It begins so.
    Prefix(&'p str),
    /// It ends so.
    Suffix(&'p str),
    /// Any text may fit.
    Any,
}

impl<'p> End<'p> {
    /// That of a pattern.
    pub fn of(pattern: &'p str) -> End<'p> {
        let Some((prefix, rest)) = pattern.split_once('*') else { return End::Whole(pattern) };
        let suffix = rest.rsplit_once('*').map_or(rest, |it| it.1);
        match (prefix.len(), suffix.len()) {
            (0, 0) => End::Any,
            (before, behind) if before >= behind => End::Prefix(prefix),
            _ => End::Suffix(suffix),
        }
    }
}

/// The lengths of the ends of many patterns, to look up those that a text has.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    prefixes: BTreeSet<usize>,
    suffixes: BTreeSet<usize>,
}

impl Ends {
    /// Adds the end of one more pattern.
    pub fn add(&mut self, end: End<'_>) {
        match end {
            End::Prefix(text) => _ = self.prefixes.insert(text.len()),
            End::Suffix(text) => _ = self.suffixes.insert(text.len()),
            End::Whole(_) | End::Any => {}
        }
    }

    /// All ends that a text has and one of the patterns may have.
    pub fn of<'t>(&self, text: &'t str) -> impl Iterator<Item = End<'t>> {
        let prefixes = self.prefixes.iter().filter_map(|it| text.get(..*it)).map(End::Prefix);
        let suffix = |length: &usize| text.get(text.len().checked_sub(*length)?..);
        let suffixes = self.suffixes.iter().filter_map(suffix).map(End::Suffix);
        [End::Whole(text), End::Any].into_iter().chain(prefixes).chain(suffixes)
    }
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
