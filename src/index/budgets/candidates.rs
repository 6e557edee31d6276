//! Where the workloads are that a selector could mean.

use crate::index::objects::places::{Places, known_namespace};
use crate::index::{PodSetId, PostgresClusters};
use crate::model::Object;
use std::collections::BTreeSet;

/// Where the workloads are that a selector could mean, and which namespaces the manifests leave open; there the
/// empty text stands for one that is left out.
#[derive(Debug, Default)]
pub(in crate::index) struct Candidates<'a> {
    pub(in crate::index) all: Places<'a>,
    pub(in crate::index) without_budget: Places<'a>,
    /// Of pods with labels that are template placeholders, or whose template stands elsewhere.
    pub(in crate::index) open_pods: BTreeSet<&'a str>,
    /// Of budgets whose selector is a template placeholder.
    pub(in crate::index) open_budgets: BTreeSet<&'a str>,
}

impl<'a> Candidates<'a> {
    pub(in crate::index) fn new(
        index: &PostgresClusters<'a>,
        open_budgets: impl Iterator<Item = &'a Object>,
        is_protected: impl Fn(PodSetId) -> bool,
    ) -> Self {
        let mut candidates = Candidates::default();
        for workload in index.workloads().iter().filter(|it| it.kind.is_replicated()) {
            candidates.all.insert(index, workload.object);
            if !index.pods_of(workload.object).iter().any(|it| is_protected(*it)) {
                candidates.without_budget.insert(index, workload.object);
            }
            if workload.has_open_labels() {
                candidates.open_pods.insert(known_namespace(workload.object));
            }
        }
        candidates.open_budgets = open_budgets.map(known_namespace).collect();
        candidates
    }
}
