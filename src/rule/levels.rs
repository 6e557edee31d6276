//! Levels of rules, as pages and configurations write them.

use crate::config::{Level, Profile};
use crate::finding::Severity;

/// Levels in the three profiles; `None` where the rule is off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    relaxed: Level,
    default: Level,
    production: Level,
}

impl Levels {
    pub(super) fn new(relaxed: Level, default: Level, production: Level) -> Levels {
        Levels { relaxed, default, production }
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

/// The level with this word.
pub fn parse_level(word: &str) -> Option<Level> {
    match word {
        "off" => Some(None),
        "note" => Some(Some(Severity::Note)),
        "warning" => Some(Some(Severity::Warning)),
        "error" => Some(Some(Severity::Error)),
        _ => None,
    }
}
