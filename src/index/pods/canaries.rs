//! Flagger's canaries: what serves is a copy of the target called `NAME-primary`, whose pods have another value of one
//! label, and the target runs no pods between releases. Source: `pkg/canary/deployment_controller.go` of
//! fluxcd/flagger.

use crate::index::KafkaClusters;
use crate::model::{Labels, Object, ObjectId, Selector};
use crate::yaml::NodeRef;
use std::collections::HashMap;

/// Labels of which Flagger changes the first that the target selects by, unless it is started with others
/// (`-selector-labels`).
const NAMING: [&str; 3] = ["app", "name", "app.kubernetes.io/name"];

/// The Deployments that run as a copy.
#[derive(Debug, Default)]
pub(in crate::index) struct Canaries<'a> {
    by_target: HashMap<ObjectId, Canary<'a>>,
    /// The positions of the pods that serve, by those of the target's own.
    serving: HashMap<u32, u32>,
}

#[derive(Debug)]
struct Canary<'a> {
    object: &'a Object,
    /// The label that tells the copy from the target, and its value on the copy.
    label: (&'static str, String),
    /// The target's own pods, once they are filed.
    own_pods: Option<u32>,
}

impl<'a> Canaries<'a> {
    /// Reads the canaries whose targets are there, and whose copies nobody wrote down.
    pub(super) fn read(index: &KafkaClusters<'a>) -> Canaries<'a> {
        let canaries = index.of_kind("flagger.app", "Canary").filter_map(|object| {
            let reference = object.node().at(&["spec", "targetRef"])?;
            let name = reference.get("name").filter(|_| reference.str_at(&["kind"]) == Some("Deployment"))?.text();
            let target = index.find(object, "apps", "Deployment", name)?;
            if index.find(object, "apps", "Deployment", &primary(name)).is_some() {
                return None;
            }
            let selected = target.node().at(&["spec", "selector", "matchLabels"])?;
            let (key, value) = NAMING.iter().find_map(|it| Some((*it, selected.get(it)?)))?;
            let label = (key, primary(NodeRef::text(value)));
            Some((target.id(), Canary { object, label, own_pods: None }))
        });
        Canaries { by_target: canaries.collect(), serving: HashMap::new() }
    }

    /// The labels of the pods that serve.
    pub(super) fn serving_labels(&self, target: &Object, own: &Labels<'a>) -> Labels<'a> {
        let mut labels = own.clone();
        if let Some(canary) = self.by_target.get(&target.id()) {
            labels.set(canary.label.0, canary.label.1.clone());
        }
        labels
    }

    /// What makes the target's own pods, which are there during a release only. They are filed under `at`, and the
    /// copy that serves under `serving`.
    pub(super) fn file(&mut self, target: &Object, at: u32, serving: u32) -> Option<&'a Object> {
        let canary = self.by_target.get_mut(&target.id())?;
        canary.own_pods = Some(at);
        self.serving.insert(at, serving);
        Some(canary.object)
    }

    /// A selector in a target's template as it stands in the copy: Flagger changes the values that are its name.
    pub(super) fn copied(&self, target: &Object, mut selector: Selector<'a>) -> Selector<'a> {
        if self.by_target.contains_key(&target.id()) {
            let named = selector.requirements.iter_mut().filter(|it| NAMING.contains(&it.key.as_ref()));
            for value in named.flat_map(|it| &mut it.values).filter(|it| it.as_ref() == target.name()) {
                *value = primary(value).into();
            }
        }
        selector
    }

    /// The label by which the copy of a target is selected.
    pub(super) fn serving_label(&self, target: &Object) -> Option<(&'static str, &str)> {
        self.by_target.get(&target.id()).map(|it| (it.label.0, it.label.1.as_str()))
    }

    /// The pods that serve where a selector finds these: Flagger lets the Services of a target lead to the copy.
    pub(super) fn serving(&self, pods: u32) -> u32 {
        self.serving.get(&pods).copied().unwrap_or(pods)
    }

    /// The target's own pods.
    pub(super) fn idle_pods(&self, target: &Object) -> Option<u32> {
        self.by_target.get(&target.id())?.own_pods
    }
}

/// What Flagger calls the copy.
fn primary(name: &str) -> String {
    format!("{name}-primary")
}
