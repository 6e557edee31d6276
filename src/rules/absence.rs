//! Whether what a reference names, and what no manifest of its namespace makes, may be there all the same.

use crate::index::Nearness;
use crate::model::{Object, products};
use crate::rule::Context;

/// Why an object of this group, kind and name, which `from` refers to in its own namespace, may be there. `elsewhere`
/// is one of its name in another namespace: then the author made it, and put it in the wrong place.
pub(super) fn doubt_of_absence(
    from: &Object,
    (group, kind, name): (&str, &str, &str),
    elsewhere: Option<&Object>,
    cx: &Context<'_>,
) -> Option<String> {
    let index = cx.index();
    if index.environment().is_fragment {
        return Some(format!("{kind} {name} may stand in another file"));
    }
    if cx.run().has_elsewhere(index, group, kind, name) {
        return Some(format!("{kind} {name} is in another environment of this run"));
    }
    if index.has_unread_templates() {
        return Some(format!("{kind} {name} may stand in a template that is not read"));
    }
    if from.namespace() == Some("kube-system") {
        return Some(format!("the cluster itself may make {kind} {name} in kube-system"));
    }
    // KEDA makes pods and autoscalers, and nothing that anybody refers to.
    if let Some(maker) = index.unseen_maker_near(from).filter(|it| it.group() != products::KEDA) {
        return Some(format!("{} may make {kind} {name}", maker.title()));
    }
    let has_others = || index.nearness_of_kind(from, group, kind) != Nearness::Different;
    let is_unlike_all = elsewhere.is_none() && !has_others();
    is_unlike_all.then(|| format!("the manifests hold no {kind} of the namespace: {name} may come from elsewhere"))
}
