//! What objects select, told without an index: to see where an object belongs before there is one.

use crate::index::autoscalers::scale_target;
use crate::index::budgets::Budget;
use crate::index::monitoring::monitors;
use crate::index::services::labels as watched;
use crate::index::services::service_selector;
use crate::model::{Labels, Object, Operator, PodTemplate, Selector, WorkloadKind, products};
use std::collections::HashMap;

/// What a Service, a budget or a monitor selects, or an autoscaler scales.
#[derive(Debug)]
pub enum Aim<'a> {
    /// Pods, by their labels.
    Pods(Selector<'a>),
    /// Services, by theirs.
    Services(Selector<'a>),
    /// A workload, by its kind and name.
    Workload(&'a str, &'a str),
}

impl<'a> Aim<'a> {
    /// What an object selects, if it is there for what it selects.
    pub fn of(object: &'a Object) -> Option<Aim<'a>> {
        Some(match (object.group(), object.kind()) {
            ("", "Service") => Aim::Pods(service_selector(object)?),
            ("policy", "PodDisruptionBudget") => Aim::Pods(Budget::written(object).selector?),
            ("autoscaling", "HorizontalPodAutoscaler") | (products::KEDA, "ScaledObject") => {
                let target = scale_target(object)?;
                Aim::Workload(target.kind, target.name)
            }
            _ => {
                let (target, selector) = monitors::target_of(object)?;
                match target {
                    monitors::Target::Services => Aim::Services(selector),
                    monitors::Target::Pods => Aim::Pods(selector),
                }
            }
        })
    }
}

/// Objects by a label and its value.
type ByLabel<'a> = HashMap<(String, String), Vec<&'a Object>>;

/// What can be selected among some objects.
#[derive(Debug, Default)]
pub struct Selectable<'a> {
    pods: ByLabel<'a>,
    services: ByLabel<'a>,
    /// By kind and name.
    workloads: ByLabel<'a>,
}

impl<'a> Selectable<'a> {
    /// The workloads, by the labels of their pods, and the Services among these objects.
    pub fn new(objects: &'a [Object]) -> Selectable<'a> {
        let mut selectable = Selectable::default();
        for object in objects {
            if let Some(labels) = pod_labels(object) {
                insert(&mut selectable.pods, &labels, object);
                let key = (object.kind().to_owned(), object.name().to_owned());
                selectable.workloads.entry(key).or_default().push(object);
            } else if object.is("", "Service") {
                insert(&mut selectable.services, &Labels::read(object.node().at(&["metadata", "labels"])), object);
            }
        }
        selectable
    }

    /// Those that an object selects, wherever it and they are. One that asks for no label by its value selects none:
    /// it means whatever is there.
    pub fn selected(&self, aim: &Aim<'_>) -> impl Iterator<Item = &'a Object> {
        let labels = |selector: &Selector<'_>| -> Vec<(String, String)> {
            let first = selector.requirements.iter().find(|it| it.operator == Operator::In);
            let values = first.into_iter().flat_map(|it| it.values.iter().map(|value| (&it.key, value)));
            values.map(|(key, value)| (key.to_string(), value.to_string())).collect()
        };
        let (filed, keys) = match aim {
            Aim::Pods(selector) => (&self.pods, labels(selector)),
            Aim::Services(selector) => (&self.services, labels(selector)),
            Aim::Workload(kind, name) => (&self.workloads, vec![((*kind).to_owned(), (*name).to_owned())]),
        };
        keys.into_iter().filter_map(|it| filed.get(&it)).flatten().copied().filter(|it| match aim {
            Aim::Pods(selector) => pod_labels(it).is_some_and(|it| selector.matches(&it)),
            Aim::Services(selector) => watched::matches(it, selector),
            Aim::Workload(..) => true,
        })
    }
}

/// The labels of the pods that an object makes.
fn pod_labels(object: &Object) -> Option<Labels<'_>> {
    let template = WorkloadKind::of(object).and_then(|it| PodTemplate::of(object, it));
    template.map(PodTemplate::labels)
}

fn insert<'a>(into: &mut ByLabel<'a>, labels: &Labels<'_>, object: &'a Object) {
    for (key, value) in labels.iter() {
        into.entry((key.to_owned(), value.to_owned())).or_default().push(object);
    }
}
