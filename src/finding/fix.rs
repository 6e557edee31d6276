//! What would mend a finding: changes of trees, and how far they may be trusted.

use super::{RuleId, Subject};
use crate::source::Span;
use crate::yaml::edit::{At, LineEdit};
use crate::yaml::{Document, NodeRef, Value};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// How far a fix may be trusted. Ordered: what is safe is the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Shown, never applied: there are several right answers, or a person knows the value.
    DisplayOnly,
    /// Right in itself, but a person decides: pods restart, the scale changes, an object appears, a protection tightens.
    Unsafe,
    /// No running pod changes, nothing new appears, and what changes had no effect or did harm.
    Safe,
}

impl Safety {
    /// The word on pages and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Safety::DisplayOnly => "display",
            Safety::Unsafe => "unsafe",
            Safety::Safe => "safe",
        }
    }
}

/// What a fix is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Text, fields and suppressions.
    Syntax,
    /// API versions.
    Version,
    /// Names, selectors and switches.
    Names,
    /// Pods, brokers, replication factors, and what is stored.
    Replicas,
    /// Probes, strategies, shutdown and settings of the program.
    Probes,
    /// Topology spread and affinity.
    Placement,
    /// Budgets.
    Budgets,
    /// Autoscalers.
    Autoscalers,
    /// Monitors and alerts.
    Monitoring,
}

impl Stage {
    /// All, in the order in which they are mended.
    pub const ALL: [Stage; 9] = [
        Stage::Syntax,
        Stage::Version,
        Stage::Names,
        Stage::Replicas,
        Stage::Probes,
        Stage::Placement,
        Stage::Budgets,
        Stage::Autoscalers,
        Stage::Monitoring,
    ];

    /// The pass in which its turn comes at the earliest. Of each object only the first that has a fix is mended in one
    /// pass: what the object is called and how many pods it runs before what counts them. Who watches it does not matter to
    /// either.
    pub fn turn(self) -> u8 {
        match self {
            Stage::Syntax | Stage::Version | Stage::Names | Stage::Replicas | Stage::Monitoring => 0,
            Stage::Probes | Stage::Placement | Stage::Budgets | Stage::Autoscalers => 1,
        }
    }

    /// The word on pages.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Syntax => "syntax",
            Stage::Version => "version",
            Stage::Names => "names",
            Stage::Replicas => "replicas",
            Stage::Probes => "probes",
            Stage::Placement => "placement",
            Stage::Budgets => "budgets",
            Stage::Autoscalers => "autoscalers",
            Stage::Monitoring => "monitoring",
        }
    }
}

/// A node of a tree, which the report keeps.
#[derive(Clone)]
pub struct NodeId {
    document: Arc<Document>,
    id: u32,
}

impl NodeId {
    /// A node of a document.
    pub fn new(document: &Arc<Document>, node: NodeRef<'_>) -> NodeId {
        NodeId { document: Arc::clone(document), id: node.id() }
    }

    /// The node.
    pub fn node(&self) -> NodeRef<'_> {
        self.document.node(self.id)
    }
}

impl PartialEq for NodeId {
    /// What is written at one place is one, in whichever document it was composed.
    fn eq(&self, other: &NodeId) -> bool {
        self.node().span() == other.node().span()
    }
}

impl Eq for NodeId {}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.node().span())
    }
}

/// One change of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another value in the place of one.
    Set(NodeId, Value),
    /// A new entry of a map.
    Insert(NodeId, Cow<'static, str>, Value, At<'static>),
    /// A new last item of a list.
    Push(NodeId, Value),
    /// Takes out an entry of a map, or an item of a list, by its value.
    Remove(NodeId),
    /// Another name for this key.
    Rename(NodeId, String),
    /// New objects behind the one with this root.
    Append(NodeId, Vec<Value>),
    /// Other lines of a text.
    Lines(NodeId, Vec<LineEdit>),
    /// Another text for a comment; an empty one takes it out.
    Comment(Span, String),
}

/// A replacement of bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// What would mend a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative without a full stop.
    pub title: Cow<'static, str>,
    /// How far it may be trusted.
    pub safety: Safety,
    /// When its turn comes.
    pub stage: Stage,
    /// The rule whose fix of the same object may do for both: where that one is made, this one waits for what it comes to.
    pub yields_to: Option<RuleId>,
    /// The changes, which belong together.
    pub changes: Vec<Change>,
    /// The same in bytes of the files, once they were worked out; see [`crate::fix::work_out`].
    pub edits: Vec<Edit>,
    /// What moves once it is deployed: `restarts the 3 pods of Deployment api`.
    pub effect: Option<String>,
    /// Why it is only shown, if the page promises more.
    pub hindrance: Option<Cow<'static, str>>,
    /// Set where it is only shown and its rule meant more: why it is refused.
    pub refused: Option<Refused>,
    /// Whether it is applied only where its rule is named: what it is about is a tool, or part of the platform.
    pub is_aside: bool,
}

/// A fix that is only shown, because of where it would be made or of what would come of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The reason in a word, as reports count it.
    pub name: &'static str,
    /// How far the fix would be trusted otherwise.
    pub safety: Safety,
}

impl Fix {
    /// Has it be shown only.
    pub fn refuse(&mut self, name: &'static str, reason: String) {
        if self.safety > Safety::DisplayOnly {
            self.refused = Some(Refused { name, safety: self.safety });
        }
        self.safety = Safety::DisplayOnly;
        self.hindrance.get_or_insert(reason.into());
    }

    /// Whether it can be applied to the files as they are.
    pub fn is_applicable(&self) -> bool {
        self.safety > Safety::DisplayOnly && !self.edits.is_empty()
    }
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The rule.
    pub rule: RuleId,
    /// What it does.
    pub title: String,
    /// How far it may be trusted.
    pub safety: Safety,
    /// What its finding was about.
    pub subject: Subject,
    /// The environments of its finding.
    pub environments: Vec<String>,
    /// The files that it edits, as shown, in order.
    pub files: Vec<String>,
    /// What recognised its finding.
    pub fingerprint: String,
}
