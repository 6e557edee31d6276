//! Where the workloads are that a selector could mean.

use crate::index::objects::namespaces;
use crate::index::{Objects, PodSetId, PostgresClusters};
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

/// Where objects are, so that the ones in the namespace of another are found without comparing all.
#[derive(Debug, Default)]
pub(in crate::index) struct Places<'a> {
    /// The namespaces that they write.
    pub(in crate::index) namespaces: BTreeSet<&'a str>,
    /// The folders of those that write none.
    pub(in crate::index) folders: BTreeSet<u32>,
    /// Whether one of those goes to the namespace default, because nothing governs it.
    pub(in crate::index) is_in_default: bool,
}

impl<'a> Places<'a> {
    pub(in crate::index) fn insert(&mut self, index: &Objects<'a>, object: &'a Object) {
        if let Some(namespace) = object.namespace() {
            self.namespaces.insert(namespace);
            return;
        }
        self.folders.insert(index.folder(object));
        self.is_in_default |= !object.is_governed;
    }

    /// Whether one is in the namespace of an object, as [`Index::nearness`] has it; any is, if that is not known.
    pub(in crate::index) fn hold_one_beside(&self, index: &Objects<'_>, from: &Object) -> bool {
        match known_namespace(from) {
            "" => !self.namespaces.is_empty() || !self.folders.is_empty(),
            "default" if self.is_in_default => true,
            own if self.namespaces.contains(own) => true,
            own if index.only_namespace == Some(own) => !self.folders.is_empty(),
            _ => self.folders.contains(&index.folder(from)),
        }
    }
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

/// An object's namespace; one that is a template placeholder may be any, as one that is left out may.
pub(in crate::index) fn known_namespace(object: &Object) -> &str {
    object.namespace().filter(|it| !namespaces::is_template(it)).unwrap_or_default()
}
