//! Levels of rules, as pages and configurations write them.

use crate::config::{Level, Profile};
use crate::finding::{Severity, after};

/// Levels in the three profiles; `None` where the rule is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    relaxed: Level,
    default: Level,
    production: Level,
}

impl Levels {
    /// Reads `{relaxed: off, default: note, production: error}`.
    pub(super) const fn read(text: &str) -> Option<Levels> {
        let Some((relaxed, rest)) = next(text, "{relaxed: ", b',') else { return None };
        let Some((default, rest)) = next(rest, " default: ", b',') else { return None };
        match next(rest, " production: ", b'}') {
            Some((production, rest)) if rest.is_empty() => Some(Levels { relaxed, default, production }),
            _ => None,
        }
    }

    /// The level in a profile.
    pub fn of(self, profile: Profile) -> Level {
        match profile {
            Profile::Relaxed => self.relaxed,
            Profile::Default => self.default,
            Profile::Production => self.production,
        }
    }
}

/// The level between `start` and `end`, and what follows.
const fn next<'t>(text: &'t str, start: &str, end: u8) -> Option<(Level, &'t str)> {
    let Some(text) = after(text, start) else { return None };
    let mut length = 0;
    while length < text.len() && text.as_bytes()[length] != end {
        length += 1;
    }
    let (word, rest) = text.split_at(length);
    match parse_level(word) {
        Some(level) if !rest.is_empty() => Some((level, rest.split_at(1).1)),
        _ => None,
    }
}

/// The level with this word.
pub const fn parse_level(word: &str) -> Option<Level> {
    match word.as_bytes() {
        b"off" => Some(None),
        b"note" => Some(Some(Severity::Note)),
        b"warning" => Some(Some(Severity::Warning)),
        b"error" => Some(Some(Severity::Error)),
        _ => None,
    }
}
