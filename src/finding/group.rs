//! What findings of one rule have in common, and how soon a finding should be read.

/// What a finding has in common with others of its rule, so that reports for people can list many as one:
/// `7 Deployments have no autoscaler: …`. Formats for programs have each finding by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `Deployments`.
    pub noun: &'static str,
    /// What is said of each: `have no autoscaler`.
    pub verdict: &'static str,
    /// The name of this one; empty where it is that of the finding's subject.
    pub name: String,
    /// What to do about all of them.
    pub help: &'static str,
    /// So many of them stay single.
    pub few: usize,
}

/// What a problem costs if nothing is done: within a level, what costs more comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    /// Data is lost.
    DataLoss,
    /// Something does not run, or stops as a whole.
    Outage,
    /// One failure, or one drain, stops something.
    SinglePoint,
    /// Less is left when something fails, or it takes longer.
    #[default]
    Degraded,
    /// Nothing fails for it: monitoring, labels, what is left over.
    Upkeep,
}
