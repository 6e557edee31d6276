//! What the audit says: severities, findings, outcomes, and the report that holds them.

mod document;
mod fix;
mod front_line;
mod group;
mod identity;
mod names;
mod rule_id;
mod suppressed;

pub use document::{DocumentOutcome, DocumentStatus, LeftOut, Title};
pub use fix::{Change, Edit, Fix, Fixed, NodeId, Safety, Stage};
pub use front_line::{after, front_line, has_key};
pub use group::{Group, Impact};
pub use identity::Identity;
pub use names::TypeName;
pub use rule_id::{CaseName, RuleId};
pub use suppressed::{Suppressed, SuppressedBy};

use crate::source::Span;
use crate::yaml::Path;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// How much a finding matters. Ordered: a note is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice.
    Note,
    /// The guideline asks for it, but the context may excuse it.
    Warning,
    /// Breaks availability, data or operations, certainly.
    Error,
}

impl Severity {
    /// The word in configuration and reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether the manifests prove a finding or only suggest it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Proved by what is written.
    Certain,
    /// Inferred from names, arguments or habits. Never an error unless the configuration says so.
    Heuristic,
}

/// A place with a word on what it contributes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// Where, in any file.
    pub span: Span,
    /// What is there, without a full stop.
    pub text: String,
}

/// The object that a finding or an outcome is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Subject {
    /// API group, empty for the core group.
    pub group: String,
    /// Kind, as in `Deployment`. Empty for a whole file or environment.
    pub kind: String,
    /// Namespace, if one is written.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind.as_str(), self.namespace.as_deref()) {
            ("", _) => f.write_str(&self.name),
            (kind, None) => write!(f, "{kind} {}", self.name),
            (kind, Some(namespace)) => write!(f, "{kind} {namespace}/{}", self.name),
        }
    }
}

/// A number or fact behind a verdict, for machines: `("floor", "1")`.
pub type Evidence = (&'static str, String);

/// Something that is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// Severity after profile and configuration.
    pub severity: Severity,
    /// What it costs if nothing is done.
    pub impact: Impact,
    /// A fact about this object, with its numbers; no full stop.
    pub message: String,
    /// The smallest thing that is wrong, one line where possible.
    pub span: Span,
    /// Where the rendered object says it, if a template of a chart made it. Where `span` is another place, that one
    /// is in the template, and its line was searched.
    pub rendered: Option<Span>,
    /// The object.
    pub subject: Subject,
    /// The environments in which it is wrong, sorted; more than one where two share the line.
    pub environments: Vec<String>,
    /// The field in the object.
    pub path: Path,
    /// Further places, in any file.
    pub labels: Vec<Label>,
    /// The numbers behind the verdict.
    pub evidence: Vec<Evidence>,
    /// What to do, if there is a short word on it.
    pub help: Option<Cow<'static, str>>,
    /// How sure it is.
    pub confidence: Confidence,
    /// At most one fix.
    pub fix: Option<Box<Fix>>,
    /// What it has in common with others, shared with them.
    pub group: Option<Arc<Group>>,
}

/// A finding on its way through the engine and in its report. There may be thousands, and each is large.
pub type Found = Box<Finding>;

impl Finding {
    /// Gives back the room that its parts do not need.
    pub fn shrink_to_fit(&mut self) {
        self.path.0.shrink_to_fit();
        self.labels.shrink_to_fit();
        self.evidence.shrink_to_fit();
        if let Some(fix) = &mut self.fix {
            fix.changes.shrink_to_fit();
        }
    }

    /// What recognises the finding in a later run: rule, environments, object and field, but no line
    /// and no file, so that it survives edits above it and moved files.
    pub fn fingerprint(&self) -> String {
        self.fingerprint_in(&self.environments.join("+"))
    }

    /// The same in an environment of another name.
    pub fn fingerprint_in(&self, environments: &str) -> String {
        let subject = &self.subject;
        let namespace = subject.namespace.as_deref().unwrap_or_default();
        let (group, kind, name) = (&subject.group, &subject.kind, &subject.name);
        let text = format!("{}|{environments}|{group}/{kind}|{namespace}/{name}|{}", self.rule, self.path);
        // It is a line of a baseline.
        if text.contains(char::is_control) { text.escape_default().to_string() } else { text }
    }
}

/// Why there is neither a finding nor a pass.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Undecided {
    /// The manifests cannot tell; the reason says what would.
    NotVerifiable(String),
    /// The configuration vouches for it.
    Attested {
        /// Who.
        by: String,
        /// Until when, as a date.
        until: String,
    },
    /// It is wrong, but another finding is the cause: it shows there as a label, and nowhere else.
    Blocked {
        /// The rule whose finding carries it.
        by: RuleId,
        /// The object of that finding.
        carrier: Subject,
        /// What that finding shows of it.
        label: Label,
    },
}

/// What is neither a finding nor a pass, with its rule, environment and subject. A rule that does not apply has none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    /// The rule.
    pub rule: RuleId,
    /// The environment's name.
    pub environment: String,
    /// The object.
    pub subject: Subject,
    /// Why.
    pub undecided: Undecided,
}

/// Objects of one environment of which a rule cannot tell, for one reason. Small, because one missing fact
/// often leaves every object open.
#[derive(Clone, Debug)]
pub struct Unverified {
    /// The rule.
    pub rule: RuleId,
    /// The environment's name.
    pub environment: Arc<str>,
    /// What would decide it.
    pub reason: String,
    /// The objects.
    pub objects: Vec<Identity>,
}

impl Unverified {
    /// The same, one by one.
    pub fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        self.objects.iter().map(|it| Outcome {
            rule: self.rule,
            environment: self.environment.to_string(),
            subject: it.subject(),
            undecided: Undecided::NotVerifiable(self.reason.clone()),
        })
    }
}

/// The objects of an environment that are right by a rule. Small, because most are right by most rules.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Passed {
    /// The rule.
    pub rule: RuleId,
    /// The environment, by its position in the report.
    pub environment: u32,
    /// The objects, by their positions in the environment, sorted.
    pub objects: Vec<u32>,
}

/// Where the number of pods comes from.
#[derive(Clone, Debug)]
pub enum ScaleSource {
    /// `replicas`, `the default`.
    Word(&'static str),
    /// An autoscaler.
    Object(Identity),
}

impl fmt::Display for ScaleSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScaleSource::Word(word) => f.write_str(word),
            ScaleSource::Object(object) => write!(f, "{} {}", object.kind(), object.name()),
        }
    }
}

/// A component as it was recognised.
#[derive(Clone, Debug)]
pub struct Classified {
    /// The object.
    pub object: Identity,
    /// Its role.
    pub role: &'static str,
    /// Why.
    pub reason: Arc<str>,
    /// Pods at least, if known.
    pub floor: Option<i64>,
    /// Pods at most, if known.
    pub ceiling: Option<i64>,
    /// Where the scale comes from.
    pub scaled_by: ScaleSource,
}

/// What a report says of one environment.
#[derive(Clone, Debug, Default)]
pub struct EnvironmentSummary {
    /// Its name.
    pub name: String,
    /// Why these files belong together.
    pub reason: String,
    /// Remarks on how it was put together, each one sentence.
    pub remarks: Vec<String>,
    /// Its documents, in order; shared with the environment, because there are many.
    pub documents: Arc<Vec<DocumentOutcome>>,
    /// The workloads and databases as they were recognised.
    pub components: Vec<Classified>,
}

/// Everything that a run found.
#[derive(Debug, Default)]
pub struct Report {
    /// The environments, by name.
    pub environments: Vec<EnvironmentSummary>,
    /// What is attested or blocked, and what is not verifiable of something that is no object.
    pub single_outcomes: Vec<Outcome>,
    /// Objects that are not verifiable; [`Report::outcomes`] lists them with the others.
    pub unverified: Vec<Unverified>,
    /// What is right, sorted.
    pub passed: Vec<Passed>,
    /// Findings of all environments, worst first, those that two environments share merged.
    pub findings: Vec<Found>,
    /// Those below the severity that is shown: they count, and are in no list.
    pub hidden: Vec<Found>,
    /// What was taken away.
    pub suppressed: Vec<Suppressed>,
    /// The fingerprints of what was found in each environment, for a baseline; only if the configuration asks.
    pub fingerprints: Vec<String>,
    /// The rules that ran.
    pub rules: Vec<RuleId>,
    /// Files that were found and not read, by reason.
    pub left_out: Vec<LeftOut>,
    /// What was fixed before the run that found the rest.
    pub fixed: Vec<Fixed>,
    /// How many fixes were asked for and not made, by the names of the reasons.
    pub refused: BTreeMap<&'static str, usize>,
}

impl Report {
    /// The findings that are shown.
    pub fn shown(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().map(|it| &**it)
    }

    /// The findings, shown or not.
    pub fn all(&self) -> impl Iterator<Item = &Finding> {
        self.shown().chain(self.hidden.iter().map(|it| &**it))
    }

    /// How many findings have this severity, shown or not.
    pub fn count(&self, severity: Severity) -> usize {
        self.all().filter(|it| it.severity == severity).count()
    }

    /// Shows only what is at least so severe.
    pub fn hide_below(&mut self, least: Severity) {
        let (shown, hidden) = std::mem::take(&mut self.findings).into_iter().partition(|it| it.severity >= least);
        self.findings = shown;
        self.hidden.extend::<Vec<Found>>(hidden);
    }

    /// What is not verifiable, attested or blocked, by environment, rule and object.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let mut outcomes = self.single_outcomes.clone();
        for open in &self.unverified {
            outcomes.extend(open.outcomes());
        }
        outcomes.sort_by(|a, b| {
            (a.environment.cmp(&b.environment))
                .then_with(|| (a.rule, &a.subject, &a.undecided).cmp(&(b.rule, &b.subject, &b.undecided)))
        });
        outcomes
    }
}
