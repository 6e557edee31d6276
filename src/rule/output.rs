//! What a rule said of an environment, as the engine takes it in.

use super::draft::MergeTarget;
use crate::finding::{Found, Outcome, Subject, Unverified};
use crate::source::Span;

/// What a rule said.
#[derive(Clone, Debug)]
pub struct RuleOutput {
    /// Its findings, with their severities.
    pub findings: Vec<Found>,
    /// Findings that are told by another rule's, if that has one.
    pub told: Vec<(Found, Box<MergeTarget>)>,
    /// What is blocked, and what is not verifiable of something that is no object.
    pub outcomes: Vec<Outcome>,
    /// The objects that are not verifiable.
    pub unverified: Vec<Unverified>,
    /// The objects that are right, by position in their environment, each once.
    pub passed: Vec<u32>,
    /// What is off in this profile or configuration.
    pub silent: Vec<(Span, Subject)>,
    /// Whether it asked about other environments of the run.
    pub asked_run: bool,
}
