//! What somebody vouches for because no manifest can show it.

use jiff::civil::Date;

use super::{Attestation, Config};

/// Sentences of the guideline that manifests never show, so that only an attestation decides them. The ids of
/// rules may be attested too, where a rule says that the manifests cannot tell.
pub const PRACTICES: [&str; 8] = [
    "ops-strategy-documented",
    "ops-failover-tested",
    "ops-scaling-tested",
    "ops-restore-tested",
    "ops-alert-delivery-tested",
    "ops-alerts-reviewed",
    "ops-metrics-endpoints",
    "ops-monitoring-stack",
];

/// Days for which an attestation counts that does not say until when.
pub const DAYS: i32 = 180;

impl Attestation {
    /// Whether it covers an environment.
    pub fn speaks_of(&self, environment: &str) -> bool {
        self.environments.is_empty() || self.environments.iter().any(|it| it == environment)
    }

    /// Whether it no longer counts. Where nobody knows the day, nothing is expired.
    pub fn is_expired(&self, today: Option<Date>) -> bool {
        today.is_some_and(|it| it >= self.expires)
    }
}

impl Config {
    /// The attestation of a rule or practice in an environment: the one that counts longest, expired or not.
    pub fn attestation(&self, id: &str, environment: &str) -> Option<&Attestation> {
        let own = self.attestations.iter().filter(|it| it.id == id && it.speaks_of(environment));
        own.max_by_key(|it| it.expires).map(|it| &**it)
    }
}
