//! The Strimzi Drain Cleaner, which answers evictions of Kafka's pods in place of their budget.
//!
//! Strimzi `CHANGELOG.md` 0.40.0: since Drain Cleaner 1.1.0 it refuses evictions by itself; before, and with
//! `STRIMZI_DENY_EVICTION` set to `false`, it relies on a budget that allows none.

use crate::index::Workloads;
use crate::model::Version;
use crate::model::products::{DRAIN_CLEANER_CHART, DRAIN_CLEANER_IMAGE};

/// How a Drain Cleaner keeps pods from being evicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cleaner {
    /// It refuses the eviction itself.
    Denies,
    /// It needs a budget that allows nothing, or the manifests do not tell.
    NeedsBudget,
}

impl Workloads<'_> {
    /// The Drain Cleaner that the manifests show.
    pub fn strimzi_drain_cleaner(&self) -> Option<Cleaner> {
        let containers = self.workloads().iter().flat_map(|it| it.containers().collect::<Vec<_>>());
        let mut cleaners = containers.filter(|it| it.image_name() == DRAIN_CLEANER_IMAGE);
        if let Some(container) = cleaners.next() {
            let release = container.image_parts().release();
            let denies = release.is_some_and(|it| it >= Version::new(1, 1, 0));
            let is_legacy =
                container.env_value("STRIMZI_DENY_EVICTION").is_some_and(|it| !it.eq_ignore_ascii_case("true"));
            return Some(if denies && !is_legacy { Cleaner::Denies } else { Cleaner::NeedsBudget });
        }
        let hooks = self.of_kind("admissionregistration.k8s.io", "ValidatingWebhookConfiguration");
        let rules = hooks.flat_map(|it| it.node().items_at(&["webhooks"])).flat_map(|it| it.items_at(&["rules"]));
        let is_hooked = rules.flat_map(|it| it.items_at(&["resources"])).any(|it| it.text() == "pods/eviction");
        let is_installed = self.charts().any(|it| it == DRAIN_CLEANER_CHART);
        (is_hooked || is_installed).then_some(Cleaner::NeedsBudget)
    }
}
