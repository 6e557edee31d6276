//! How ready the system is: the guideline sentence by sentence, from what an audit found.
//!
//! A pure function from the audit's report, what the index knows of each environment, and the attestations of
//! the configuration. Each sentence has one of five standings; the score counts only those that were decided.

mod attested;
mod concern;
mod condition;
pub mod guideline;
mod heard;
mod inventory;
mod judge;
mod overview;
mod table;

pub use attested::{AttestationState, Validity};
pub use guideline::{Aspect, Component, Guideline, Section, Sentence};
pub use inventory::{BudgetFact, Inventory, Part};
pub use overview::Urgency;
pub use table::Row;

use crate::config::Config;
use crate::finding::{Evidence, Finding, Label, Report, RuleId, Severity, Subject, SuppressedBy};
use crate::source::Span;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What became of a sentence in an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// The manifests break it.
    Fails,
    /// The manifests cannot tell.
    NotVerifiable,
    /// Somebody vouches for it.
    Attested,
    /// The manifests keep it.
    Holds,
    /// Nothing here is what it covers.
    NotApplicable,
}

impl Standing {
    /// All, worst first.
    pub const ALL: [Standing; 5] =
        [Standing::Fails, Standing::NotVerifiable, Standing::Attested, Standing::Holds, Standing::NotApplicable];

    /// Its words for people.
    pub fn title(self) -> &'static str {
        match self {
            Standing::Fails => "fails",
            Standing::NotVerifiable => "not verifiable",
            Standing::Attested => "attested",
            Standing::Holds => "holds",
            Standing::NotApplicable => "not applicable",
        }
    }

    /// Its word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Fails => "fail",
            Standing::NotVerifiable => "not-verifiable",
            Standing::Attested => "attested",
            Standing::Holds => "pass",
            Standing::NotApplicable => "not-applicable",
        }
    }
}

/// What a [`Reason`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// A rule found it wrong.
    Wrong(Severity),
    /// A rule found it wrong and somebody accepts that.
    Accepted {
        /// How much it matters.
        severity: Severity,
        /// What accepts it.
        by: SuppressedBy,
        /// The reason that it gives; may be empty.
        why: String,
    },
    /// It is wrong, and the finding of another rule comes first.
    Follows(RuleId),
    /// A rule has a remark that fails nothing.
    Advice,
    /// Right, by a rule or by what the manifests hold.
    Right,
    /// A rule cannot tell.
    Open,
    /// The configuration switched the rule off.
    SwitchedOff,
    /// Somebody vouches for it: who and until when.
    Vouched {
        /// Who.
        by: String,
        /// The first day on which it no longer counts.
        until: String,
    },
    /// An attestation that no longer counts, or does not.
    Lapsed,
}

/// One thing that led to a standing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule, or what is attested.
    pub id: &'static str,
    /// What it says.
    pub word: Word,
    /// In a sentence, with the numbers.
    pub text: String,
    /// Where, in the manifests.
    pub span: Option<Span>,
    /// Further places.
    pub labels: Vec<Label>,
    /// The numbers, for programs.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub help: Option<String>,
    /// The object.
    pub subject: Subject,
    /// The components that it concerns, as far as known.
    pub components: BTreeSet<Component>,
}

/// A sentence with what became of it.
#[derive(Debug)]
pub struct Judged {
    /// The sentence.
    pub sentence: &'static Sentence,
    /// What became of it.
    pub standing: Standing,
    /// What led to it, worst first.
    pub reasons: Vec<Reason>,
    /// What would decide it, where nothing did.
    pub deciders: Vec<String>,
}

/// How many sentences stand how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// That hold.
    pub holds: usize,
    /// That fail, accepted ones among them.
    pub fails: usize,
    /// Those that fail only in what is accepted.
    pub accepted: usize,
    /// That somebody vouches for.
    pub attested: usize,
    /// That the manifests cannot decide.
    pub not_verifiable: usize,
    /// That cover nothing here.
    pub not_applicable: usize,
}

impl Score {
    /// Sentences that the manifests decide.
    pub fn decided(self) -> usize {
        self.holds + self.fails
    }

    /// The share of the decided sentences that hold, rounded down; nothing where none is decided.
    pub fn percent(self) -> Option<usize> {
        (self.holds * 100).checked_div(self.decided())
    }

    fn of<'a>(judged: impl Iterator<Item = &'a Judged>) -> Score {
        let mut score = Score::default();
        for it in judged {
            match it.standing {
                Standing::Holds => score.holds += 1,
                Standing::Fails => {
                    score.fails += 1;
                    score.accepted += usize::from(it.is_accepted());
                }
                Standing::Attested => score.attested += 1,
                Standing::NotVerifiable => score.not_verifiable += 1,
                Standing::NotApplicable => score.not_applicable += 1,
            }
        }
        score
    }
}

impl Judged {
    /// Whether all that fails it is accepted.
    pub fn is_accepted(&self) -> bool {
        let mut failing = self.reasons.iter().filter(|it| it.fails()).peekable();
        failing.peek().is_some() && failing.all(|it| matches!(it.word, Word::Accepted { .. }))
    }
}

impl Reason {
    /// Whether it fails its sentence.
    pub fn fails(&self) -> bool {
        match self.word {
            Word::Wrong(severity) | Word::Accepted { severity, .. } => severity > Severity::Note,
            Word::Follows(_) | Word::Lapsed => true,
            _ => false,
        }
    }
}

/// An environment's readiness.
#[derive(Debug)]
pub struct EnvironmentReadiness {
    /// Its name.
    pub name: String,
    /// Why its files belong together.
    pub reason: String,
    /// Remarks on how it was put together.
    pub remarks: Vec<String>,
    /// Whether it is one file, so that nothing is concluded from what is absent.
    pub is_fragment: bool,
    /// How many sentences stand how.
    pub score: Score,
    /// What was found in it, and what of that comes first.
    pub urgency: Urgency,
    /// The table by component.
    pub rows: Vec<Row>,
    /// The sections with their sentences.
    pub sections: Vec<(&'static Section, Vec<Judged>)>,
    /// What rules found that no sentence asks for, worst first.
    pub beyond: Vec<Reason>,
}

/// The readiness of a run.
#[derive(Debug)]
pub struct Readiness {
    /// By environment, in the report's order.
    pub environments: Vec<EnvironmentReadiness>,
    /// The attestations of the configuration, as they count on the day of the run.
    pub attestations: Vec<AttestationState>,
    /// The profile's word.
    pub profile: &'static str,
    /// The day of the run, if it is known.
    pub day: Option<String>,
}

impl EnvironmentReadiness {
    /// Adds a remark to a sentence that is about something here; it changes no standing.
    pub fn cite(&mut self, sentence: &str, reason: Reason) {
        let mut judged = self.sections.iter_mut().flat_map(|it| &mut it.1);
        let found = judged.find(|it| it.sentence.id == sentence && it.standing != Standing::NotApplicable);
        if let Some(judged) = found {
            judged.reasons.push(reason);
        }
    }
}

/// Says how ready each environment is.
///
/// `inventories` are what [`Inventory::new`] answers of the environments, in their order; `missing_evidence`
/// names the documents that attestations refer to and that do not exist, which only the caller can look up.
pub fn assess(
    report: &Report,
    inventories: &[Inventory],
    config: &Config,
    missing_evidence: &BTreeSet<String>,
) -> Readiness {
    let attestations = attested::states(config, report, missing_evidence);
    let (heard, severities) = (heard::by_environment(report), heard::severities(report));
    let configs = config.of_environments(report.environments.iter().map(|it| it.name.as_str()));
    let parts = report.environments.iter().zip(inventories).zip(&heard).zip(&configs);
    let environments = parts.map(|(((environment, inventory), heard), own)| {
        let judge = judge::Judge::new(&environment.name, heard, &severities, inventory, own, &attestations);
        let (sections, beyond) = judge.sections();
        let rows = table::rows(inventory, &sections);
        EnvironmentReadiness {
            name: environment.name.clone(),
            reason: environment.reason.clone(),
            remarks: environment.remarks.clone(),
            is_fragment: inventory.is_fragment,
            score: Score::of(sections.iter().flat_map(|it| &it.1)),
            urgency: overview::urgency(heard),
            rows,
            sections,
            beyond,
        }
    });
    Readiness {
        environments: environments.collect(),
        attestations,
        profile: config.profile.name(),
        day: config.today.map(|it| it.to_string()),
    }
}

/// The standing that reasons lead to, or nothing where there are none that decide.
fn standing(reasons: &[&Reason]) -> Option<Standing> {
    let any = |is: &dyn Fn(&Word) -> bool| reasons.iter().any(|it| is(&it.word));
    if reasons.iter().any(|it| it.fails()) {
        return Some(Standing::Fails);
    }
    if any(&|it| matches!(it, Word::Open | Word::SwitchedOff)) {
        return Some(Standing::NotVerifiable);
    }
    if any(&|it| matches!(it, Word::Vouched { .. })) {
        return Some(Standing::Attested);
    }
    if any(&|it| *it == Word::Right) {
        return Some(Standing::Holds);
    }
    // Advice alone shows that something is absent, and that this may be right.
    (!reasons.is_empty()).then_some(Standing::NotVerifiable)
}

fn from_finding(finding: &Finding, word: Word) -> Reason {
    Reason {
        id: finding.rule.as_str(),
        word,
        text: finding.message.clone(),
        span: Some(finding.span),
        labels: finding.labels.clone(),
        evidence: finding.evidence.clone(),
        help: finding.help.clone().map(Cow::into_owned),
        subject: finding.subject.clone(),
        components: BTreeSet::new(),
    }
}
