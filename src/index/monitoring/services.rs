//! Services by their own labels, so that a monitor's selector is answered by a look-up.

use crate::model::{Labels, Object, Operator, Selector};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// Services by label.
#[derive(Debug, Default)]
pub(super) struct ServiceLabels<'a> {
    all: Vec<&'a Object>,
    by_label: HashMap<(&'a str, &'a str), Vec<&'a Object>>,
    by_key: HashMap<&'a str, Vec<&'a Object>>,
}

impl<'a> ServiceLabels<'a> {
    pub(super) fn new(services: impl Iterator<Item = &'a Object>) -> ServiceLabels<'a> {
        let mut labels = ServiceLabels { all: services.collect(), ..ServiceLabels::default() };
        for service in &labels.all {
            for label in service.node().at(&["metadata", "labels"]).into_iter().flat_map(NodeRef::entries) {
                labels.by_label.entry((label.name(), label.value.text())).or_default().push(service);
                labels.by_key.entry(label.name()).or_default().push(service);
            }
        }
        labels
    }

    /// All Services.
    pub(super) fn all(&self) -> &[&'a Object] {
        &self.all
    }

    /// The Services that a selector matches, in whatever namespace, in order.
    pub(super) fn matching(&self, selector: &Selector<'_>) -> Vec<&'a Object> {
        let mut best: Option<Vec<&'a Object>> = None;
        for requirement in &selector.requirements {
            let key = requirement.key.as_ref();
            let found: Vec<&'a Object> = match requirement.operator {
                Operator::In => {
                    let values = requirement.values.iter();
                    values.filter_map(|it| self.by_label.get(&(key, it.as_ref()))).flatten().copied().collect()
                }
                Operator::Exists => self.by_key.get(key).cloned().unwrap_or_default(),
                Operator::NotIn | Operator::DoesNotExist => continue,
            };
            if best.as_ref().is_none_or(|it| found.len() < it.len()) {
                best = Some(found);
            }
        }
        let mut found = best.unwrap_or_else(|| self.all.clone());
        found.retain(|it| selector.matches(&Labels::read(it.node().at(&["metadata", "labels"]))));
        found
    }
}
