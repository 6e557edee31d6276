//! What is deployed together.

use super::{ChartFiles, Object, object};
use crate::finding::{DocumentOutcome, Label};
use crate::source::{SourceId, Span};
use crate::yaml::Document;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Objects that are deployed together. Rules never look across two environments, but for one question of
/// the index: does anything in the whole run match this.
#[derive(Debug, Default)]
pub struct Environment {
    /// The folder, file or name in the configuration; unique in a run.
    pub name: String,
    /// The name that does not depend on where the run began, for a baseline; empty where it is the same.
    pub known_as: String,
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
    pub documents: Arc<Vec<DocumentOutcome>>,
    /// Remarks on how it was put together, each one sentence.
    pub remarks: Vec<String>,
    /// What is deployed with it but that the run does not see: from its absence nothing is concluded.
    pub unseen: Vec<Unseen>,
    /// Whether the tools that deploy the rest of the repository do not deploy it, as far as the repository shows:
    /// what is wrong with it is a warning at most.
    pub is_undeployed: bool,
    /// The folders that it was made of, as shown, where a tool deploys several.
    pub folders: Vec<String>,
    /// The instructions by which its objects were built, where they hold comments.
    pub instructions: Vec<Instructions>,
    /// What is read of the charts that it installs, besides its objects.
    pub charts: ChartFiles,
}

/// A kustomization with comments.
#[derive(Clone, Debug)]
pub struct Instructions {
    /// Its document.
    pub document: Arc<Document>,
    /// The patches that it names by their files: where, and which.
    pub patches: Vec<(Span, SourceId)>,
}

impl Environment {
    /// The name in a baseline.
    pub fn lasting_name(&self) -> &str {
        if self.known_as.is_empty() { &self.name } else { &self.known_as }
    }

    /// Gives each object its id. Whoever makes an environment does this last.
    pub fn number(&mut self) {
        // What is no object of the environment has a number behind those of all that are.
        object::number(self.objects.iter_mut().chain(&mut self.charts.inflated));
    }

    /// Why objects of one of these kinds may be there though the manifests hold none; `None` if they cannot.
    ///
    /// Kinds are written as `Kind.group`, those of the core group as `Kind`. Without a namespace, that of any
    /// hidden object counts.
    pub fn may_hide(&self, kinds: &[impl AsRef<str>], namespace: Option<&str>) -> Option<&str> {
        may_hide(&self.unseen, kinds, namespace)
    }
}

/// [`Environment::may_hide`] of what an environment does not see.
pub fn may_hide<'u>(unseen: &'u [Unseen], kinds: &[impl AsRef<str>], namespace: Option<&str>) -> Option<&'u str> {
    let is_near = |it: &Unseen| match (&it.namespace, namespace) {
        (Some(hidden), Some(own)) => hidden == own,
        _ => true,
    };
    let hides = |it: &&Unseen| is_near(it) && kinds.iter().any(|kind| it.kinds.has(kind.as_ref()));
    unseen.iter().find(hides).map(|it| it.reason.as_str())
}

/// Objects that are deployed with an environment but that the run does not see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unseen {
    /// What hides them and what would show them, as a clause without a full stop:
    /// `HelmRelease redis installs a chart that is not rendered here`.
    pub reason: String,
    /// Which kinds may be among them.
    pub kinds: UnseenKinds,
    /// The namespace that they are in; `None` if they may be in any.
    pub namespace: Option<String>,
}

/// Kinds of objects that a run does not see, each as `Kind.group`, or `Kind` in the core group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnseenKinds {
    /// Any kind.
    All,
    /// These kinds alone.
    Only(BTreeSet<String>),
    /// Every kind but these.
    AllBut(BTreeSet<String>),
}

impl UnseenKinds {
    /// Whether objects of this kind may be hidden.
    pub fn has(&self, kind: &str) -> bool {
        match self {
            UnseenKinds::All => true,
            UnseenKinds::Only(kinds) => kinds.contains(kind),
            UnseenKinds::AllBut(kinds) => !kinds.contains(kind),
        }
    }
}

/// Which way a text cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Kubernetes' reader refuses the document.
    Syntax,
    /// It is read but for a key that its kind does not have.
    UnknownKey,
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
