//! Findings that somebody took away.

use super::Finding;
use crate::source::Span;

/// What takes a finding away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SuppressedBy {
    /// A comment in the manifest.
    Comment,
    /// An annotation of the object.
    Annotation,
    /// An entry of the configuration.
    Configuration,
    /// The baseline.
    Baseline,
}

impl SuppressedBy {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            SuppressedBy::Comment => "comment",
            SuppressedBy::Annotation => "annotation",
            SuppressedBy::Configuration => "configuration",
            SuppressedBy::Baseline => "baseline",
        }
    }
}

/// A finding that somebody took away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// What took it away.
    pub kind: SuppressedBy,
    /// Where that stands.
    pub by: Span,
    /// The reason that it gives; may be empty.
    pub reason: String,
}
