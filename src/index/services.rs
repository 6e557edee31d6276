//! Services, and what reaches pods through them.

use super::{Index, PodSetId, Workload};
use crate::model::{Object, Selector};
use std::collections::HashMap;

/// The selector of a Service. Absent, empty, or of an ExternalName Service it selects nothing.
pub(super) fn service_selector(service: &Object) -> Option<Selector<'_>> {
    if service.node().str_at(&["spec", "type"]) == Some("ExternalName") {
        return None;
    }
    let selector = Selector::of_labels(service.node().at(&["spec", "selector"]));
    (!selector.is_everything()).then_some(selector)
}

impl<'a> Index<'a> {
    /// The Services that select pods.
    pub fn services_of(&self, pods: PodSetId) -> &[&'a Object] {
        self.services_of.get(&pods).map_or(&[], Vec::as_slice)
    }

    /// The Services that select a workload's pods.
    pub fn services_of_workload(&self, workload: &Workload<'_>) -> impl Iterator<Item = &'a Object> {
        self.pods_of(workload.object).iter().flat_map(|it| self.services_of(*it)).copied()
    }

    /// Whether any Service selects a workload's pods that is there for more than monitoring.
    pub fn is_exposed(&self, workload: &Workload<'_>) -> bool {
        self.services_of_workload(workload).any(|it| !self.is_for_monitoring(it))
    }

    pub(super) fn index_services(&mut self) {
        let mut services_of: HashMap<PodSetId, Vec<&'a Object>> = HashMap::new();
        for service in self.of_kind("", "Service") {
            let Some(selector) = service_selector(service) else { continue };
            for selected in self.select(service, &selector) {
                services_of.entry(selected.pods).or_default().push(service);
            }
        }
        self.services_of = services_of;
    }
}
