//! Services by their own labels, so that a monitor's selector is answered by a look-up.

use crate::index::Objects;
use crate::model::{Labels, Object, ObjectId, Operator, Selector};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// Positions of Services in the environment, by label. It holds no references, so that it can be made when asked for.
#[derive(Debug, Default)]
pub(in crate::index) struct ServiceLabels {
    all: Vec<ObjectId>,
    by_label: HashMap<(String, String), Vec<ObjectId>>,
    by_key: HashMap<String, Vec<ObjectId>>,
}

impl ServiceLabels {
    pub(in crate::index) fn new(index: &Objects<'_>) -> ServiceLabels {
        let mut labels = ServiceLabels::default();
        for service in index.of_kind("", "Service") {
            let at = service.id();
            labels.all.push(at);
            for label in service.node().at(&["metadata", "labels"]).into_iter().flat_map(NodeRef::entries) {
                let (key, value) = (label.name().to_owned(), label.value.text().to_owned());
                labels.by_key.entry(key.clone()).or_default().push(at);
                labels.by_label.entry((key, value)).or_default().push(at);
            }
        }
        labels
    }

    /// All Services.
    pub(in crate::index) fn all(&self) -> &[ObjectId] {
        &self.all
    }

    /// Those of which a selector may match some, by its rarest requirement.
    pub(in crate::index) fn candidates(&self, selector: &Selector<'_>) -> impl Iterator<Item = ObjectId> + use<'_> {
        let mut best: Option<Vec<&[ObjectId]>> = None;
        let size = |found: &[&[ObjectId]]| found.iter().map(|it| it.len()).sum::<usize>();
        for requirement in &selector.requirements {
            let key = requirement.key.as_ref();
            let found: Vec<&[ObjectId]> = match requirement.operator {
                Operator::In => {
                    let values = requirement.values.iter().map(|it| (key.to_owned(), it.clone().into_owned()));
                    values.filter_map(|it| self.by_label.get(&it)).map(Vec::as_slice).collect()
                }
                Operator::Exists => self.by_key.get(key).map(Vec::as_slice).into_iter().collect(),
                Operator::NotIn | Operator::DoesNotExist => continue,
            };
            if best.as_ref().is_none_or(|it| size(&found) < size(it)) {
                best = Some(found);
            }
        }
        best.unwrap_or_else(|| vec![&self.all]).into_iter().flatten().copied()
    }

    /// A selector without what holds for all Services.
    pub(in crate::index) fn effective<'s>(&self, selector: &Selector<'s>) -> Selector<'s> {
        selector.effective(|key, value| match value {
            Some(value) => self.by_label.contains_key(&(key.to_owned(), value.to_owned())),
            None => self.by_key.contains_key(key),
        })
    }
}

/// Whether a Service's own labels are those that a selector wants.
pub(in crate::index) fn matches(service: &Object, selector: &Selector<'_>) -> bool {
    selector.matches(&Labels::read(service.node().at(&["metadata", "labels"])))
}
