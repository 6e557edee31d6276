//! What is deployed together.

use super::Object;
use crate::finding::{DocumentFate, Label};
use crate::source::Span;
use std::sync::Arc;

/// Objects that are deployed together. Rules never look across two environments, but for one question of
/// the index: does anything in the whole run match this.
#[derive(Debug, Default)]
pub struct Environment {
    /// The folder, file or name in the configuration; unique in a run.
    pub name: String,
    /// Why these files belong together, for the summary.
    pub reason: String,
    /// Whether the run saw exactly one file, so that nothing is concluded from what is absent.
    pub is_fragment: bool,
    /// Whether whole directories were read: only then is a missing monitor, backup or node a finding.
    pub is_directory: bool,
    /// The objects in the order of their files' paths and of their places in them.
    pub objects: Vec<Object>,
    /// What could not be read as it stands.
    pub problems: Vec<Problem>,
    /// Every document and what became of it, in order.
    pub documents: Arc<Vec<DocumentFate>>,
    /// Remarks on how it was put together, each one sentence.
    pub remarks: Vec<String>,
}

/// Which way a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Kubernetes' reader refuses the document.
    Syntax,
    /// It is read, but not by every tool, or not all of it.
    Doubtful,
}

/// A text that cannot be read as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which way.
    pub kind: ProblemKind,
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Further places.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
}
