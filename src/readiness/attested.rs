//! What the configuration vouches for, as it counts on the day of the run.

use super::guideline::Guideline;
use crate::config::{Attestation, Config};
use crate::finding::Report;
use std::collections::BTreeSet;

/// Whether an attestation counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It counts.
    Valid,
    /// It has ended.
    Expired,
    /// It was made for a day that has not come.
    NotYet,
    /// The document that it names does not exist.
    EvidenceMissing,
    /// It names no document, and what it attests is one.
    EvidenceUnnamed,
    /// Nothing can be attested by its id.
    UnknownId,
    /// It names environments that the run does not have.
    UnknownEnvironment,
}

impl Validity {
    /// Its word for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Validity::Valid => "valid",
            Validity::Expired => "expired",
            Validity::NotYet => "not-yet",
            Validity::EvidenceMissing => "evidence-missing",
            Validity::EvidenceUnnamed => "evidence-unnamed",
            Validity::UnknownId => "unknown-id",
            Validity::UnknownEnvironment => "unknown-environment",
        }
    }

    /// The rule of `operations` that speaks where it does not count.
    pub(super) fn rule(&self) -> &'static str {
        match self {
            Validity::EvidenceMissing | Validity::EvidenceUnnamed => "attestation-evidence-missing",
            _ => "attestation-expired",
        }
    }
}

/// An attestation and whether it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestationState {
    /// What the configuration says.
    pub attestation: Attestation,
    /// Whether it counts.
    pub validity: Validity,
}

impl AttestationState {
    /// Whether it covers an environment.
    pub(super) fn is_about(&self, environment: &str) -> bool {
        self.attestation.environments.is_empty() || self.attestation.environments.iter().any(|it| it == environment)
    }

    /// In a sentence, why it does or does not count.
    pub fn describe(&self) -> String {
        let Attestation { owner, date, expires, evidence, .. } = &self.attestation;
        let evidence = evidence.as_deref().unwrap_or("none");
        match self.validity {
            Validity::Valid => format!("{owner} vouches for it since {date}, until {expires}"),
            Validity::Expired => format!("what {owner} attested on {date} ended on {expires}"),
            Validity::NotYet => format!("what {owner} attests is dated {date}, after the day of this run"),
            Validity::EvidenceMissing => format!("the evidence that {owner} names does not exist: {evidence}"),
            Validity::EvidenceUnnamed => format!("what {owner} attests names no document as evidence"),
            Validity::UnknownId => "nothing can be attested by this id".to_owned(),
            Validity::UnknownEnvironment => {
                format!("this run has no environment {}", self.attestation.environments.join(", "))
            }
        }
    }
}

/// All attestations, in order of their ids.
pub(super) fn states(config: &Config, report: &Report, missing: &BTreeSet<String>) -> Vec<AttestationState> {
    let names: BTreeSet<&str> = report.environments.iter().map(|it| it.name.as_str()).collect();
    let own = config.environments.iter().flat_map(|setting| {
        setting
            .overrides
            .attestations
            .iter()
            .map(|it| Attestation { environments: vec![setting.name.clone()], ..Attestation::clone(it) })
    });
    let mut states: Vec<AttestationState> = config
        .attestations
        .iter()
        .map(|it| Attestation::clone(it))
        .chain(own)
        .map(|it| AttestationState { validity: validity(&it, config, &names, missing), attestation: it })
        .collect();
    states.sort_by(|one, other| {
        let key =
            |it: &AttestationState| (it.attestation.id.clone(), it.attestation.expires, it.attestation.owner.clone());
        key(one).cmp(&key(other))
    });
    states
}

fn validity(it: &Attestation, config: &Config, names: &BTreeSet<&str>, missing: &BTreeSet<String>) -> Validity {
    let guideline = Guideline::get();
    if !guideline.is_attestable(&it.id) {
        return Validity::UnknownId;
    }
    if !it.environments.is_empty() && !it.environments.iter().any(|it| names.contains(it.as_str())) {
        return Validity::UnknownEnvironment;
    }
    if config.today.is_some_and(|today| today >= it.expires) {
        return Validity::Expired;
    }
    if config.today.is_some_and(|today| today < it.date) {
        return Validity::NotYet;
    }
    match &it.evidence {
        Some(evidence) if missing.contains(evidence) => Validity::EvidenceMissing,
        None if guideline.attestable.get(&it.id).is_some_and(|it| it.needs_evidence) => Validity::EvidenceUnnamed,
        _ => Validity::Valid,
    }
}
