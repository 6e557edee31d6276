//! What the manifests cannot tell counts as attested where somebody vouches for it.

use crate::config::Config;
use crate::finding::{Outcome, Undecided, Unverified};

/// Turns outcomes that are not verifiable into attested ones; where the attestation is too old, the reason says so.
pub(super) fn settle(outcomes: &mut Vec<Outcome>, unverified: &mut Vec<Unverified>, config: &Config) {
    if config.attestations.is_empty() {
        return;
    }
    for open in unverified.extract_if(.., |it| config.attestation(&it.rule, &it.environment).is_some()) {
        outcomes.extend(open.outcomes());
    }
    for outcome in outcomes {
        let Undecided::NotVerifiable(reason) = &mut outcome.undecided else { continue };
        let Some(attestation) = config.attestation(&outcome.rule, &outcome.environment) else { continue };
        let (by, until) = (attestation.owner.clone(), attestation.expires.to_string());
        if attestation.is_expired(config.today) {
            *reason = format!("{reason}; what {by} attested counted until {until}");
        } else {
            outcome.undecided = Undecided::Attested { by, until };
        }
    }
}
